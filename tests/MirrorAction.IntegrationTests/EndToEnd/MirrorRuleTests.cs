using System.Text;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.EndToEnd;

/// <summary>The rules of the mirror, each by its number, held by the real program against both hosts.</summary>
public sealed class MirrorRuleTests : IAsyncLifetime
{
    private ActionWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ActionWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Rule_1_nothing_is_written_to_the_source()
    {
        SampleOrganization.Seed(_world.GitHub);

        await _world.RunAsync();

        _world.GitHub.WriteAttempts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Rule_2_missing_destination_is_created_private_with_the_mark_of_its_source()
    {
        var source = Add("Website");

        await RunWellAsync();

        var mirror = Mirror("website");
        mirror.IsPrivate.ShouldBeTrue();
        mirror.Description.ShouldBe($"Mirror of github.com/acme/Website (id {source.Id})");
        _world.Bitbucket.RestRequests.Count(r => r.Method == "POST").ShouldBe(1);
        ((bool)_world.ReportOf("acme/Website")["created"]!).ShouldBeTrue();
    }

    [Fact]
    public async Task Rule_2_destination_visibility_follows_the_source_when_asked()
    {
        Add("open");
        Add("closed").Private = true;
        _world.Inputs["destination-visibility"] = "source";

        await RunWellAsync();

        Mirror("open").IsPrivate.ShouldBeFalse();
        Mirror("closed").IsPrivate.ShouldBeTrue();
    }

    [Fact]
    public async Task Rule_2_creation_that_another_run_was_quicker_with_is_success()
    {
        Add("website");
        _world.Bitbucket.Intercept = async (context, next) =>
        {
            if (
                context.Request.Method == "POST"
                && _world.Bitbucket.Find("acme-mirror", "website") is null
                && !context.Request.Path.Value!.Contains("git-", StringComparison.Ordinal)
            )
            {
                _world.Bitbucket.AddRepository("acme-mirror", "website").Description = "Mirror of github.com/acme/website (id 1)";
            }

            await next();
        };

        await RunWellAsync();

        ShouldMirror("website");
    }

    [Fact]
    public async Task Rule_3_names_become_slugs()
    {
        Add(SampleOrganization.LongName);
        Add(".github");
        Add("Upper_Case.Name");

        await RunWellAsync();

        _world
            .Bitbucket.Repositories.Select(r => r.Slug)
            .ShouldBe([".github", "a-name-of-eighty-characters-which-is-legal-on-github-905a2f58", "upper_case.name"], ignoreOrder: true);
    }

    [Fact]
    public async Task Rule_3_sources_with_one_slug_both_fail_and_neither_is_pushed()
    {
        _world.GitHub.AddAccount("acme-labs");
        Add("website");
        _world.GitHub.AddRepository("acme-labs", "Website").Git.Commit("a", "other\n");
        Add("api");
        _world.Inputs["github-owner"] = "acme, acme-labs";

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(1);
        ErrorOf("acme/website").ShouldBe("name-collision");
        ErrorOf("acme-labs/Website").ShouldBe("name-collision");
        _world.Bitbucket.Repositories.Select(r => r.Slug).ShouldBe(["api"]);
    }

    [Fact]
    public async Task Rule_4_main_branch_is_the_default_branch_also_when_the_old_one_goes()
    {
        var source = Add("website");
        await RunWellAsync();
        source.Git.Branch("trunk", "main");
        source.DefaultBranch = "trunk";
        source.Git.DeleteBranch("main");

        await RunWellAsync();

        Mirror("website").MainBranch.ShouldBe("trunk");
        ShouldMirror("website");
    }

    [Fact]
    public async Task Rule_4_main_branch_that_becomes_a_folder_is_followed()
    {
        var source = Add("website");
        source.Git.Branch("other", "main");
        await RunWellAsync();
        var id = source.Git.Resolve("refs/heads/main")!;
        source.DefaultBranch = "main/next";
        source.Git.DeleteBranch("main");
        source.Git.UpdateRef("refs/heads/main/next", id);

        await RunWellAsync();

        Mirror("website").MainBranch.ShouldBe("main/next");
        ShouldMirror("website");
    }

    [Fact]
    public async Task Rule_5_source_that_lists_no_refs_deletes_nothing()
    {
        var source = Add("website");
        await RunWellAsync();
        source.Git.DeleteBranch("main");

        await RunWellAsync();

        ((string?)_world.ReportOf("acme/website")["reason"]).ShouldBe("empty");
        Mirror("website").Git.BranchesAndTags().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Rule_5_source_that_vanished_deletes_nothing()
    {
        var source = Add("website");
        await RunWellAsync();
        _world.GitHub.Intercept = async (context, next) =>
        {
            // Listed, and gone when git asks.
            if (context.Request.Path.Value!.EndsWith("/git-upload-pack", StringComparison.Ordinal))
            {
                _world.GitHub.Remove(source);
            }

            await next();
        };

        await RunWellAsync();

        ((string?)_world.ReportOf("acme/website")["reason"]).ShouldBe("vanished");
        Mirror("website").Git.BranchesAndTags().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Rule_6_foreign_repository_is_left_alone_until_it_is_adopted()
    {
        Add("website");
        var foreign = _world.Bitbucket.AddRepository("acme-mirror", "website");
        foreign.Git.Commit("theirs", "precious\n");

        var refused = await _world.RunAsync();
        refused.ExitCode.ShouldBe(1);
        ErrorOf("acme/website").ShouldBe("not-a-mirror");
        foreign.Git.Git("show", "main:theirs").ShouldBe("precious");

        _world.Inputs["adopt"] = "true";
        await RunWellAsync();
        ShouldMirror("website");
        foreign.Git.ForEachRef("refs/tags/mirror-kept/").Count.ShouldBe(1);
    }

    [Fact]
    public async Task Rule_7_refused_ref_holds_no_other_back_and_leaves_no_tip()
    {
        var source = Add("website");
        await RunWellAsync();
        Mirror("website").RestrictedBranches.Add("main");
        source.Git.ResetHard("main", source.Git.Commit("a", "rewritten\n", branch: "scratch"));
        source.Git.Branch("topic", "scratch");

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(1);
        ErrorOf("acme/website").ShouldBe("ref-rejected");
        ((string?)_world.ReportOf("acme/website")["error"]!["message"]).ShouldNotBeNull().ShouldContain("Permission denied to update branch main");
        Mirror("website").Git.Resolve("refs/heads/topic").ShouldBe(source.Git.Resolve("refs/heads/topic"));
        Mirror("website").Git.ForEachRef("refs/tags/mirror-kept/").ShouldBeEmpty();
    }

    [Fact]
    public async Task Rule_8_destination_that_moved_meanwhile_is_refused_and_planned_again()
    {
        var source = Add("website");
        await RunWellAsync();
        var theirs = Mirror("website").Git.Commit("theirs", "1\n", branch: "elsewhere");
        Mirror("website").Git.DeleteBranch("elsewhere");
        var ours = source.Git.Commit("README.md", "2\n");
        var moved = 0;
        _world.Bitbucket.Intercept = async (context, next) =>
        {
            // Between the advertisement and the push, once.
            if (context.Request.Path.Value!.EndsWith("/git-receive-pack", StringComparison.Ordinal) && Interlocked.Exchange(ref moved, 1) == 0)
            {
                Mirror("website").Git.UpdateRef("refs/heads/main", theirs);
            }

            await next();
        };

        await RunWellAsync();

        Mirror("website").Git.Resolve("refs/heads/main").ShouldBe(ours);
        Mirror("website").Git.ForEachRef("refs/tags/mirror-kept/").Values.ShouldContain(theirs);
    }

    [Fact]
    public async Task Rule_9_verified_means_that_the_refs_were_read_again()
    {
        Add("website");

        await RunWellAsync();

        ((bool)_world.ReportOf("acme/website")["verified"]!).ShouldBeTrue();
        var requests = _world.Bitbucket.GitRequests.ToArray();
        requests[^2].IsPush.ShouldBeTrue();
        requests[^1].PathAndQuery.ShouldEndWith("/info/refs?service=git-receive-pack");
    }

    [Fact]
    public async Task Rule_9_push_that_was_reported_and_not_made_is_not_called_verified()
    {
        var source = Add("website");
        await RunWellAsync();
        source.Git.Commit("README.md", "2\n");
        var before = Mirror("website").Git.Resolve("refs/heads/main")!;
        using var oneAtATime = new SemaphoreSlim(1);
        _world.Bitbucket.Intercept = async (context, next) =>
        {
            // What follows the push sees it undone.
            await oneAtATime.WaitAsync();
            try
            {
                await next();
                if (context.Request.Path.Value!.EndsWith("/git-receive-pack", StringComparison.Ordinal))
                {
                    Mirror("website").Git.UpdateRef("refs/heads/main", before);
                }
            }
            finally
            {
                oneAtATime.Release();
            }
        };

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        ((bool)_world.ReportOf("acme/website")["verified"]!).ShouldBeFalse();
        _world.ReportOf("acme/website")["changes"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Rule_10_owner_without_any_reachable_repository_fails_the_run()
    {
        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(3, outcome.Text);
        ((string?)_world.Report["error"]!["code"]).ShouldBe("source-not-found");
    }

    [Fact]
    public async Task Rule_11_mirror_without_a_source_is_listed_and_left()
    {
        Add("website");
        var old = Add("old-thing");
        await RunWellAsync();
        _world.GitHub.Remove(old);

        await RunWellAsync();

        _world.Report["orphans"]!.AsArray().Select(o => (string?)o).ShouldBe(["acme-mirror/old-thing"]);
        Mirror("old-thing").Git.BranchesAndTags().ShouldNotBeEmpty();
        _world.Summary.ShouldContain("acme-mirror/old-thing");
    }

    [Fact]
    public async Task Rule_12_secrets_are_nowhere()
    {
        Add("website");
        var derived = new[] { "x-access-token", "x-token-auth", "x-bitbucket-api-token-auth" }.SelectMany(user =>
            new[] { _world.GitHub.FullToken, _world.Bitbucket.Token }.Select(token =>
                Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{token}"))
            )
        );
        string[] secrets = [_world.GitHub.FullToken, _world.Bitbucket.Token, .. derived];
        _world.Inputs["log-level"] = "debug";

        var outcome = await _world.RunAsync();

        // The runner takes the masks away before anyone reads the log.
        var log = string.Join('\n', outcome.Text.Split('\n').Where(l => !l.StartsWith("::add-mask::", StringComparison.Ordinal)));
        foreach (var secret in secrets)
        {
            foreach (var text in new[] { log, _world.Summary, _world.Outputs, _world.Report.ToJsonString() })
            {
                text.ShouldNotContain(secret);
            }

            _world.GitHub.Requests.Concat(_world.Bitbucket.Requests).ShouldAllBe(r => !r.PathAndQuery.Contains(secret));
        }
    }

    [Fact]
    public async Task Rule_13_text_of_a_server_starts_no_command_and_no_markup()
    {
        Add("website");
        _world.Bitbucket.PushRefusal = "::error::pwned\n##[add-mask]x\n\u001b[31m<img src=x> @acme/all [a](http://b) | cell\r::set-output name=x::y";

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(1);
        outcome
            .Output.Split('\n', '\r')
            .ShouldAllBe(line =>
                !line.TrimStart().StartsWith("::error::", StringComparison.Ordinal)
                && !line.TrimStart().StartsWith("::set-output", StringComparison.Ordinal)
            );
        outcome.Output.ShouldNotContain("##[");
        outcome.Output.ShouldNotContain('\u001b');
        _world.Summary.ShouldNotContain("<img");
        _world.Summary.ShouldNotContain("@acme/all");
        _world.Summary.ShouldNotContain("](http://b)");
    }

    [Fact]
    public async Task Rule_17_value_that_somebody_pushed_to_the_mirror_is_told_by_ref_and_kept_and_never_called_a_rewrite()
    {
        var source = Add("website");
        source.Git.Branch("calm", "main");
        await RunWellAsync();
        var theirs = Mirror("website").Git.Commit("theirs", "1\n");
        var lost = Mirror("website").Git.Commit("theirs", "2\n", "lost", from: theirs);

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        var changes = _world.ReportOf("acme/website")["changes"]!.AsArray().Where(c => c!["foreign"] is not null).ToArray();
        changes
            .Select(c => ((string?)c!["ref"], (string?)c["kind"], (string?)c["old"], (bool)c["foreign"]!))
            .ShouldBe([("refs/heads/lost", "delete", lost, true), ("refs/heads/main", "force", theirs, true)]);
        Mirror("website").Git.ForEachRef("refs/tags/mirror-kept/").Values.ShouldBe([theirs, lost], ignoreOrder: true);
        foreach (var text in new[] { outcome.Text, _world.Summary })
        {
            text.ShouldContain(theirs);
            text.ShouldContain("refs/heads/lost");
            text.ShouldNotContain("rewritten", Case.Insensitive);
        }

        ShouldMirror("website");
    }

    [Fact]
    public async Task Rule_21_ref_whose_old_value_cannot_be_kept_is_left_as_it_is_and_reported()
    {
        var source = Add("website");
        source.Git.Branch("topic", "main");
        await RunWellAsync();
        var old = source.Git.Resolve("refs/heads/topic")!;
        source.Git.ResetHard("topic", source.Git.Commit("a", "rewritten\n", "scratch"));
        source.Git.DeleteBranch("scratch");
        source.Git.Commit("README.md", "2\n");
        Mirror("website").Git.Hook("update", "case $1 in refs/tags/mirror-kept/*) exit 1;; esac");

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(1);
        ErrorOf("acme/website").ShouldBe("ref-rejected");
        ((string?)_world.ReportOf("acme/website")["error"]!["hint"]).ShouldNotBeNull().ShouldContain("keep-overwritten");
        Mirror("website").Git.Resolve("refs/heads/topic").ShouldBe(old);
        Mirror("website").Git.Resolve("refs/heads/main").ShouldBe(source.Git.Resolve("refs/heads/main"));

        _world.Inputs["keep-overwritten"] = "false";
        await RunWellAsync();
        ShouldMirror("website");
    }

    private SandboxGitHubRepository Add(string name)
    {
        var repository = _world.GitHub.AddRepository("acme", name);
        repository.Git.Commit("README.md", $"{name}\n");
        return repository;
    }

    private SandboxBitbucketRepository Mirror(string slug) => _world.Bitbucket.Find("acme-mirror", slug).ShouldNotBeNull();

    private async Task RunWellAsync()
    {
        var outcome = await _world.RunAsync();
        outcome.ExitCode.ShouldBe(0, outcome.Text);
    }

    private string? ErrorOf(string source) => (string?)_world.ReportOf(source)["error"]?["code"];

    private void ShouldMirror(string name)
    {
        Relay.RelayWorld.Mirrored(Mirror(name).Git).ShouldBe(Relay.RelayWorld.Mirrored(_world.GitHub.Find("acme", name)!.Git), ignoreOrder: true);
        Mirror(name).Git.Fsck();
    }
}
