using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>What keeps a mirror from destroying what it should not.</summary>
public sealed class GuardTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 2, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task An_empty_source_and_an_empty_destination_are_skipped()
    {
        await using var world = await RelayWorld.StartAsync();

        var report = await world.MirrorAsync();

        (report.Status, report.Reason, report.Error).ShouldBe((RepositoryStatus.Skipped, SkipReason.Empty, null));
        world.Pushes.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_emptied_source_deletes_nothing_and_is_warned_of()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        await world.MirrorWellAsync();
        var before = world.Destination.ForEachRef();
        world.Source.DeleteBranch("main");
        world.ClearRequests();

        var report = await world.MirrorAsync(new RefOptions { PruneLimit = PruneLimit.Percent(100) });

        (report.Status, report.Reason).ShouldBe((RepositoryStatus.Skipped, SkipReason.Empty));
        world.Pushes.ShouldBeEmpty();
        world.Destination.ForEachRef().ShouldBe(before);
        world.Log.ShouldContain(m => m.Level == MessageLevel.Warning);
    }

    [Fact]
    public async Task A_source_whose_refs_match_no_pattern_deletes_nothing()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        await world.MirrorWellAsync();
        var before = world.Destination.ForEachRef();
        world.Source.UpdateRef("refs/pull/1/head", world.Source.Resolve("main")!);
        world.Source.DeleteBranch("main");

        var report = await world.MirrorAsync();

        report.Reason.ShouldBe(SkipReason.Empty);
        world.Destination.ForEachRef().ShouldBe(before);
    }

    [Theory]
    [InlineData("50%", false)]
    [InlineData("60%", true)]
    [InlineData("5", false)]
    [InlineData("6", true)]
    public async Task Too_many_deletions_are_refused_as_a_whole(string limit, bool isAllowed)
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        for (var i = 1; i < 10; i++)
            world.Source.Branch($"b{i}");
        await world.MirrorWellAsync();
        var before = world.Destination.ForEachRef();
        for (var i = 1; i <= 6; i++)
            world.Source.DeleteBranch($"b{i}");
        world.Source.Commit("a", "2\n");
        PruneLimit.TryParse(limit, out var parsed).ShouldBeTrue();

        var report = await world.MirrorAsync(new RefOptions { PruneLimit = parsed });

        if (isAllowed)
        {
            report.Error.ShouldBeNull();
            world.ShouldBeEqual();
        }
        else
        {
            report.Error!.Code.ShouldBe(ErrorCode.PruneGuard);
            report.Error.Message.ShouldContain("6 of the 10 refs");
            report.Error.Hint.ShouldNotBeNull().ShouldContain("prune-limit");
            world.Destination.ForEachRef().ShouldBe(before);
        }
    }

    [Fact]
    public async Task A_repository_that_is_left_alone_is_not_read_again_and_its_changes_are_not_this_runs()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        for (var i = 1; i <= 6; i++)
            world.Source.Branch($"b{i}");
        await world.MirrorWellAsync();
        for (var i = 1; i <= 6; i++)
            world.Source.DeleteBranch($"b{i}");
        world.ClearRequests();

        var report = await world.MirrorAsync(new RefOptions { PruneLimit = PruneLimit.Count(0) });

        report.Error!.Code.ShouldBe(ErrorCode.PruneGuard);
        report.Changes.ShouldBeEmpty();
        world.DestinationServer.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Five_deletions_pass_whatever_the_limit()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        for (var i = 1; i <= 5; i++)
            world.Source.Branch($"b{i}");
        await world.MirrorWellAsync();
        for (var i = 1; i <= 5; i++)
            world.Source.DeleteBranch($"b{i}");

        (await world.MirrorWellAsync(new RefOptions { PruneLimit = PruneLimit.Count(0) })).Refs.Deleted.ShouldBe(5);
    }

    [Fact]
    public async Task Kept_tips_go_when_their_days_are_over()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Time = new FakeTimeProvider(s_now);
        var id = world.Source.Commit("a", "1\n");
        await world.MirrorWellAsync();
        world.Destination.UpdateRef(Kept(s_now.AddDays(-91), "heads/old"), id);
        world.Destination.UpdateRef(Kept(s_now.AddDays(-90), "heads/just"), id);
        world.Destination.UpdateRef("refs/tags/mirror-kept/by-hand", id);

        var report = await world.MirrorWellAsync();

        report.Status.ShouldBe(RepositoryStatus.Mirrored);
        report.Refs.Deleted.ShouldBe(1);
        world.Kept().Keys.ShouldBe(["refs/tags/mirror-kept/by-hand", Kept(s_now.AddDays(-90), "heads/just")], ignoreOrder: true);
    }

    [Fact]
    public async Task Kept_tips_stay_for_ever_where_that_is_asked_for()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Time = new FakeTimeProvider(s_now);
        var id = world.Source.Commit("a", "1\n");
        await world.MirrorWellAsync();
        world.Destination.UpdateRef(Kept(s_now.AddYears(-5), "heads/old"), id);

        (await world.MirrorWellAsync(new RefOptions { KeepFor = null })).Status.ShouldBe(RepositoryStatus.Unchanged);

        world.Kept().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Tips_kept_in_the_same_second_do_not_meet()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Time = new FakeTimeProvider(s_now);
        world.Source.Commit("a", "0\n");
        await world.MirrorWellAsync();
        for (var i = 1; i <= 3; i++)
        {
            world.Source.DeleteBranch("main");
            world.Source.Commit("a", $"{i}\n");
            (await world.MirrorWellAsync()).Refs.Kept.ShouldBe(1);
        }

        world.Kept().Count.ShouldBe(3);
        world.Kept().Values.Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task The_kept_tips_of_the_source_are_its_own()
    {
        await using var world = await RelayWorld.StartAsync();
        var id = world.Source.Commit("a", "1\n");
        world.Source.UpdateRef(Kept(s_now, "heads/main"), id);

        (await world.MirrorWellAsync()).Refs.Created.ShouldBe(1);

        world.Kept().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_plan_shows_is_what_the_mirror_does()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Time = new FakeTimeProvider(s_now);
        world.Source.Commit("a", "1\n");
        world.Source.Commit("a", "2\n");
        foreach (var name in new[] { "rewritten", "gone", "folder" })
            world.Source.Branch(name);
        world.Source.TagAnnotated("moved");
        await world.MirrorWellAsync();
        world.Destination.UpdateRef(Kept(s_now.AddDays(-100), "heads/old"), world.Source.Resolve("main")!);
        world.Source.Commit("a", "3\n");
        world.Source.Branch("rewritten", "main~2");
        world.Source.DeleteBranch("gone");
        world.Source.DeleteBranch("folder");
        world.Source.Branch("folder/sub");
        world.Source.TagAnnotated("moved", "main~1", "Again");
        var before = world.Destination.ForEachRef();
        world.ClearRequests();

        var plan = await world.MirrorAsync(change: job => job with { IsPlan = true });

        plan.Status.ShouldBe(RepositoryStatus.Planned);
        world.DestinationServer.Requests.ShouldAllBe(r => !r.IsPush);
        world.Destination.ForEachRef().ShouldBe(before);

        var done = await world.MirrorWellAsync();
        done.Changes.ShouldBe(plan.Changes, ignoreOrder: true);
        done.Refs.ShouldBe(plan.Refs);
        done.Refs.ShouldBe(
            new RefCounts
            {
                Created = 1,
                Updated = 1,
                Forced = 2,
                Deleted = 3,
                Kept = 4,
            }
        );
    }

    [Fact]
    public async Task A_plan_of_equal_sides_is_unchanged_and_one_for_a_missing_destination_shows_everything()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.Source.TagAnnotated("v1");

        var missing = await world.MirrorAsync(change: job => job with { IsPlan = true, State = DestinationState.Missing });
        missing.Status.ShouldBe(RepositoryStatus.Planned);
        missing.Refs.Created.ShouldBe(2);
        world.DestinationServer.Requests.ShouldBeEmpty();

        await world.MirrorWellAsync();
        (await world.MirrorAsync(change: job => job with { IsPlan = true })).Status.ShouldBe(RepositoryStatus.Unchanged);
    }

    [Fact]
    public async Task Nothing_is_kept_where_that_is_switched_off()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.Source.Commit("a", "2\n");
        await world.MirrorWellAsync();
        world.Source.ResetHard("main", "main^");

        (await world.MirrorWellAsync(new RefOptions { KeepOverwritten = false })).Refs.Kept.ShouldBe(0);

        world.Kept().ShouldBeEmpty();
    }

    private static string Kept(DateTimeOffset time, string name) =>
        $"refs/tags/mirror-kept/{time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}/{name}";
}
