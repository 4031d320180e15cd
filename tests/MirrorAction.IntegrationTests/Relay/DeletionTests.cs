using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>Deletions, names in each other's way, and servers that forbid to delete or to rewrite.</summary>
public sealed class DeletionTests
{
    [Theory]
    [InlineData("x", "x/y")]
    [InlineData("x/y", "x")]
    [InlineData("x", "x/y/z")]
    [InlineData("a/b/c", "a/b")]
    public async Task A_name_makes_room_for_one_that_it_stands_in_the_way_of(string before, string after)
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.Source.Branch(before);
        world.Source.Tag(before);
        await world.MirrorWellAsync();
        world.Source.DeleteBranch(before);
        world.Source.DeleteTag(before);
        world.Source.Branch(after);
        world.Source.Tag(after);
        world.Source.Commit("a", "2\n", after);

        var report = await world.MirrorWellAsync();

        report.Attempts.ShouldBe(1);
        report.Refs.Deleted.ShouldBe(2);
        report.Refs.Created.ShouldBe(2);
    }

    [Fact]
    public async Task A_folder_of_branches_makes_room_for_one_branch()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        foreach (var name in new[] { "x/1", "x/2/3", "x/4" })
            world.Source.Branch(name);
        await world.MirrorWellAsync();
        foreach (var name in new[] { "x/1", "x/2/3", "x/4" })
            world.Source.DeleteBranch(name);
        world.Source.Branch("x");

        (await world.MirrorWellAsync()).Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task Every_deleted_value_is_kept_and_stays_reachable()
    {
        await using var world = await RelayWorld.StartAsync();
        var main = world.Source.Commit("a", "1\n");
        var lost = world.Source.Commit("b", "1\n", "lost", from: main);
        var tag = world.Source.TagAnnotated("v1", lost);
        await world.MirrorWellAsync();
        world.Source.DeleteBranch("lost");
        world.Source.DeleteTag("v1");

        var report = await world.MirrorWellAsync();

        report.Refs.Kept.ShouldBe(2);
        world.Kept().Values.ShouldBe([lost, tag], ignoreOrder: true);
        world.Kept().Keys.ShouldContain(k => k.EndsWith("/heads/lost", StringComparison.Ordinal));
        world.Kept().Keys.ShouldContain(k => k.EndsWith("/tags/v1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_deleted_without_prune()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.Source.Branch("gone");
        await world.MirrorWellAsync();
        world.Source.DeleteBranch("gone");

        var report = await world.MirrorAsync(new RefOptions { Prune = false });

        report.Status.ShouldBe(RepositoryStatus.Unchanged);
        world.Destination.Resolve("refs/heads/gone").ShouldNotBeNull();
    }

    [Fact]
    public async Task A_server_that_forbids_deletions_gets_everything_else()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Destination.Configure("receive.denyDeletes", "true");
        world.Source.Commit("a", "1\n");
        world.Source.Branch("gone");
        await world.MirrorWellAsync();
        world.Source.DeleteBranch("gone");
        var tip = world.Source.Commit("a", "2\n");

        var report = await world.MirrorAsync();

        report.Status.ShouldBe(RepositoryStatus.Failed);
        report.Error!.Code.ShouldBe(ErrorCode.RefRejected);
        report.Refused.Single().Ref.ShouldBe("refs/heads/gone");
        report.Refused.Single().Reason.ShouldContain("deletion prohibited");
        report.Verified.ShouldBeFalse();
        world.Destination.Resolve("refs/heads/main").ShouldBe(tip);
    }

    [Fact]
    public async Task A_server_that_offers_no_deletions_gets_everything_else()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.Source.Branch("gone");
        await world.MirrorWellAsync();
        world.DestinationServer.Intercept = Interceptions.On(
            r => r.IsAdvertisement(),
            Interceptions.Rewrite(answer => answer.Replace(" delete-refs", " xxxxxx-refs", StringComparison.Ordinal))
        );
        world.Source.DeleteBranch("gone");
        var tip = world.Source.Commit("a", "2\n");

        var report = await world.MirrorAsync();

        report.Error!.Code.ShouldBe(ErrorCode.RefRejected);
        report.Refused.Single().Ref.ShouldBe("refs/heads/gone");
        world.Destination.Resolve("refs/heads/main").ShouldBe(tip);
    }

    [Fact]
    public async Task A_server_that_forbids_rewrites_gets_everything_else()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Destination.Configure("receive.denyNonFastForwards", "true");
        world.Source.Commit("a", "1\n");
        var old = world.Source.Commit("a", "2\n");
        world.Source.Branch("forward");
        await world.MirrorWellAsync();
        world.Source.ResetHard("main", "main^");
        world.Source.Commit("a", "3\n", "forward");
        world.Source.Branch("new");

        var report = await world.MirrorAsync();

        report.Status.ShouldBe(RepositoryStatus.Failed);
        report.Error!.Code.ShouldBe(ErrorCode.RefRejected);
        report.Refused.Single().Ref.ShouldBe("refs/heads/main");
        report.Refused.Single().Reason.ShouldContain("non-fast-forward");
        report.Refs.ShouldBe(new RefCounts { Created = 1, Updated = 1 });
        world.Destination.Resolve("refs/heads/main").ShouldBe(old);
        world.Destination.Fsck();
    }

    [Fact]
    public async Task A_rewrite_that_is_refused_every_time_leaves_no_tips_behind()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Destination.Configure("receive.denyNonFastForwards", "true");
        world.Source.Commit("a", "1\n");
        world.Source.Commit("a", "2\n");
        await world.MirrorWellAsync();
        world.Source.ResetHard("main", "main^");

        for (var i = 0; i < 3; i++)
            (await world.MirrorAsync()).Error!.Code.ShouldBe(ErrorCode.RefRejected);

        world.Kept().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_checked_out_branch_of_a_destination_with_a_working_copy_is_named()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.Source.Branch("other");
        await world.MirrorWellAsync();
        world.Destination.Configure("core.bare", "false");
        world.Source.Commit("a", "2\n");
        world.Source.Commit("a", "2\n", "other");

        var report = await world.MirrorAsync();

        report.Refused.Single().Ref.ShouldBe("refs/heads/main");
        report.Refused.Single().Reason.ShouldContain("checked out");
        report.Refs.Updated.ShouldBe(1);
    }
}
