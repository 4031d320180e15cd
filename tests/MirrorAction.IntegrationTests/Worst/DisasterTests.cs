using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.IntegrationTests.Relay;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Worst;

/// <summary>The source is destroyed, and the mirror is still there: what is refused, what is kept, and what somebody reads of it.</summary>
public sealed class DisasterTests : IAsyncLifetime
{
    private ActionWorld _world = null!;
    private SandboxGitHubRepository _source = null!;
    private SandboxGitHubRepository _healthy = null!;

    private SandboxBitbucketRepository Mirror => _world.Bitbucket.Find("acme-mirror", "website").ShouldNotBeNull();

    public async ValueTask InitializeAsync()
    {
        _world = await ActionWorld.StartAsync();
        _healthy = _world.GitHub.AddRepository("acme", "healthy");
        _healthy.Git.Commit("a", "1\n");
        _source = _world.GitHub.AddRepository("acme", "website");
        _source.Git.Commit("a", "1\n");
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Source_that_lists_no_refs_deletes_nothing_and_is_warned_of()
    {
        _source.Git.TagAnnotated("v1");
        var before = await MirrorAsync();
        _source.Git.DeleteBranch("main");
        _source.Git.DeleteTag("v1");

        var outcome = await RunAsync(0);

        Mirror.Git.ForEachRef().ShouldBe(before, ignoreOrder: true);
        var report = _world.ReportOf("acme/website");
        ((string?)report["status"], (string?)report["reason"]).ShouldBe(("skipped", "empty"));
        ((string?)report["warnings"]![0]).ShouldBe("The source lists no refs, but the destination has some; they are left as they are.");
        outcome.Output.ShouldContain("::warning title=acme/website::The source lists no refs");
        _world.Summary.ShouldContain("The source lists no refs, but the destination has some");
    }

    [Theory]
    [InlineData(6, 5, null, false)] // Up to five always pass,
    [InlineData(12, 6, null, false)] // half of them too,
    [InlineData(11, 6, null, true)] // and one more is too many.
    [InlineData(12, 6, "5", true)]
    [InlineData(11, 6, "100%", false)]
    public async Task Most_refs_gone_is_refused_and_what_passes_is_kept(int refs, int gone, string? limit, bool isRefused)
    {
        for (var i = 1; i < refs; i++)
            _source.Git.Commit("b", $"{i}\n", branch: $"b{i:00}");
        var before = await MirrorAsync();
        for (var i = 1; i <= gone; i++)
            _source.Git.DeleteBranch($"b{i:00}");
        _source.Git.Commit("a", "2\n");
        if (limit is not null)
            _world.Inputs["prune-limit"] = limit;

        var outcome = await RunAsync(isRefused ? 1 : 0);

        if (isRefused)
        {
            Mirror.Git.ForEachRef().ShouldBe(before, ignoreOrder: true);
            ShouldRead(outcome, "prune-guard", $"{gone} of the {refs} refs", "prune-limit");
        }
        else
        {
            ShouldBeEqual();
            Kept().Values.ShouldBe(before.Where(r => !_source.Git.HasRef(r.Key)).Select(r => r.Value), ignoreOrder: true);
            _world.Summary.ShouldContain("Overwritten, deleted and kept refs");
        }
    }

    [Fact]
    public async Task Every_branch_rewritten_at_once_keeps_all_old_values_and_is_warned_of()
    {
        _source.Git.Branch("develop", "main");
        _source.Git.Commit("b", "1\n", branch: "develop");
        var before = await MirrorAsync();
        foreach (var branch in (string[])["main", "develop"])
        {
            _source.Git.DeleteBranch(branch);
            _source.Git.Commit("ransom", $"pay for {branch}\n", branch: branch);
        }

        var outcome = await RunAsync(0);

        ShouldBeEqual();
        Kept().Values.ShouldBe(before.Values, ignoreOrder: true);
        var report = _world.ReportOf("acme/website");
        ((int)report["refs"]!["forced"]!, (int)report["refs"]!["kept"]!).ShouldBe((2, 2));
        const string text =
            "Every branch that the mirror had (2) was rewritten at the source. The old values are kept under refs/tags/mirror-kept/ for 90 days.";
        ((string?)report["warnings"]![0]).ShouldBe(text);
        outcome.Output.ShouldContain($"::warning title=acme/website::{text}");
        _world.Summary.ShouldContain("Every branch that the mirror had");
        _world.ReportOf("acme/healthy")["warnings"].ShouldBeNull();
    }

    [Fact]
    public async Task One_branch_rewritten_among_others_is_everyday_work()
    {
        _source.Git.Branch("topic", "main");
        var old = _source.Git.Commit("t", "1\n", branch: "topic");
        await MirrorAsync();
        _source.Git.DeleteBranch("topic");
        _source.Git.Commit("t", "2\n", branch: "topic");

        var outcome = await RunAsync(0);

        Kept().Values.ShouldBe([old]);
        outcome.Output.ShouldNotContain("::warning");
        _world.ReportOf("acme/website")["warnings"].ShouldBeNull();
    }

    [Fact]
    public async Task Default_branch_gone_keeps_the_main_branch_until_the_source_names_another()
    {
        _source.Git.Branch("other", "main");
        var before = await MirrorAsync();
        _source.Git.Commit("a", "2\n", branch: "other");
        _source.Git.DeleteBranch("main");

        var outcome = await RunAsync(1);

        Mirror.Git.ForEachRef().ShouldBe(before, ignoreOrder: true);
        Mirror.MainBranch.ShouldBe("main");
        ShouldRead(outcome, "prune-guard", "acme/website has lost its default branch", "'main'");

        _source.DefaultBranch = "other";
        await RunAsync(0);
        ShouldBeEqual();
        Mirror.MainBranch.ShouldBe("other");
        Kept().Values.ShouldBe([before["refs/heads/main"]]);
    }

    [Fact]
    public async Task Dangling_head_at_the_source_alone_changes_no_main_branch()
    {
        await MirrorAsync();
        _source.DefaultBranch = "never-made";
        _source.Git.Branch("other", "main");

        await RunAsync(0);

        ShouldBeEqual();
        Mirror.MainBranch.ShouldBe("main");
    }

    [Fact]
    public async Task Default_branch_outside_the_patterns_is_not_lost()
    {
        _world.Inputs["refs"] = "refs/heads/release/*";
        _source.Git.Branch("release/1", "main");
        _source.Git.Branch("release/2", "main");
        await MirrorAsync();
        Mirror.MainBranch.ShouldBe("release/1");
        _source.Git.DeleteBranch("release/1");

        await RunAsync(0);

        Mirror.MainBranch.ShouldBe("release/2");
        Mirror.Git.ForEachRef("refs/heads/").Keys.ShouldBe(["refs/heads/release/2"]);
    }

    [Fact]
    public async Task Destination_with_foreign_content_is_left_alone()
    {
        var foreign = _world.Bitbucket.AddRepository("acme-mirror", "website");
        foreign.Description = "Our own work";
        foreign.Git.Commit("theirs", "precious\n");
        var before = foreign.Git.ForEachRef();

        var outcome = await RunAsync(1);

        foreign.Git.ForEachRef().ShouldBe(before);
        foreign.Description.ShouldBe("Our own work");
        ShouldRead(outcome, "not-a-mirror", "acme-mirror/website exists and does not say that it is this mirror", "adopt: true");
    }

    /// <summary>Mirrors what is there so far and returns the mirror's refs.</summary>
    private async Task<IReadOnlyDictionary<string, string>> MirrorAsync()
    {
        await RunAsync(0);
        _healthy.Git.Commit("a", "2\n");
        return Mirror.Git.ForEachRef();
    }

    private async Task<ActionOutcome> RunAsync(int exitCode)
    {
        var outcome = await _world.RunAsync();
        outcome.ExitCode.ShouldBe(exitCode, outcome.Text);

        // Whatever became of the one, the other is mirrored.
        RelayWorld
            .Mirrored(_world.Bitbucket.Find("acme-mirror", "healthy")!.Git)
            .ShouldBe(_healthy.Git.BranchesAndTags().Where(r => !_world.Inputs.ContainsKey("refs")), ignoreOrder: true);
        return outcome;
    }

    private void ShouldRead(ActionOutcome outcome, string code, params string[] texts)
    {
        var error = _world.ReportOf("acme/website")["error"]!;
        ((string?)error["code"]).ShouldBe(code);
        foreach (var text in texts)
        {
            $"{error["message"]} {error["hint"]}".ShouldContain(text);
            outcome.Output.ShouldContain(text);
        }

        outcome.Output.ShouldContain("::error title=acme/website::");
        _world.Summary.ShouldContain($"### 1 repository: <code>{code}</code>");
        _world.Summary.ShouldContain(texts[0]);
    }

    private void ShouldBeEqual()
    {
        RelayWorld.Mirrored(Mirror.Git).ShouldBe(RelayWorld.Mirrored(_source.Git), ignoreOrder: true);
        Mirror.Git.Fsck();
    }

    private IReadOnlyDictionary<string, string> Kept() => Mirror.Git.ForEachRef("refs/tags/mirror-kept/");
}
