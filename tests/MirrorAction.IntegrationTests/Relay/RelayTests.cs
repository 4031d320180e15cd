using MirrorAction.Mirroring.Reports;

namespace MirrorAction.IntegrationTests.Relay;

public sealed class RelayTests
{
    [Fact]
    public async Task First_mirror_brings_every_branch_and_tag()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("README.md", "one\n");
        world.Source.Commit("README.md", "two\n");
        world.Source.Branch("feature/x");
        world.Source.Tag("v1");
        world.Source.TagAnnotated("v2");

        var report = await world.MirrorAsync();

        report.Error.ShouldBeNull();
        report.Status.ShouldBe(RepositoryStatus.Mirrored);
        report.Verified.ShouldBeTrue();
        report.Refs.Created.ShouldBe(4);
        world.ShouldBeEqual();
    }

    [Fact]
    public async Task Unchanged_repository_costs_two_requests()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("README.md", "one\n");
        await world.MirrorAsync();
        world.ClearRequests();

        var report = await world.MirrorAsync();

        report.Status.ShouldBe(RepositoryStatus.Unchanged);
        report.Requests.ShouldBe(2);
        world.SourceServer.Requests.Single().ToString().ShouldStartWith("POST /website.git/git-upload-pack");
        world.DestinationServer.Requests.Single().ToString().ShouldStartWith("GET /website.git/info/refs?service=git-receive-pack");
    }

    [Fact]
    public async Task Every_body_is_counted_in_both_directions()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("README.md", "one\n");

        var report = await world.MirrorAsync();

        var requests = world.SourceServer.Requests.Concat(world.DestinationServer.Requests).ToArray();
        report.BytesSent.ShouldBe(requests.Sum(r => r.RequestBytes));
        report.BytesReceived.ShouldBe(requests.Sum(r => r.ResponseBytes));
    }

    [Fact]
    public async Task Rewritten_branch_is_forced_and_its_old_tip_kept()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("README.md", "one\n");
        var old = world.Source.Commit("README.md", "two\n");
        await world.MirrorAsync();
        world.Source.ResetHard("main", "HEAD^");
        world.Source.Commit("README.md", "three\n");

        var report = await world.MirrorAsync();

        report.Error.ShouldBeNull();
        report.Refs.Forced.ShouldBe(1);
        report.Refs.Kept.ShouldBe(1);
        world.ShouldBeEqual();
        world.Destination.ForEachRef("refs/tags/mirror-kept/").Values.ShouldBe([old]);
    }

    [Fact]
    public async Task Forward_moves_of_several_branches_are_told_from_rewrites()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.Source.Commit("a", "2\n");
        world.Source.Branch("topic", "main");
        world.Source.Branch("stale", "main");
        await world.MirrorAsync();

        // The new main is built on the old value of the branch that is reset: finding that value as a parent somewhere proves nothing.
        world.Source.Commit("a", "3\n");
        world.Source.Commit("a", "4\n", branch: "topic");
        world.Source.ResetHard("stale", "HEAD^^");

        var report = await world.MirrorAsync();

        report.Error.ShouldBeNull();
        report.Changes.Where(c => c.Kind == RefChangeKind.Update).Select(c => c.Ref).ShouldBe(["refs/heads/main", "refs/heads/topic"]);
        report.Changes.Where(c => c.Kind == RefChangeKind.Force).Select(c => c.Ref).ShouldBe(["refs/heads/stale"]);
        world.ShouldBeEqual();
    }

    [Fact]
    public async Task Branch_that_becomes_a_folder_is_deleted_first()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.Source.Branch("x", "main");
        await world.MirrorAsync();
        world.Source.DeleteBranch("x");
        world.Source.Branch("x/y", "main");

        var report = await world.MirrorAsync();

        report.Error.ShouldBeNull();
        report.Refs.Deleted.ShouldBe(1);
        world.ShouldBeEqual();
    }

    [Fact]
    public async Task Large_pack_is_streamed_in_chunks_after_a_probe()
    {
        await using var world = await RelayWorld.StartAsync();
        using (var import = world.Source.Import())
        {
            import.CommitRandom("refs/heads/main", "large.bin", 8 << 20, seed: 1);
            import.Complete();
        }

        var report = await world.MirrorAsync();

        report.Error.ShouldBeNull();
        world.ShouldBeEqual();
        var pushes = world.DestinationServer.Requests.Where(r => r.IsPush).ToArray();
        pushes.Length.ShouldBe(2);
        pushes[0].RequestBytes.ShouldBe(4);
        pushes[1].IsChunked.ShouldBeTrue();
    }
}
