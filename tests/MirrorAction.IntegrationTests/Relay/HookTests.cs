using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>Hooks of the destination that decline some refs or all.</summary>
public sealed class HookTests
{
    private const string DeclineByName =
        "while read old new name; do case $name in *forbidden*) echo \"policy: $name is not allowed\" >&2; exit 1;; esac; done";

    [Fact]
    public async Task One_ref_that_a_pre_receive_hook_declines_is_named_and_the_others_arrive()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Destination.Hook("pre-receive", DeclineByName);
        world.Source.Commit("a", "0\n");
        for (var i = 1; i < 20; i++)
            world.Source.Commit("a", $"{i}\n", i == 13 ? "forbidden" : $"b{i}", from: world.Source.Resolve("main"));

        var report = await world.MirrorAsync();

        report.Status.ShouldBe(RepositoryStatus.Failed);
        report.Error!.Code.ShouldBe(ErrorCode.RefRejected);
        report.Refused.Single().Ref.ShouldBe("refs/heads/forbidden");
        report.Refused.Single().Reason.ShouldContain("policy: refs/heads/forbidden is not allowed");
        report.Error.Message.ShouldContain("policy: refs/heads/forbidden is not allowed");
        report.Refs.Created.ShouldBe(19);
        Expected(world, "refs/heads/forbidden").ShouldBe(RelayWorld.Mirrored(world.Destination), ignoreOrder: true);
        world.Destination.Fsck();
        world.Pushes.Count.ShouldBeLessThanOrEqualTo(11);
    }

    [Fact]
    public async Task Several_declined_refs_are_all_named()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Destination.Hook("pre-receive", DeclineByName);
        world.Source.Commit("a", "0\n");
        foreach (var name in new[] { "one", "forbidden/1", "two", "three", "forbidden/2" })
            world.Source.Branch(name);
        world.Source.TagAnnotated("forbidden");

        var report = await world.MirrorAsync();

        report.Refused.Select(r => r.Ref).ShouldBe(["refs/heads/forbidden/1", "refs/heads/forbidden/2", "refs/tags/forbidden"], ignoreOrder: true);
        report.Refused.ShouldAllBe(r => r.Reason.Contains($"policy: {r.Ref} is not allowed"));
        report.Refs.Created.ShouldBe(4);
    }

    [Fact]
    public async Task A_hook_about_the_whole_repository_is_asked_once()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Destination.Hook("pre-receive", "echo 'Your workspace has exceeded its storage limit.' >&2; exit 1");
        world.Source.Commit("a", "0\n");
        for (var i = 0; i < 8; i++)
            world.Source.Branch($"b{i}");

        var report = await world.MirrorAsync(change: job =>
            job with
            {
                ExplainDestination = (_, text) =>
                    text.Contains("storage limit", StringComparison.Ordinal) ? new HostFailure(HostFailureKind.Quota, "Buy more.") : null,
            }
        );

        report.Status.ShouldBe(RepositoryStatus.Failed);
        report.Error!.Code.ShouldBe(ErrorCode.DestinationQuota);
        report.Error.Hint.ShouldBe("Buy more.");
        report.Error.Message.ShouldContain("exceeded its storage limit");
        world.Pushes.Count.ShouldBe(1);
        world.Destination.ForEachRef().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_over_the_limit_holds_back_only_the_refs_that_reach_it()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Destination.Hook(
            "pre-receive",
            "while read old new name; do git cat-file -e $new:large 2>/dev/null && { echo 'remote: Files over 100 MB were found' >&2; exit 1; }; done; exit 0"
        );
        world.Source.Commit("a", "0\n");
        world.Source.Branch("calm");
        world.Source.Commit("large", "1\n", "huge", from: "main");

        var report = await world.MirrorAsync(change: job =>
            job with
            {
                ExplainDestination = (_, text) =>
                    text.Contains("100 MB", StringComparison.Ordinal) ? new HostFailure(HostFailureKind.FileTooLarge, "Make it smaller.") : null,
            }
        );

        report.Error!.Code.ShouldBe(ErrorCode.TooLarge);
        report.Error.Hint.ShouldBe("Make it smaller.");
        report.Refused.Single().Ref.ShouldBe("refs/heads/huge");
        report.Refs.Created.ShouldBe(2);
    }

    [Theory]
    [InlineData(
        "error: GH013: Repository rule violations found for refs/heads/secret. - GITHUB PUSH PROTECTION - Push cannot contain secrets - commit: 6201cbea path: config.json:3",
        "push declined due to repository rule violations"
    )]
    [InlineData(
        "error: GH006: Protected branch update failed for refs/heads/secret. - Cannot force-push to this branch",
        "protected branch hook declined"
    )]
    [InlineData("GitLab: You are not allowed to force push code to a protected branch on this project.", "pre-receive hook declined")]
    [InlineData("GitLab: You cannot create a branch with a SHA-1 or SHA-256 branch name", "pre-receive hook declined")]
    [InlineData(
        "TF402455: Pushes to this branch are not permitted; you must use a pull request to update this branch.",
        "TF402455: Pushes to this branch are not permitted"
    )]
    public async Task A_push_that_a_host_declines_in_its_own_words_because_of_one_ref_is_narrowed(string words, string reason)
    {
        await using var world = await RelayWorld.StartAsync();
        world.DestinationServer.Intercept = Interceptions.Decline(names => names.Contains("refs/heads/secret") ? words : null, reason);
        world.Source.Commit("a", "0\n");
        for (var i = 0; i < 12; i++)
            world.Source.Commit("a", $"{i}\n", i == 7 ? "secret" : $"b{i}", from: world.Source.Resolve("main"));

        var report = await world.MirrorAsync();

        report.Error!.Code.ShouldBe(ErrorCode.RefRejected);
        report.Refused.Single().Ref.ShouldBe("refs/heads/secret");
        report.Refused.Single().Reason.ShouldContain(reason);
        report.Refused.Single().Reason.ShouldContain(words);
        Expected(world, "refs/heads/secret").ShouldBe(RelayWorld.Mirrored(world.Destination), ignoreOrder: true);
        world.Pushes.Count.ShouldBeLessThan(12);
    }

    [Fact]
    public async Task A_protected_branch_that_may_not_be_rewritten_keeps_no_other_branch_from_moving()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        var old = world.Source.Commit("a", "2\n");
        world.Source.Branch("forward");
        await world.MirrorWellAsync();
        world.Destination.Hook(
            "pre-receive",
            """
            while read old new name; do
              [ "$name" != refs/heads/main ] || git merge-base --is-ancestor $old $new || { echo 'GitLab: You are not allowed to force push code to a protected branch on this project.' >&2; exit 1; }
            done
            """
        );
        world.Source.ResetHard("main", "main^");
        world.Source.Commit("a", "3\n", "forward");
        world.Source.Commit("b", "1\n", "new", from: "main");

        var report = await world.MirrorAsync();

        report.Refused.Single().Ref.ShouldBe("refs/heads/main");
        world.Destination.Resolve("refs/heads/main").ShouldBe(old);
        world.Destination.Resolve("refs/heads/forward").ShouldBe(world.Source.Resolve("refs/heads/forward"));
        world.Destination.Resolve("refs/heads/new").ShouldBe(world.Source.Resolve("refs/heads/new"));
        world.Kept().ShouldBeEmpty();
    }

    [Fact]
    public async Task One_ref_that_an_update_hook_declines_holds_no_other_back()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Destination.Hook("update", "case $1 in refs/heads/locked) echo 'locked is locked' >&2; exit 1;; esac");
        world.Source.Commit("a", "0\n");
        world.Source.Branch("locked");
        world.Source.Branch("open");

        var report = await world.MirrorAsync();

        report.Error!.Code.ShouldBe(ErrorCode.RefRejected);
        report.Refused.Single().Ref.ShouldBe("refs/heads/locked");
        report.Refused.Single().Reason.ShouldContain("locked is locked");
        report.Refs.Created.ShouldBe(2);
        world.Pushes.Count.ShouldBe(1);
        world.Destination.Fsck();
    }

    [Fact]
    public async Task Old_value_that_one_hook_alone_refuses_to_keep_is_named_by_the_failure()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        var old = world.Source.Commit("a", "2\n");
        await world.MirrorWellAsync();
        world.Destination.Hook("update", "case $1 in refs/tags/mirror-kept/*) echo 'no such tags' >&2; exit 1;; esac");
        world.Source.ResetHard("main", "main^");

        var report = await world.MirrorAsync();

        report.Status.ShouldBe(RepositoryStatus.Failed);
        report.Error!.Message.ShouldContain(old);
        report.Refused.Single().Ref.ShouldEndWith("/heads/main");
    }

    [Fact]
    public async Task Old_value_that_is_lost_before_the_destination_is_planned_again_is_still_named()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        var old = world.Source.Commit("a", "2\n");
        world.Source.Branch("busy");
        await world.MirrorWellAsync();
        world.Destination.Hook("update", "case $1 in refs/tags/mirror-kept/*/heads/main) echo 'no such tags' >&2; exit 1;; esac");
        world.Source.ResetHard("main", "main^");
        world.Source.Commit("a", "3\n", "busy");
        world.DestinationServer.Intercept = Interceptions.Once(
            r => r.IsPushPost(),
            (_, next) =>
            {
                world.Destination.Commit("b", "theirs\n", "busy");
                return next();
            }
        );

        var report = await world.MirrorAsync();

        report.Attempts.ShouldBe(2);
        report.Status.ShouldBe(RepositoryStatus.Failed);
        report.Verified.ShouldBeFalse();
        report.Error!.Message.ShouldContain(old);
        report.Refused.Single().Ref.ShouldEndWith("/heads/main");
    }

    [Fact]
    public async Task A_branch_whose_old_value_cannot_be_kept_is_not_overwritten()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        var old = world.Source.Commit("a", "2\n");
        world.Source.Branch("gone");
        world.Source.Branch("forward");
        await world.MirrorWellAsync();
        world.Destination.Hook(
            "pre-receive",
            "while read old new name; do case $name in refs/tags/mirror-kept/*) echo 'no such tags' >&2; exit 1;; esac; done"
        );
        world.Source.ResetHard("main", "main^");
        world.Source.DeleteBranch("gone");
        world.Source.Commit("a", "3\n", "forward");

        var report = await world.MirrorAsync();

        report.Status.ShouldBe(RepositoryStatus.Failed);
        report.Error!.Message.ShouldContain("no such tags");
        world.Destination.Resolve("refs/heads/main").ShouldBe(old);
        world.Destination.Resolve("refs/heads/gone").ShouldBe(old);
        world.Destination.Resolve("refs/heads/forward").ShouldBe(world.Source.Resolve("refs/heads/forward"));
        report.Refs.ShouldBe(new RefCounts { Updated = 1, Unchanged = 0 });
    }

    [Fact]
    public async Task Control_characters_of_a_hook_do_not_reach_the_report()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Destination.Hook("pre-receive", "printf '\\033[31mred\\033[0m\\n::error::fake\\r\\a' >&2; exit 1");
        world.Source.Commit("a", "0\n");

        var report = await world.MirrorAsync();

        report.Error!.Message.ShouldContain("red");
        report.Error.Message.ShouldNotContain(c => char.IsControl(c));
    }

    [Fact]
    public async Task A_declined_push_leaves_no_objects_behind()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Destination.Hook("pre-receive", "exit 1");
        world.Source.Commit("a", "0\n");

        (await world.MirrorAsync()).Error!.Code.ShouldBe(ErrorCode.RefRejected);

        world.Destination.CountObjects().ShouldBe(0);
    }

    private static Dictionary<string, string> Expected(RelayWorld world, string but) =>
        RelayWorld.Mirrored(world.Source).Where(r => r.Key != but).ToDictionary();
}
