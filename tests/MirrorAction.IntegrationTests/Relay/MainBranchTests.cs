using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>The source's default branch becomes the destination's main branch, also when the old one has to go.</summary>
public sealed class MainBranchTests
{
    private readonly List<string> _set = [];

    [Fact]
    public async Task A_renamed_default_branch_is_renamed_at_the_destination()
    {
        await using var world = await StartAsync("main");
        Rename(world, "main", "trunk");

        var report = await MirrorAsync(world, "main");

        report.Error.ShouldBeNull();
        world.ShouldBeEqual();
        world.Destination.Head.ShouldBe("trunk");
        _set.ShouldBe(["trunk"]);
    }

    [Theory]
    [InlineData("main", "main/next")]
    [InlineData("release/main", "release")]
    public async Task A_default_branch_that_can_only_be_created_after_the_old_one_is_gone_gets_a_stand_in(string before, string after)
    {
        await using var world = await StartAsync(before);
        world.Source.Branch("other", before);
        await world.MirrorWellAsync();
        Rename(world, before, after);

        var report = await MirrorAsync(world, before);

        report.Error.ShouldBeNull();
        world.ShouldBeEqual();
        world.Destination.Head.ShouldBe(after);
        _set.ShouldBe(["other", after]);
    }

    [Fact]
    public async Task A_successor_that_needs_room_first_takes_over_before_the_old_main_branch_goes()
    {
        await using var world = await StartAsync("old");
        world.Source.Branch("room", "old");
        await world.MirrorWellAsync();
        world.Source.DeleteBranch("room");
        Rename(world, "old", "room/new");

        (await MirrorAsync(world, "old")).Error.ShouldBeNull();

        world.ShouldBeEqual();
        _set.ShouldBe(["room/new"]);
    }

    [Fact]
    public async Task Another_branch_stands_in_for_a_default_branch_that_the_source_cannot_send()
    {
        await using var world = await StartAsync("old");
        world.Source.Branch("other", "old");
        Rename(world, "old", "new");
        world.Source.Commit("b", "what the mirror lacks\n", "new");
        FaultyObjects.Lose(world.Source, world.Source.Git("rev-parse", "new:b"));

        var report = await MirrorAsync(world, "old");

        report.Refused.Single().Ref.ShouldBe("refs/heads/new");
        world.Destination.HasRef("refs/heads/old").ShouldBeFalse();
        world.Destination.Resolve("other").ShouldBe(world.Source.Resolve("other"));
        _set.ShouldBe(["other"]);
    }

    [Fact]
    public async Task Without_any_stand_in_the_old_main_branch_is_refused_by_name()
    {
        await using var world = await StartAsync("main");
        Rename(world, "main", "main/next");

        var report = await MirrorAsync(world, "main");

        report.Status.ShouldBe(RepositoryStatus.Failed);
        report.Error!.Code.ShouldBe(ErrorCode.RefRejected);
        report.Refused.Select(r => r.Ref).ShouldContain("refs/heads/main");
        world.Destination.Resolve("refs/heads/main").ShouldNotBeNull();
    }

    [Fact]
    public async Task Without_a_host_to_ask_the_deletion_is_refused_in_the_servers_words_and_the_rest_moves()
    {
        await using var world = await StartAsync("main");
        Rename(world, "main", "trunk");
        world.Source.TagAnnotated("v1", "trunk");

        var report = await world.MirrorAsync();

        report.Status.ShouldBe(RepositoryStatus.Failed);
        report.Error!.Code.ShouldBe(ErrorCode.RefRejected);
        report.Refused.Single().Ref.ShouldBe("refs/heads/main");
        report.Refused.Single().Reason.ShouldContain("deletion of the current branch prohibited");
        report.Refs.Created.ShouldBe(2);
        world.Destination.Resolve("refs/heads/trunk").ShouldBe(world.Source.Resolve("refs/heads/trunk"));
    }

    [Fact]
    public async Task A_changed_default_branch_alone_is_set_without_a_push()
    {
        await using var world = await StartAsync("main");
        world.Source.Branch("develop", "main");
        await world.MirrorWellAsync();
        world.Source.Head = "develop";
        world.ClearRequests();

        var report = await MirrorAsync(world, "main");

        report.Status.ShouldBe(RepositoryStatus.Unchanged);
        world.Pushes.ShouldBeEmpty();
        _set.ShouldBe(["develop"]);
    }

    [Fact]
    public async Task The_main_branch_is_not_set_when_it_is_right()
    {
        await using var world = await StartAsync("main");
        world.Source.Commit("a", "2\n");

        (await MirrorAsync(world, "main")).Error.ShouldBeNull();

        _set.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_new_destination_gets_the_default_branch_as_its_main_branch()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n", "aaa");
        world.Source.Commit("a", "1\n", "trunk");
        world.Source.Head = "trunk";

        (await MirrorAsync(world, null)).Error.ShouldBeNull();

        world.ShouldBeEqual();
        world.Destination.Head.ShouldBe("trunk");
    }

    [Fact]
    public async Task A_default_branch_that_the_destination_refused_is_not_made_the_main_branch()
    {
        await using var world = await StartAsync("main");
        world.Destination.Hook("update", "case $1 in refs/heads/trunk) echo 'no trunk here' >&2; exit 1;; esac");
        world.Source.Branch("trunk", "main");
        world.Source.Head = "trunk";

        var report = await MirrorAsync(world, "main");

        report.Error!.Code.ShouldBe(ErrorCode.RefRejected);
        report.Error.Message.ShouldContain("no trunk here");
        _set.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_host_that_cannot_set_the_main_branch_fails_the_repository_and_the_pushed_refs_are_reported()
    {
        await using var world = await StartAsync("main");
        world.Source.Branch("trunk", "main");
        world.Source.Head = "trunk";

        var report = await world.MirrorAsync(change: job =>
            job with
            {
                MainBranch = "main",
                SetMainBranch = (_, _) =>
                    throw new HostException(
                        "The main branch was not set.",
                        new HostFailure(HostFailureKind.Forbidden, "Give the token more scopes.")
                    ),
            }
        );

        report.Status.ShouldBe(RepositoryStatus.Failed);
        report.Error!.Code.ShouldBe(ErrorCode.DestinationForbidden);
        report.Changes.Select(c => c.Ref).ShouldBe(["refs/heads/trunk"]);
    }

    private static async Task<RelayWorld> StartAsync(string mainBranch)
    {
        var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n", mainBranch);
        world.Source.Head = world.Destination.Head = mainBranch;
        await world.MirrorWellAsync();
        return world;
    }

    private static void Rename(RelayWorld world, string before, string after)
    {
        var id = world.Source.Resolve($"refs/heads/{before}")!;
        world.Source.DeleteBranch(before);
        world.Source.UpdateRef($"refs/heads/{after}", id);
        world.Source.Head = after;
    }

    private Task<RepositoryReport> MirrorAsync(RelayWorld world, string? mainBranch) =>
        world.MirrorAsync(change: job =>
            job with
            {
                MainBranch = mainBranch,
                SetMainBranch = (branch, _) =>
                {
                    world.Destination.Resolve($"refs/heads/{branch}").ShouldNotBeNull();
                    world.Destination.Head = branch;
                    _set.Add(branch);
                    return Task.CompletedTask;
                },
            }
        );
}
