using Microsoft.Extensions.Time.Testing;
using MirrorAction.Hosts;
using MirrorAction.Hosts.GitLab;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts.GitLab;

/// <summary>What GitLab's answers to an examination are taken for. The clock stands at the beginning of 2026.</summary>
public sealed class GitLabDiagnosticsTests : IAsyncLifetime
{
    private readonly HttpClient _http = RestTransport.CreateClient();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private SandboxGitLab _gitlab = null!;

    public async ValueTask InitializeAsync()
    {
        _gitlab = await SandboxGitLab.StartAsync();
        _gitlab.AddGroup("acme");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _gitlab.DisposeAsync();
    }

    private IRepositoryHost Host(SandboxGitLabToken? token, bool writes) =>
        GitLabHost.Definition.Open(
            new HostSettings
            {
                WebUrl = new Uri(_gitlab.Url.AbsoluteUri.TrimEnd('/')),
                ApiUrl = new Uri(_gitlab.ApiUrl.AbsoluteUri.TrimEnd('/')),
                Token = token is null ? null : _gitlab.Add(token).Secret,
                Writes = writes,
            },
            new HostConnection(_http, _time, _ => { }, _ => { })
        );

    private Task<HostDiagnostics> SourceAsync(SandboxGitLabToken? token, params string[] owners) =>
        Host(token, writes: false).Source.ExamineAsync(owners, default);

    private Task<HostDiagnostics> DestinationAsync(SandboxGitLabToken token, string owner = "acme") =>
        Host(token, writes: true).DestinationOf(owner).ExamineAsync([], default);

    private static SandboxGitLabToken Token(int level, params string[] scopes) => new("glpat-test", scopes, level);

    private static Diagnostic Find(HostDiagnostics said, string check) => said.Findings.Single(finding => finding.Check == $"GitLab {check}");

    [Fact]
    public async Task Source_that_is_fine_has_no_finding_to_act_upon()
    {
        _gitlab.AddProject("acme", "site");
        _gitlab.AddUser("ada");
        _gitlab.AddProject("ada", "dotfiles");

        var said = await SourceAsync(Token(20, "read_api", "read_repository"), "acme", "ada");
        said.IsUsable.ShouldBeTrue();
        said.Findings.ShouldAllBe(finding => finding.Level == DiagnosticLevel.Ok);
        Find(said, "access").Message.ShouldContain("17.8.1-ee");
        said.Findings.Where(finding => finding.Check == "GitLab group")
            .Select(finding => finding.Message)
            .ShouldBe(["acme is a group, of which 1 projects can be listed.", "ada is a user, of which 1 projects can be listed."]);
    }

    [Theory]
    [InlineData("2026-01-30", DiagnosticLevel.Warning)]
    [InlineData("2026-01-31", DiagnosticLevel.Ok)]
    [InlineData(null, DiagnosticLevel.Ok)]
    public async Task Token_that_expires_within_thirty_days_is_a_warning(string? end, DiagnosticLevel level)
    {
        var expiresAt = end is null ? (DateOnly?)null : DateOnly.Parse(end, System.Globalization.CultureInfo.InvariantCulture);
        var said = await SourceAsync(Token(20, "api") with { ExpiresAt = expiresAt }, "acme");

        Find(said, "token").Level.ShouldBe(level);
        Find(said, "token").Message.ShouldContain(end ?? "no day");
    }

    [Theory]
    [InlineData(false, "read_api", "read_repository")]
    [InlineData(true, "read_api", "api")]
    public async Task Missing_scope_is_a_problem(bool writes, string has, string lacks)
    {
        var token = Token(50, has);
        var said = writes ? await DestinationAsync(token) : await SourceAsync(token, "acme");

        Find(said, "scopes").Level.ShouldBe(DiagnosticLevel.Problem);
        Find(said, "scopes").Message.ShouldBe($"The token lacks {lacks}; it has {has}.");
    }

    [Fact]
    public async Task Dead_token_makes_the_host_unusable()
    {
        var host = Host(Token(50, "api"), writes: false);
        _gitlab.Revoke("glpat-test");

        var said = await host.Source.ExamineAsync(["acme"], default);
        said.IsUsable.ShouldBeFalse();
        Find(said, "token").Level.ShouldBe(DiagnosticLevel.Problem);
    }

    [Fact]
    public async Task Token_of_which_gitlab_says_nothing_is_a_warning()
    {
        _gitlab.Faults.Next(
            1,
            404,
            """{"message":"404 Not Found"}""",
            "application/json",
            request => request.Path.Value!.EndsWith("/self", StringComparison.Ordinal)
        );

        var said = await DestinationAsync(Token(50, "api"));
        said.IsUsable.ShouldBeTrue();
        Find(said, "scopes").Level.ShouldBe(DiagnosticLevel.Warning);
        Find(said, "group").Level.ShouldBe(DiagnosticLevel.Warning);
    }

    [Fact]
    public async Task Owner_that_is_not_there_makes_the_host_unusable()
    {
        (await SourceAsync(Token(20, "api"), "nobody")).IsUsable.ShouldBeFalse();
        var said = await DestinationAsync(Token(50, "api"), "nobody");
        said.IsUsable.ShouldBeFalse();
        Find(said, "group").Level.ShouldBe(DiagnosticLevel.Problem);
    }

    [Fact]
    public async Task Owner_of_whom_nothing_is_seen_is_a_warning()
    {
        var said = await SourceAsync(Token(20, "api"), "acme");

        Find(said, "group").Level.ShouldBe(DiagnosticLevel.Warning);
    }

    [Fact]
    public async Task Without_a_token_what_everyone_sees_is_read()
    {
        _gitlab.AddUser("ada");
        _gitlab.AddProject("ada", "site").Visibility = "public";

        var said = await SourceAsync(null, "ada");
        said.IsUsable.ShouldBeTrue();
        Find(said, "token").Message.ShouldContain("None is given");
    }

    [Theory]
    [InlineData(40, "maintainer", DiagnosticLevel.Ok)]
    [InlineData(40, "developer", DiagnosticLevel.Ok)]
    [InlineData(30, "developer", DiagnosticLevel.Problem)]
    [InlineData(40, "owner", DiagnosticLevel.Problem)]
    [InlineData(50, "owner", DiagnosticLevel.Ok)]
    [InlineData(50, "noone", DiagnosticLevel.Problem)]
    public async Task Role_decides_whether_mirrors_can_be_made(int level, string creators, DiagnosticLevel found)
    {
        _gitlab.FindNamespace("acme")!.ProjectCreationLevel = creators;

        Find(await DestinationAsync(Token(level, "api")), "group").Level.ShouldBe(found);
    }

    [Theory]
    [InlineData(true, "switches that off")]
    [InlineData(false, "protects no branch")]
    public async Task Protection_of_new_projects_is_told(bool protects, string said)
    {
        _gitlab.FindNamespace("acme")!.Protects = protects;

        Find(await DestinationAsync(Token(50, "api")), "branch protection").Message.ShouldContain(said);
        _gitlab.RestRequests.ShouldAllBe(request => request.Method == "GET");
    }

    [Fact]
    public async Task Protected_branches_of_mirrors_are_named_with_their_cure()
    {
        _gitlab.AddProject("acme", "site").ProtectedBranches.Add("main");
        _gitlab.AddProject("acme", "api");
        var destination = Host(Token(40, "api"), writes: true).DestinationOf("acme");
        var mirrors = (await destination.ListAsync(default)).Repositories;

        var found = (await destination.ExamineMirrorsAsync(mirrors, default)).ShouldHaveSingleItem();
        found.Level.ShouldBe(DiagnosticLevel.Warning);
        found.Message.ShouldContain("acme/site (main)");
        found.Hint.ShouldNotBeNull().ShouldContain("Unprotect");

        _gitlab.Find("acme/site")!.ProtectedBranches.Clear();
        (await destination.ExamineMirrorsAsync(mirrors, default)).ShouldHaveSingleItem().Level.ShouldBe(DiagnosticLevel.Ok);
        (await destination.ExamineMirrorsAsync([], default)).ShouldHaveSingleItem().Level.ShouldBe(DiagnosticLevel.Ok);
    }

    [Fact]
    public async Task Mirror_that_may_not_be_looked_into_is_a_warning()
    {
        _gitlab.AddProject("acme", "site");
        var destination = Host(Token(20, "api"), writes: true).DestinationOf("acme");
        var mirrors = (await destination.ListAsync(default)).Repositories;

        (await destination.ExamineMirrorsAsync(mirrors, default)).ShouldHaveSingleItem().Level.ShouldBe(DiagnosticLevel.Warning);
    }
}
