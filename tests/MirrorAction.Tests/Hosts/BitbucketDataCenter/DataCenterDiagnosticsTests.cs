using MirrorAction.Hosts;
using MirrorAction.Hosts.BitbucketDataCenter;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts.BitbucketDataCenter;

public sealed class DataCenterDiagnosticsTests : IAsyncLifetime
{
    private readonly HttpClient _http = RestTransport.CreateClient();
    private SandboxDataCenter _server = null!;

    public async ValueTask InitializeAsync() => _server = await SandboxDataCenter.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    private IRepositoryHost Open(string? token, bool writes) =>
        DataCenterHost.Definition.Open(
            new HostSettings
            {
                WebUrl = _server.WebUrl,
                ApiUrl = DataCenterHost.Definition.ApiUrlOf(_server.WebUrl),
                Token = token,
                Writes = writes,
            },
            new HostConnection(_http, TimeProvider.System, _ => { }, _ => { })
        );

    private static string Line(Diagnostic finding) => $"{finding.Level} {finding.Check}: {finding.Message}";

    [Fact]
    public async Task Server_user_project_and_right_to_create_are_told()
    {
        _server.AddProject("ACME");

        var said = await Open(_server.Token, writes: true).DestinationOf("acme").ExamineAsync([], default);

        said.IsUsable.ShouldBeTrue();
        said.Findings.Select(Line)
            .ShouldBe([
                $"Ok Data Center access: {_server.WebUrl.Authority} answers; it is version 9.4.1.",
                "Ok Data Center token: It belongs to mirror-bot. Its permissions and its expiry are told on the page HTTP access tokens only.",
                "Ok Data Center project: acme exists.",
                "Ok Data Center repository creation: The token may administer acme, and so create repositories there.",
            ]);
        _server.Requests.ShouldAllBe(request => request.Method == "GET");
    }

    [Fact]
    public async Task Source_needs_no_right_to_create_and_each_of_its_owners_is_looked_at()
    {
        _server.AddProject("ACME", isPublic: true);
        _server.Add(new DataCenterToken("project-token", null, DataCenterPermission.Read) { Project = "ACME" });

        var said = await Open("project-token", writes: false).Source.ExamineAsync(["ACME", "NOWHERE"], default);

        said.IsUsable.ShouldBeFalse();
        var lines = said.Findings.Select(Line).ToList();
        lines[1].ShouldStartWith("Ok Data Center token: It belongs to no user");
        lines[2].ShouldBe("Ok Data Center project: ACME exists and is public.");
        lines[3].ShouldStartWith("Problem Data Center project: ");
        lines[3].ShouldContain("Project NOWHERE does not exist.");
        lines.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Public_project_and_missing_rights_of_a_destination_are_warnings_with_a_cure()
    {
        _server.AddProject("ACME", isPublic: true);
        _server.Add(new DataCenterToken("writer", "ada", DataCenterPermission.RepositoryAdmin));

        var said = await Open("writer", writes: true).DestinationOf("ACME").ExamineAsync(["MIR"], default);

        var warnings = said.Findings.Where(finding => finding.Level == DiagnosticLevel.Warning).ToList();
        warnings.Count.ShouldBe(3);
        warnings[0].Message.ShouldContain("public");
        warnings[1].Message.ShouldContain("may not administer ACME");
        warnings[2].Message.ShouldContain("MIR");
        warnings.ShouldAllBe(finding => finding.Hint != null);
        said.IsUsable.ShouldBeTrue();
    }

    [Theory]
    [InlineData("~mirror-bot", DiagnosticLevel.Ok)]
    [InlineData("~ada", DiagnosticLevel.Warning)]
    public async Task Only_the_user_itself_creates_in_its_own_space(string owner, DiagnosticLevel level)
    {
        _server.AddProject(owner);

        var said = await Open(_server.Token, writes: true).DestinationOf(owner).ExamineAsync([], default);

        said.Findings[^1].Level.ShouldBe(level);
    }

    [Fact]
    public async Task Dead_token_is_a_problem_and_nothing_more_is_asked()
    {
        _server.AddProject("ACME");

        var said = await Open("dead", writes: true).DestinationOf("ACME").ExamineAsync([], default);

        said.IsUsable.ShouldBeFalse();
        said.Findings.ShouldHaveSingleItem().Check.ShouldBe("Data Center token");
        _server.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Captcha_is_told_with_its_cure()
    {
        _server.AddProject("ACME");
        _server.WithCaptcha.Add("mirror-bot");

        var said = await Open(_server.Token, writes: true).DestinationOf("ACME").ExamineAsync([], default);

        said.Findings.ShouldHaveSingleItem().Hint.ShouldNotBeNull().ShouldContain("CAPTCHA");
    }

    [Theory]
    [InlineData(true, DiagnosticLevel.Problem)]
    [InlineData(false, DiagnosticLevel.Warning)]
    public async Task Missing_token_is_told(bool writes, DiagnosticLevel level)
    {
        _server.AddProject("ACME", isPublic: true);
        var host = Open(null, writes);

        var said = writes ? await host.DestinationOf("ACME").ExamineAsync([], default) : await host.Source.ExamineAsync(["ACME"], default);

        said.Findings[1].Level.ShouldBe(level);
        said.Findings[1].Message.ShouldStartWith("No token is given");
    }

    [Fact]
    public async Task Archived_mirrors_and_restricted_branches_are_named()
    {
        _server.AddRepository("ACME", "open");
        _server.AddRepository("ACME", "closed").IsArchived = true;
        _server.AddRepository("ACME", "restricted").RestrictedBranches.Add("main");
        var destination = Open(_server.Token, writes: true).DestinationOf("ACME");
        var mirrors = (await destination.ListAsync(default)).Repositories;

        var findings = await destination.ExamineMirrorsAsync(mirrors, default);

        findings.Select(finding => finding.Level).ShouldBe([DiagnosticLevel.Problem, DiagnosticLevel.Warning]);
        findings[0].Message.ShouldContain("ACME/closed");
        findings[0].Message.ShouldNotContain("ACME/open");
        findings[1].Message.ShouldContain("ACME/restricted (pull-request-only on main)");
        _server.RestRequests.Count(request => request.Path.EndsWith("/restrictions", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Fact]
    public async Task Mirrors_are_looked_at_within_a_bound_and_refusals_are_told()
    {
        var repository = _server.AddRepository("ACME", "website");
        _server.Add(new DataCenterToken("writer", "ada", DataCenterPermission.Write));
        var destination = Open("writer", writes: true).DestinationOf("ACME");
        var mirrors = Enumerable.Repeat(destination.Describe(repository.Name), DataCenterRestrictionCheck.MaxMirrors + 7).ToList();

        var finding = (await destination.ExamineMirrorsAsync(mirrors, default)).ShouldHaveSingleItem();

        finding.Level.ShouldBe(DiagnosticLevel.Warning);
        finding.Message.ShouldContain("50 of 57");
        _server.RestRequests.Count().ShouldBe(DataCenterRestrictionCheck.MaxMirrors);
        (await destination.ExamineMirrorsAsync([], default)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("ACME", true)]
    [InlineData("acme_2", true)]
    [InlineData("~ada", true)]
    [InlineData("~ada.lovelace", true)]
    [InlineData("", false)]
    [InlineData("~", false)]
    [InlineData("ACME/website", false)]
    [InlineData("..", false)]
    [InlineData("My Project", false)]
    [InlineData("https://git.acme.example/projects/ACME", false)]
    public void Owner_is_a_key_or_a_user(string owner, bool isValid) => (DataCenterHost.Definition.OwnerProblem(owner) is null).ShouldBe(isValid);
}
