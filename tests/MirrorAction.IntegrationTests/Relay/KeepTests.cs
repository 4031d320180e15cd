using System.Text;
using Microsoft.Extensions.Time.Testing;
using MirrorAction.Git.Model;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>A value is overwritten only after its old value is kept: rule 21 of the mirror, against a git that checks every object.</summary>
public sealed class KeepTests
{
    private const string NoTips = "case $1 in refs/tags/mirror-kept/*) echo 'no such tags here' >&2; exit 1;; esac";

    [Fact]
    public async Task Old_values_are_kept_by_a_push_of_their_own_before_anything_is_overwritten()
    {
        await using var world = await StartAsync();
        Move(world);
        world.Destination.Hook("pre-receive", "while read old new name; do echo \"$name\"; done >> pushed; echo >> pushed");

        var report = await world.MirrorWellAsync();

        var pushes = Pushed(world);
        pushes.Length.ShouldBe(2);
        pushes[0].Split('\n').ShouldAllBe(name => name.StartsWith(RefPatternSet.KeptPrefix, StringComparison.Ordinal));
        pushes[1].Split('\n').ShouldBe(["refs/heads/forward", "refs/heads/main", "refs/heads/new", "refs/tags/v1", "refs/heads/gone"]);
        report.Refs.ShouldBe(
            new RefCounts
            {
                Created = 1,
                Updated = 1,
                Forced = 2,
                Deleted = 1,
                Kept = 3,
            }
        );
    }

    [Fact]
    public async Task A_run_that_overwrites_nothing_makes_one_push()
    {
        await using var world = await StartAsync();
        world.Source.Commit("a", "3\n", "forward");
        world.Source.Branch("new");
        world.ClearRequests();

        await world.MirrorWellAsync();

        world.Pushes.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_is_overwritten_where_the_destination_takes_no_tips_and_everything_else_moves()
    {
        await using var world = await StartAsync();
        var old = world.Source.Resolve("main")!;
        var before = world.Destination.BranchesAndTags();
        Move(world);
        world.Destination.Hook("update", NoTips);

        var report = await world.MirrorAsync();

        report.Status.ShouldBe(RepositoryStatus.Failed);
        report.Verified.ShouldBeFalse();
        report.Error!.Code.ShouldBe(ErrorCode.RefRejected);
        report.Error.Hint.ShouldNotBeNull().ShouldContain("refs/tags/mirror-kept/");
        report.Error.Hint.ShouldContain("keep-overwritten");
        report.Refused.Select(r => r.Ref).ShouldBe(["refs/heads/gone", "refs/heads/main", "refs/tags/v1"], ignoreOrder: true);
        var main = report.Refused.Single(r => r.Ref == "refs/heads/main").Reason;
        main.ShouldContain(old);
        main.ShouldContain("no such tags here");
        main.ShouldContain("/heads/main");
        report.Refs.ShouldBe(new RefCounts { Created = 1, Updated = 1 });
        report.Changes.Select(c => c.Ref).ShouldBe(["refs/heads/forward", "refs/heads/new"]);
        foreach (var name in new[] { "refs/heads/gone", "refs/heads/main", "refs/tags/v1" })
            world.Destination.Resolve(name).ShouldBe(before[name]);
        ShouldReach(world, before.Values);
    }

    [Fact]
    public async Task One_tip_that_is_refused_holds_back_one_ref()
    {
        await using var world = await StartAsync();
        var before = world.Destination.BranchesAndTags();
        Move(world);
        world.Destination.Hook("update", "case $1 in refs/tags/mirror-kept/*/heads/main) exit 1;; esac");

        var report = await world.MirrorAsync();

        report.Refused.Single().Ref.ShouldBe("refs/heads/main");
        report.Refs.ShouldBe(
            new RefCounts
            {
                Created = 1,
                Updated = 1,
                Forced = 1,
                Deleted = 1,
                Kept = 2,
            }
        );
        world.Destination.Resolve("refs/heads/main").ShouldBe(before["refs/heads/main"]);
        ShouldReach(world, before.Values);

        // And the next run, in which nothing is refused, does the rest.
        world.Destination.Hook("update", "exit 0");
        await world.MirrorWellAsync();
        ShouldReach(world, before.Values);
    }

    [Fact]
    public async Task A_value_that_another_mirrored_ref_goes_on_to_hold_may_be_overwritten()
    {
        await using var world = await StartAsync();
        world.Source.Tag("release", "main");
        await world.MirrorWellAsync();
        var before = world.Destination.BranchesAndTags();
        world.Source.ResetHard("main", "main^");
        world.Destination.Hook("update", NoTips);

        await world.MirrorWellAsync();

        ShouldReach(world, before.Values);
    }

    [Fact]
    public async Task A_value_that_is_overwritten_everywhere_at_once_is_held_by_nothing()
    {
        await using var world = await StartAsync();
        world.Source.Branch("twin", "main");
        world.Source.Branch("moves-on", "main");
        await world.MirrorWellAsync();
        var old = world.Source.Resolve("main")!;
        world.Source.ResetHard("main", "main^");
        world.Source.DeleteBranch("twin");
        world.Source.Commit("a", "3\n", "moves-on");
        world.Destination.Hook("update", NoTips);

        var report = await world.MirrorAsync();

        report.Refused.Select(r => r.Ref).ShouldBe(["refs/heads/main", "refs/heads/twin"], ignoreOrder: true);
        world.Destination.Resolve("refs/heads/main").ShouldBe(old);
        world.Destination.Resolve("refs/heads/twin").ShouldBe(old);
    }

    [Fact]
    public async Task A_ref_that_is_not_mirrored_and_a_tip_that_expires_sooner_hold_nothing()
    {
        await using var world = await StartAsync();
        var old = world.Source.Resolve("main")!;
        world.Destination.UpdateRef("refs/pull-requests/1/from", old);
        world.Destination.UpdateRef("refs/tags/mirror-kept/20200101T000000Z/heads/main", old);
        world.Source.ResetHard("main", "main^");
        world.Destination.Hook("update", "case $1 in refs/tags/mirror-kept/2020*) ;; refs/tags/mirror-kept/*) exit 1;; esac");

        var report = await world.MirrorAsync();

        report.Refused.Single().Ref.ShouldBe("refs/heads/main");
        world.Destination.Resolve("refs/heads/main").ShouldBe(old);
    }

    [Fact]
    public async Task Nothing_is_kept_or_held_back_where_keeping_is_off()
    {
        await using var world = await StartAsync();
        Move(world);
        world.Destination.Hook("update", NoTips);
        world.ClearRequests();

        await world.MirrorWellAsync(new RefOptions { KeepOverwritten = false });

        world.Pushes.Count.ShouldBe(1);
        world.Kept().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_branch_in_the_place_of_one_that_had_to_be_left_is_named_with_it()
    {
        await using var world = await StartAsync();
        var old = world.Source.Resolve("gone")!;
        world.Source.DeleteBranch("gone");
        world.Source.Branch("gone/1", "main^");
        world.Destination.Hook("update", NoTips);

        var report = await world.MirrorAsync();

        report.Attempts.ShouldBe(1);
        report.Refused.Select(r => r.Ref).ShouldBe(["refs/heads/gone", "refs/heads/gone/1"], ignoreOrder: true);
        report.Refused.Single(r => r.Ref == "refs/heads/gone/1").Reason.ShouldContain("refs/heads/gone ");
        world.Destination.Resolve("refs/heads/gone").ShouldBe(old);
    }

    [Theory]
    [InlineData("no report")]
    [InlineData("a report of nothing")]
    [InlineData("a report of the first alone")]
    [InlineData("a broken connection")]
    public async Task Where_the_answer_is_lost_the_refs_are_read_again_and_believed(string what)
    {
        await using var world = await StartAsync();
        var before = world.Destination.BranchesAndTags();
        Move(world);
        world.DestinationServer.Intercept = Interceptions.Once(
            r => r.IsPushPost(),
            what switch
            {
                "no report" => Interceptions.Rewrite(_ => ""),
                "a report of nothing" => Interceptions.Rewrite(_ => "0000"),
                "a report of the first alone" => Interceptions.Rewrite(_ => Interceptions.Pkt("unpack ok\n") + "0000"),
                _ => async (context, next) =>
                {
                    await next();
                    context.Abort();
                },
            }
        );

        var report = await world.MirrorWellAsync();

        report.Attempts.ShouldBe(1);
        report.Refs.Kept.ShouldBe(3);
        world.Kept().Count.ShouldBe(3);
        ShouldReach(world, before.Values);
    }

    [Fact]
    public async Task A_lost_answer_to_a_push_that_did_not_land_overwrites_nothing()
    {
        await using var world = await StartAsync();
        var before = world.Destination.BranchesAndTags();
        Move(world);
        world.DestinationServer.Intercept = Interceptions.On(
            r => r.IsPushPost(),
            (context, _) =>
            {
                context.Abort();
                return Task.CompletedTask;
            }
        );

        var report = await world.MirrorAsync();

        report.Error!.Code.ShouldBe(ErrorCode.Network);
        world.Destination.BranchesAndTags().ShouldBe(before, ignoreOrder: true);
    }

    [Theory]
    [InlineData("ERR no tips, please")]
    [InlineData("unpack no tips, please\n")]
    public async Task A_push_of_tips_that_is_refused_as_a_whole_holds_back_only_what_needs_them(string answer)
    {
        await using var world = await StartAsync();
        var before = world.Destination.BranchesAndTags();
        Move(world);
        world.DestinationServer.Intercept = Interceptions.On(
            r => r.IsPushPost(),
            async (context, next) =>
            {
                var request = new MemoryStream();
                await context.Request.Body.CopyToAsync(request, context.RequestAborted);
                request.Position = 0;
                context.Request.Body = request;
                var isOfTips = Encoding.Latin1.GetString(request.ToArray()).Contains(RefPatternSet.KeptPrefix, StringComparison.Ordinal);
                await (
                    isOfTips
                        ? Interceptions.Answer(200, Interceptions.Pkt(answer) + "0000", "application/x-git-receive-pack-result")(context, next)
                        : next()
                );
            }
        );

        var report = await world.MirrorAsync();

        report.Refs.ShouldBe(new RefCounts { Created = 1, Updated = 1 });
        report.Refused.Select(r => r.Ref).ShouldBe(["refs/heads/gone", "refs/heads/main", "refs/tags/v1"], ignoreOrder: true);
        report.Refused.ShouldAllBe(r => r.Reason.Contains("no tips, please"));
        ShouldReach(world, before.Values);
    }

    [Fact]
    public async Task What_one_attempt_has_kept_the_next_one_does_not_keep_again()
    {
        await using var world = await StartAsync();
        var before = world.Destination.BranchesAndTags();
        Move(world);
        var pushes = 0;
        world.DestinationServer.Intercept = Interceptions.On(
            r => r.IsPushPost(),
            (context, next) =>
            {
                if (++pushes is not (2 or 3))
                    return next();
                context.Abort();
                return Task.CompletedTask;
            }
        );

        var report = await world.MirrorWellAsync();

        report.Attempts.ShouldBe(3);
        report.Refs.Kept.ShouldBe(3);
        world.Kept().Count.ShouldBe(3);
        ShouldReach(world, before.Values);
    }

    [Fact]
    public async Task A_tip_of_another_run_in_the_same_second_is_not_relied_upon()
    {
        await using var world = await StartAsync();
        var old = world.Source.Resolve("main")!;
        world.Time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 21, 2, 0, 0, TimeSpan.Zero));
        const string Theirs = "refs/tags/mirror-kept/20261121T020000Z/heads/main";
        world.Source.ResetHard("main", "main^");
        world.DestinationServer.Intercept = Interceptions.Once(
            r => r.IsPushPost(),
            (_, next) =>
            {
                world.Destination.UpdateRef(Theirs, old);
                return next();
            }
        );

        var report = await world.MirrorWellAsync();

        report.Attempts.ShouldBe(2);
        world.Kept().Keys.ShouldBe([Theirs, "refs/tags/mirror-kept/20261121T020001Z/heads/main"]);
    }

    [Theory]
    [InlineData("x", "")]
    [InlineData("x", "folder/")]
    [InlineData("\u00c3\u00a9-", "")] // UTF-8
    [InlineData("-\u00c3\u00a9", "")]
    [InlineData("\u00e9", "")] // Latin-1, not UTF-8
    [InlineData("\u0080", "")]
    public async Task Old_value_of_a_branch_with_a_very_long_name_is_kept_under_a_shorter_one(string part, string folder)
    {
        // 250 bytes are all that a file system leaves beside ".lock"; with the folder of kept values before it no host would take the whole.
        await using var world = await StartAsync();
        var id = world.Source.Resolve("main")!;
        var name = folder + string.Concat(Enumerable.Repeat(part, 250 / part.Length));
        world.Source.UpdateRef(Encoding.Latin1.GetBytes($"refs/heads/{name}"), id);
        await world.MirrorWellAsync();
        world.Source.UpdateRef(Encoding.Latin1.GetBytes($"refs/heads/{name}"), new string('0', 40));

        await world.MirrorWellAsync();

        var (kept, value) = world.Kept().ShouldHaveSingleItem();
        value.ShouldBe(id);
        kept.Length.ShouldBeInRange(252, 255);
        kept.ShouldContain($"/heads/{name[..190]}");
        if (part.Contains('\u00c3', StringComparison.Ordinal))
            Should.NotThrow(() => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Encoding.Latin1.GetBytes(kept)));
        world.Destination.Fsck();
    }

    [Fact]
    public async Task Two_long_names_with_one_beginning_are_kept_apart()
    {
        await using var world = await StartAsync();
        var names = new[] { new string('y', 249) + "1", new string('y', 249) + "2" };
        foreach (var name in names)
            world.Source.Commit("long", name, name, from: world.Source.Resolve("main"));
        await world.MirrorWellAsync();
        var old = names.Select(name => world.Source.Resolve($"refs/heads/{name}")!).ToArray();
        foreach (var name in names)
            world.Source.DeleteBranch(name);

        await world.MirrorWellAsync();

        world.Kept().Values.ShouldBe(old, ignoreOrder: true);
    }

    private static Task<RelayWorld> StartAsync() =>
        RelayWorld.StartMirroredAsync(world =>
        {
            world.Destination.Configure("transfer.fsckObjects", "true");
            world.Source.Commit("a", "1\n");
            var tip = world.Source.Commit("a", "2\n");
            world.Source.Commit("gone", "1\n", "gone", from: tip);
            world.Source.Commit("forward", "1\n", "forward", from: tip);
            world.Source.TagAnnotated("v1");
        });

    /// <summary>A branch is rewritten, one deleted, a tag moved; one moves forward, and one is new.</summary>
    private static void Move(RelayWorld world)
    {
        world.RewriteMain();
        world.Source.DeleteBranch("gone");
        world.Source.TagAnnotated("v1", "main", "Another");
        world.Source.Commit("a", "3\n", "forward");
        world.Source.Branch("new", "forward");
    }

    private static string[] Pushed(RelayWorld world) =>
        File.ReadAllText(Path.Combine(world.Destination.Path, "pushed"))
            .Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Everything that no ref reaches is taken out of the mirror first, as its host may do at any time.</summary>
    private static void ShouldReach(RelayWorld world, IEnumerable<string> values)
    {
        world.Destination.Git("prune", "--expire=now");
        foreach (var value in values)
            world.Destination.Git("cat-file", "-e", value);
        world.Destination.Fsck();
    }
}
