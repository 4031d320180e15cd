using MirrorAction.Hosts;
using MirrorAction.Hosts.Gitea;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts.Gitea;

/// <summary>What the answers to an examination are taken for, asked of the stand-in.</summary>
public sealed class GiteaDiagnosticsTests : IAsyncLifetime
{
    private readonly HttpClient _http = RestTransport.CreateClient();
    private SandboxGitea _gitea = null!;
    private SandboxGiteaAccount _acme = null!;

    public async ValueTask InitializeAsync()
    {
        _gitea = await SandboxGitea.StartAsync();
        _acme = _gitea.AddOrganization("acme");
        _gitea.AddRepository("acme", "website").Git.Commit("a", "b");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _gitea.DisposeAsync();
    }

    [Fact]
    public async Task Source_is_told_with_version_user_and_owner()
    {
        var found = await SourceAsync("acme");

        found.ShouldContain(line => line.EndsWith("answers: Gitea 1.25.2.", StringComparison.Ordinal));
        found.ShouldContain("ok Gitea token: It belongs to mirror-bot. Such tokens do not expire.");
        found.ShouldContain("ok Gitea owner: acme is an organisation; its repositories are listed.");
        found.ShouldContain(line => line.StartsWith("ok Gitea scopes:", StringComparison.Ordinal) && line.Contains("read:repository"));
        _gitea.Requests.ShouldAllBe(request => request.Method == "GET");
    }

    [Fact]
    public async Task Forgejo_is_called_by_its_name()
    {
        _gitea.IsForgejo = true;

        (await SourceAsync("acme")).ShouldContain(line => line.EndsWith("answers: Forgejo 12.0.1+gitea-1.22.0.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Missing_token_is_a_warning_for_a_source_and_a_problem_for_a_destination()
    {
        (await SourceAsync("acme", token: null)).ShouldContain(line => line.StartsWith("warning Gitea token: No token", StringComparison.Ordinal));
        (await DestinationAsync("acme", token: null)).ShouldContain(line =>
            line.StartsWith("problem Gitea token: No token", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Dead_token_is_a_problem_and_nothing_more_is_asked()
    {
        var found = await SourceAsync("acme", token: "dead");

        found.ShouldHaveSingleItem().ShouldStartWith("problem Gitea token: ");
        _gitea.Requests.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("read:repository", "read:organization")]
    [InlineData("read:repository", "read:user")]
    public async Task Missing_scope_is_told(params string[] scopes)
    {
        var token = _gitea.Add(new SandboxGiteaToken("meagre", SandboxGitea.Bot, scopes)).Secret;
        var found = await SourceAsync("acme", token);

        found.ShouldContain(line =>
            scopes.Contains("read:user")
                ? line.StartsWith("problem Gitea scopes: ", StringComparison.Ordinal) && line.Contains("read:organization")
                : line.StartsWith("warning Gitea token: ", StringComparison.Ordinal) && line.Contains("read:user")
        );
    }

    [Fact]
    public async Task Owner_that_is_not_there_is_a_problem() =>
        (await SourceAsync("nobody")).ShouldContain(line =>
            line.StartsWith("problem Gitea owner: ", StringComparison.Ordinal) && line.Contains("nobody")
        );

    [Fact]
    public async Task Right_to_create_is_told()
    {
        (await DestinationAsync("acme")).ShouldContain("ok Gitea owner: mirror-bot may create repositories in the organisation acme.");

        _acme.Members[SandboxGitea.Bot] = false;
        (await DestinationAsync("acme")).ShouldContain("problem Gitea owner: mirror-bot may not create repositories in the organisation acme.");
    }

    [Fact]
    public async Task Own_account_is_a_destination_and_that_of_another_is_none()
    {
        _gitea.AddUser("somebody");

        (await DestinationAsync(SandboxGitea.Bot)).ShouldContain("ok Gitea owner: Repositories are created for mirror-bot, the token's own user.");
        (await DestinationAsync("somebody")).ShouldContain(line =>
            line.StartsWith("problem Gitea owner: Repositories cannot be created for somebody", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(10_000_000_000, "ok")]
    [InlineData(1, "problem")]
    public async Task Quota_of_forgejo_is_held_against_what_is_used(long quota, string level)
    {
        _gitea.IsForgejo = true;
        _acme.Quota = quota;

        (await DestinationAsync("acme")).ShouldContain(line => line.StartsWith($"{level} Gitea quota: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Quota_that_is_nearly_used_up_is_a_warning()
    {
        _gitea.IsForgejo = true;
        _acme.Quota = _gitea.Repositories[0].Size + 10;

        (await DestinationAsync("acme")).ShouldContain(line => line.StartsWith("warning Gitea quota: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_a_quota_none_is_told(bool isForgejo)
    {
        _gitea.IsForgejo = isForgejo;

        (await DestinationAsync("acme")).ShouldNotContain(line => line.Contains("quota", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Mirrors_that_take_no_push_are_problems_and_what_may_refuse_one_is_a_warning()
    {
        _gitea.AddRepository("acme", "pulled").Mirror = true;
        _gitea.AddRepository("acme", "old").Archived = true;
        _gitea.AddRepository("acme", "strict").ProtectedBranches.Add("main");
        foreach (var repository in _gitea.Repositories)
        {
            repository.HasActions = repository.Name == "strict";
        }

        var found = await MirrorsAsync();
        found.ShouldContain("problem Gitea read-only mirrors: The host refuses every push to acme/pulled.");
        found.ShouldContain("problem Gitea read-only mirrors: The host refuses every push to acme/old.");
        found.ShouldContain("warning Gitea Actions: Workflows that come with a push run in acme/strict.");
        found.ShouldContain("warning Gitea branch protections: Branches are protected: acme/strict (main). 4 of 4 existing mirrors were looked at.");
        found.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Mirrors_without_rules_are_fine()
    {
        _gitea.Repositories[0].HasActions = false;

        (await MirrorsAsync()).ShouldBe(["ok Gitea branch protections: None in 1 of 1 existing mirrors."]);
    }

    [Fact]
    public async Task Protections_that_cannot_be_read_are_told()
    {
        _gitea.Repositories[0].HasActions = false;
        _gitea.Faults.Next(
            1,
            403,
            """{"message":"no"}""",
            "application/json",
            request => request.Path.Value!.EndsWith("branch_protections", StringComparison.Ordinal)
        );

        (await MirrorsAsync()).ShouldHaveSingleItem().ShouldStartWith("warning Gitea branch protections: None was seen, but");
    }

    private Task<IReadOnlyList<string>> SourceAsync(string owner, string? token = "") =>
        LinesAsync(Open(token == "" ? _gitea.Token : token, writes: false).Source.ExamineAsync([owner], default));

    private Task<IReadOnlyList<string>> DestinationAsync(string owner, string? token = "") =>
        LinesAsync(Open(token == "" ? _gitea.Token : token, writes: true).DestinationOf(owner).ExamineAsync([], default));

    private async Task<IReadOnlyList<string>> MirrorsAsync()
    {
        var destination = Open(_gitea.Token, writes: true).DestinationOf("acme");
        var mirrors = (await destination.ListAsync(default)).Repositories;
        return [.. (await destination.ExamineMirrorsAsync(mirrors, default)).Select(Line)];
    }

    private static async Task<IReadOnlyList<string>> LinesAsync(Task<HostDiagnostics> examination)
    {
        var said = await examination;
        List<string> lines = [.. said.Findings.Select(Line)];
        said.Findings.ShouldAllBe(finding => finding.Level == DiagnosticLevel.Ok || finding.Hint != null);
        if (said.Findings.All(finding => finding.Level != DiagnosticLevel.Problem))
        {
            said.IsUsable.ShouldBeTrue();
        }

        return lines;
    }

    private static string Line(Diagnostic finding) => $"{finding.Level.ToString().ToLowerInvariant()} {finding.Check}: {finding.Message}";

    private IRepositoryHost Open(string? token, bool writes) =>
        GiteaHost.Definition.Open(
            new HostSettings
            {
                WebUrl = _gitea.WebUrl,
                ApiUrl = GiteaHost.Definition.ApiUrlOf(_gitea.WebUrl),
                Token = token,
                Writes = writes,
            },
            new HostConnection(_http, TimeProvider.System, _ => { }, _ => { })
        );
}
