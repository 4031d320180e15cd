using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Verify;

/// <summary>The mode <c>verify</c>: every difference is found, and nothing is written.</summary>
public sealed class VerifyTests : IAsyncLifetime
{
    private ReadOnlyWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ReadOnlyWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Fifty_equal_repositories_cost_three_git_requests_each_and_hardly_a_byte()
    {
        for (var i = 0; i < 50; i++)
        {
            _world.World.GitHub.AddRepository("acme", $"lib-{i:00}").Git.Commit("README.md", $"{i}\n");
        }

        await _world.MirrorAllAsync();

        var outcome = await _world.RunAsync("verify");

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        _world.World.GitHub.GitRequests.Count().ShouldBe(50);
        _world.World.Bitbucket.GitRequests.Count().ShouldBe(100);
        _world.World.GitHub.GitRequests.Concat(_world.World.Bitbucket.GitRequests).ShouldAllBe(r => r.ResponseBytes < 400);
        var report = _world.World.Report;
        ((string)report["mode"]!).ShouldBe("verify");
        ((int)report["totals"]!["unchanged"]!).ShouldBe(50);
        report["repositories"]!.AsArray().ShouldAllBe(r => (bool)r!["verified"]!);
    }

    [Fact]
    public async Task Every_kind_of_difference_is_found_and_told_by_ref()
    {
        foreach (var name in (string[])["equal", "behind", "ahead", "rewritten", "lacking", "surplus"])
        {
            _world.Add(name);
        }

        await _world.MirrorAllAsync();
        var behind = _world.World.GitHub.Find("acme", "behind")!.Git;
        var old = behind.Resolve("refs/heads/main")!;
        var newer = behind.Commit("new", "1\n");
        _world.Mirror("ahead").Git.Commit("new", "1\n");
        _world.World.GitHub.Find("acme", "rewritten")!.Git.ResetHard("main", "release");
        _world.World.GitHub.Find("acme", "rewritten")!.Git.TagAnnotated("v1", "main", "Moved");
        _world.Mirror("lacking").Git.DeleteBranch("release");
        _world.Mirror("lacking").Git.DeleteTag("v1");
        _world.Mirror("surplus").Git.Branch("extra", "main");
        _world
            .Mirror("surplus")
            .Git.UpdateRef("refs/tags/mirror-kept/20200101T000000Z/heads/main", _world.Mirror("surplus").Git.Resolve("refs/heads/main")!);

        var outcome = await _world.RunAsync("verify");

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        _world.StatusOf("equal").ShouldBe("unchanged");
        _world.ChangesOf("behind").ShouldBe(["update refs/heads/main"]);
        var change = _world.ReportOf("behind")["changes"]![0]!;
        ((string)change["old"]!, (string)change["new"]!).ShouldBe((old, newer));
        _world.ChangesOf("ahead").ShouldBe(["update refs/heads/main"]);
        _world.ChangesOf("rewritten").ShouldBe(["update refs/heads/main", "update refs/tags/v1"]);
        _world.ChangesOf("lacking").ShouldBe(["create refs/heads/release", "create refs/tags/v1"]);
        _world.ChangesOf("surplus").ShouldBe(["delete refs/heads/extra"]);
        ((int)_world.World.Report["totals"]!["different"]!).ShouldBe(5);
        foreach (var name in (string[])["behind", "ahead", "rewritten", "lacking", "surplus"])
        {
            _world.StatusOf(name).ShouldBe("different");
            ((bool)_world.ReportOf(name)["verified"]!).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task A_value_of_the_mirror_that_the_source_does_not_know_is_called_foreign()
    {
        foreach (var name in (string[])["behind", "ahead", "surplus"])
        {
            _world.Add(name);
        }

        await _world.MirrorAllAsync();
        _world.World.GitHub.Find("acme", "behind")!.Git.Commit("new", "1\n");
        _world.Mirror("ahead").Git.Commit("new", "1\n");
        _world.Mirror("surplus").Git.Commit("new", "1\n", "theirs", from: _world.Mirror("surplus").Git.Resolve("main"));
        _world.Mirror("surplus").Git.Branch("ours", "main");

        var outcome = await _world.RunAsync("verify");

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        string?[] Foreign(string name) =>
            [.. _world.ReportOf(name)["changes"]!.AsArray().Where(c => c!["foreign"] is not null).Select(c => (string?)c!["ref"])];
        Foreign("behind").ShouldBeEmpty();
        Foreign("ahead").ShouldBe(["refs/heads/main"]);
        Foreign("surplus").ShouldBe(["refs/heads/theirs"]);
        outcome.Text.ShouldContain("refs/heads/main (other value, foreign)");
        outcome.Text.ShouldContain("refs/heads/theirs (only at the mirror, foreign)");
        outcome.Text.ShouldContain("refs/heads/ours (only at the mirror)");
    }

    [Fact]
    public async Task Refs_that_only_the_mirror_has_are_no_difference_without_prune_and_refs_that_are_not_mirrored_never_are()
    {
        _world.Add("website");
        await _world.MirrorAllAsync();
        _world.Mirror("website").Git.Branch("extra", "main");
        _world.World.GitHub.Find("acme", "website")!.Git.Branch("private/secret", "main");

        var outcome = await _world.RunAsync("verify", ("prune", "false"), ("refs", "refs/heads/*\n^refs/heads/private/*"));

        outcome.ExitCode.ShouldBe(0, outcome.Text);
    }

    [Fact]
    public async Task Another_main_branch_is_a_difference_though_all_refs_are_equal()
    {
        _world.Add("website");
        await _world.MirrorAllAsync();
        _world.Mirror("website").Git.Head = "release";

        var outcome = await _world.RunAsync("verify");

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        _world.StatusOf("website").ShouldBe("different");
        _world.ChangesOf("website").ShouldBeEmpty();
        _world.WarningsOf("website").Single().ShouldBe("The main branch of the mirror is 'release', but the default branch of the source is 'main'.");
    }

    [Fact]
    public async Task A_public_mirror_of_a_private_source_is_a_difference()
    {
        _world.Add("vault").Private = true;
        _world.Add("open");
        await _world.MirrorAllAsync();
        _world.Mirror("vault").IsPrivate = false;
        _world.Mirror("open").IsPrivate = true;

        var outcome = await _world.RunAsync("verify");

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        _world.WarningsOf("vault").Single().ShouldBe("acme-mirror/vault is public, but acme/vault is private.");
        _world.StatusOf("open").ShouldBe("unchanged");
    }

    [Fact]
    public async Task A_public_mirror_of_a_private_source_is_named_where_nothing_is_compared_too()
    {
        _world.Add("disabled").Private = true;
        _world.Add("emptied").Private = true;
        _world.Add("refused").Private = true;
        await _world.MirrorAllAsync();
        _world.World.GitHub.Find("acme", "disabled")!.Disabled = true;
        var emptied = _world.World.GitHub.Find("acme", "emptied")!.Git;
        foreach (var name in emptied.ForEachRef().Keys)
            emptied.Git("update-ref", "-d", name);
        Refuse(isSource: true, "/refused.git/", 403);
        foreach (var name in new[] { "disabled", "emptied", "refused" })
            _world.Mirror(name).IsPrivate = false;

        await _world.RunAsync("verify");

        foreach (var name in new[] { "disabled", "emptied", "refused" })
            _world.WarningsOf(name).ShouldContain($"acme-mirror/{name} is public, but acme/{name} is private.");
    }

    [Fact]
    public async Task A_rule_that_wants_a_public_mirror_of_a_private_source_is_no_excuse()
    {
        _world.Add("vault").Private = true;
        await _world.MirrorAllAsync();
        _world.Mirror("vault").IsPrivate = false;
        Directory.CreateDirectory(Path.Combine(_world.World.Workspace, ".github"));
        await File.WriteAllTextAsync(
            Path.Combine(_world.World.Workspace, ".github", "mirror.yml"),
            "rules:\n  - match: vault\n    visibility: public\n",
            TestContext.Current.CancellationToken
        );

        var outcome = await _world.RunAsync("verify");

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        _world.WarningsOf("vault").Single().ShouldContain("is public");
    }

    [Fact]
    public async Task Visibility_that_should_follow_the_source_and_does_not_is_a_difference()
    {
        _world.Add("open");
        await _world.MirrorAllAsync();

        await _world.RunAsync("verify", ("destination-visibility", "source"));

        _world.WarningsOf("open").Single().ShouldBe("The mirror is private, but the source is public.");
    }

    [Fact]
    public async Task A_missing_mirror_is_a_difference_of_every_ref_with_a_cure()
    {
        _world.Add("website");
        await _world.MirrorAllAsync();
        _world.Add("brand-new");

        var outcome = await _world.RunAsync("verify");

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        _world.StatusOf("brand-new").ShouldBe("different");
        _world.ChangesOf("brand-new").ShouldBe(["create refs/heads/main", "create refs/heads/release", "create refs/tags/v1"]);
        var error = _world.ReportOf("brand-new")["error"]!;
        ((string)error["code"]!).ShouldBe("destination-not-found");
        ((string)error["message"]!).ShouldContain("acme-mirror/brand-new");
        ((string)error["hint"]!).ShouldContain("mode: mirror");
        _world.StatusOf("website").ShouldBe("unchanged");
    }

    [Theory]
    [InlineData(true, "source-forbidden")]
    [InlineData(false, "destination-forbidden")]
    public async Task A_side_that_cannot_be_reached_is_a_failure_of_that_side(bool isSource, string code)
    {
        _world.Add("website");
        _world.Add("api");
        await _world.MirrorAllAsync();
        Refuse(isSource, "/website.git/", 403);

        var outcome = await _world.RunAsync("verify");

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        _world.StatusOf("website").ShouldBe("failed");
        ((string)_world.ReportOf("website")["error"]!["code"]!).ShouldBe(code);
        _world.StatusOf("api").ShouldBe("unchanged");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_passing_fault_of_either_side_is_asked_again(bool isSource)
    {
        _world.Add("website");
        await _world.MirrorAllAsync();
        Refuse(isSource, "/website.git/", 503, once: true);

        var outcome = await _world.RunAsync("verify");

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        ((int)_world.ReportOf("website")["attempts"]!).ShouldBe(2);
    }

    [Fact]
    public async Task What_the_mirror_skips_is_skipped_and_rivals_fail_and_orphans_are_listed()
    {
        _world.Add("disabled");
        _world.Add("gone");
        _world.Add("emptied");
        await _world.MirrorAllAsync();
        _world.World.GitHub.Find("acme", "disabled")!.Disabled = true;
        var emptied = _world.World.GitHub.Find("acme", "emptied")!.Git;
        foreach (var name in emptied.ForEachRef().Keys)
        {
            emptied.Git("update-ref", "-d", name);
        }

        _world.World.GitHub.Remove(_world.World.GitHub.Find("acme", "gone")!);
        _world.World.GitHub.AddRepository("acme", "empty");
        _world.Add("Same");
        _world.World.GitHub.AddAccount("acme-labs");
        _world.World.GitHub.AddRepository("acme-labs", "same").Git.Commit("a", "1\n");

        var outcome = await _world.RunAsync("verify", ("github-owner", "acme, acme-labs"));

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        (_world.StatusOf("disabled"), (string)_world.ReportOf("disabled")["reason"]!).ShouldBe(("skipped", "disabled"));
        (_world.StatusOf("empty"), (string)_world.ReportOf("empty")["reason"]!).ShouldBe(("skipped", "empty"));
        (_world.StatusOf("emptied"), (string)_world.ReportOf("emptied")["reason"]!).ShouldBe(("skipped", "empty"));
        _world.WarningsOf("emptied").Single().ShouldContain("the mirror has some");
        ((string)_world.ReportOf("Same")["error"]!["code"]!).ShouldBe("name-collision");
        _world.World.Report["orphans"]!.AsArray().Select(o => (string)o!).ShouldBe(["acme-mirror/gone"]);
    }

    private void Refuse(bool isSource, string path, int status, bool once = false)
    {
        var left = once ? 1 : int.MaxValue;
        Interception intercept = async (context, next) =>
        {
            if (context.Request.Path.Value!.Contains(path, StringComparison.Ordinal) && Interlocked.Decrement(ref left) >= 0)
            {
                await Relay.Interceptions.Answer(status, "Not now.", "text/plain")(context, next);
                return;
            }

            await next();
        };
        if (isSource)
            _world.World.GitHub.Intercept = intercept;
        else
            _world.World.Bitbucket.Intercept = intercept;
    }
}
