using System.Text.Json.Nodes;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Pairs;

/// <summary>What only a server of Gitea or Forgejo does: the program from one to another.</summary>
public sealed class GiteaPairTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new("gitea-pair-");
    private SandboxGitea _from = null!;
    private SandboxGitea _to = null!;
    private SandboxGiteaRepository _website = null!;

    private JsonNode Entry =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.Path, "mirror-report", "report.json")))!["repositories"]!
            .AsArray()
            .Single(entry => (string?)entry!["source"] == "acme/Website")!;

    private SandboxGiteaRepository Mirror => _to.Find("acme-mirror", "website")!;

    public async ValueTask InitializeAsync()
    {
        (_from, _to) = (await SandboxGitea.StartAsync(), await SandboxGitea.StartAsync());
        _to.IsForgejo = true;
        _from.AddOrganization("acme");
        _to.AddOrganization("acme-mirror");
        _website = _from.AddRepository("acme", "Website");
        _website.AddPull(1, _website.Git.Commit("a", "1\n", "topic"));
        _website.Git.Commit("b", "1\n");
        (await RunAsync()).ExitCode.ShouldBe(0);
    }

    public async ValueTask DisposeAsync()
    {
        await _from.DisposeAsync();
        await _to.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void Pull_requests_stay_where_they_are_and_nothing_runs_at_the_mirror()
    {
        Mirror.Git.ForEachRef().ShouldBe(_website.Git.BranchesAndTags(), ignoreOrder: true);
        (Mirror.HasActions, Mirror.HasIssues, Mirror.HasPullRequests).ShouldBe((false, false, false));
    }

    [Fact]
    public async Task Protected_branch_holds_back_itself_only()
    {
        Mirror.ProtectedBranches.Add("main");
        var before = Mirror.Git.Resolve("refs/heads/main");
        _website.Git.Commit("b", "2\n");
        _website.Git.Commit("a", "2\n", "topic");

        (await RunAsync()).ExitCode.ShouldBe(1);
        Mirror.Git.Resolve("refs/heads/main").ShouldBe(before);
        Mirror.Git.Resolve("refs/heads/topic").ShouldBe(_website.Git.Resolve("refs/heads/topic"));
        ((string?)Entry["error"]!["code"], ((string?)Entry["error"]!["hint"])?.Contains("Settings > Branches")).ShouldBe(("ref-rejected", true));
    }

    [Theory]
    [InlineData(false, "un-archive")]
    [InlineData(true, "Convert to regular repository")]
    public async Task Mirror_that_takes_no_push_is_told_with_what_to_do(bool isPullMirror, string hint)
    {
        (Mirror.Archived, Mirror.Mirror) = (!isPullMirror, isPullMirror);
        _website.Git.Commit("b", "2\n");

        (await RunAsync()).ExitCode.ShouldBe(1);
        ((string?)Entry["error"]!["code"]).ShouldBe("destination-forbidden");
        ((string?)Entry["error"]!["hint"]).ShouldNotBeNull().ShouldContain(hint);
    }

    [Fact]
    public async Task Quota_that_is_used_up_is_told_as_one()
    {
        _to.FindAccount("acme-mirror")!.Quota = 1;
        _website.Git.Commit("b", "2\n");

        (await RunAsync()).ExitCode.ShouldBe(1);
        ((string?)Entry["error"]!["code"]).ShouldBe("destination-quota");
    }

    private async Task<ActionOutcome> RunAsync()
    {
        Dictionary<string, string> inputs = new()
        {
            ["source"] = "gitea",
            ["source-url"] = _from.WebUrl.AbsoluteUri.TrimEnd('/'),
            ["source-owner"] = "acme",
            ["source-token"] = _from.Token,
            ["destination"] = "gitea",
            ["destination-url"] = _to.WebUrl.AbsoluteUri.TrimEnd('/'),
            ["destination-owner"] = "acme-mirror",
            ["destination-token"] = _to.Token,
            ["max-attempts"] = "1",
        };
        var environment = inputs.ToDictionary(input => SandboxInputs.VariableOf(input.Key), input => input.Value);
        environment["GITHUB_WORKSPACE"] = _folder.Path;
        using var process = ActionProcess.Start(["mirror"], environment, _folder.Path);
        return await process.WaitAsync();
    }
}
