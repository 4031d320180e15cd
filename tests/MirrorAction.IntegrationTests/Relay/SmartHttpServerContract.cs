using System.Globalization;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>What must work whatever program serves either side.</summary>
public abstract class SmartHttpServerContract : IAsyncLifetime
{
    private RelayWorld? _world;

    private RelayWorld World => _world!;

    private GitRepository Source => World.Source;

    /// <summary>Starts the server of the source.</summary>
    protected virtual async Task<IGitServer> StartSourceAsync() => await GitHttpBackend.StartAsync();

    /// <summary>Starts the server of the destination.</summary>
    protected virtual async Task<IGitServer> StartDestinationAsync() => await GitHttpBackend.StartAsync();

    public async ValueTask InitializeAsync()
    {
        _world = RelayWorld.Between(await StartSourceAsync(), await StartDestinationAsync());

        // git sets it in repositories that several users write to.
        _world.Destination.Configure("receive.denyNonFastForwards", "false");
    }

    public async ValueTask DisposeAsync()
    {
        if (_world is not null)
            await _world.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task First_mirror_brings_everything()
    {
        Source.Commit("README.md", "one\n");
        Source.Commit("README.md", "two\n");
        Source.Branch("feature/x");
        Source.Tag("v1");
        Source.TagAnnotated("v2");

        var report = await World.MirrorWellAsync();

        report.Status.ShouldBe(RepositoryStatus.Mirrored);
        report.Refs.Created.ShouldBe(4);
    }

    [Fact]
    public async Task Nothing_is_pushed_when_nothing_changed()
    {
        Source.Commit("README.md", "one\n");
        await World.MirrorWellAsync();

        var report = await World.MirrorWellAsync();

        report.Status.ShouldBe(RepositoryStatus.Unchanged);
        report.Attempts.ShouldBe(1);
        report.Requests.ShouldBeLessThanOrEqualTo(3);
    }

    [Fact]
    public async Task Creations_moves_rewrites_and_deletions_go_together()
    {
        Source.Commit("a", "1\n");
        Source.Commit("a", "2\n");
        Source.Branch("rewritten");
        Source.Branch("gone");
        Source.TagAnnotated("v1");
        await World.MirrorWellAsync();
        Source.Commit("a", "3\n");
        Source.Branch("rewritten", "main~2");
        Source.DeleteBranch("gone");
        Source.Branch("new");
        Source.TagAnnotated("v2");

        var report = await World.MirrorWellAsync();

        report.Attempts.ShouldBe(1);
        report.Refs.Created.ShouldBe(2);
        report.Refs.Updated.ShouldBe(1);
        report.Refs.Forced.ShouldBe(1);
        report.Refs.Deleted.ShouldBe(1);
        World.Kept().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Deletions_alone_go_without_a_pack()
    {
        Source.Commit("a", "1\n");
        Source.Branch("gone");
        await World.MirrorWellAsync();
        Source.DeleteBranch("gone");

        var report = await World.MirrorWellAsync(new() { KeepOverwritten = false });

        report.Refs.Deleted.ShouldBe(1);
        World.Kept().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_renamed_branch_needs_no_object()
    {
        Source.Commit("a", "1\n");
        Source.Commit("b", "1\n", "old-name", from: Source.Resolve("main"));
        await World.MirrorWellAsync();
        Source.Branch("new-name", "old-name");
        Source.DeleteBranch("old-name");

        var report = await World.MirrorWellAsync();

        report.Refs.Created.ShouldBe(1);
        report.Refs.Deleted.ShouldBe(1);
    }

    [Fact]
    public async Task Many_refs_and_commits_arrive()
    {
        using (var import = Source.Import())
        {
            for (var i = 0; i < 300; i++)
            {
                var mark = import.Commit("main", $"dir{i % 7}/file{i}", string.Create(CultureInfo.InvariantCulture, $"content {i}\n"));
                import.Reset($"refs/tags/t{i}", $":{mark}");
            }

            import.Complete();
        }

        (await World.MirrorWellAsync()).Refs.Created.ShouldBe(301);
    }

    [Fact]
    public async Task A_pack_larger_than_the_memory_for_it_is_streamed()
    {
        Source.Commit("a", "1\n");
        await World.MirrorWellAsync();
        using (var import = Source.Import())
        {
            import.CommitRandom("refs/heads/large", "large.bin", 6 << 20, seed: 1);
            import.Complete();
        }

        var report = await World.MirrorWellAsync();

        report.BytesSent.ShouldBeGreaterThan(6 << 20);
    }

    [Fact]
    public async Task Names_are_carried_byte_for_byte()
    {
        var id = Source.Commit("a", "1\n");
        Source.UpdateRef("refs/heads/größe/日本"u8.ToArray(), id);
        Source.UpdateRef("refs/tags/50%#$'\"!"u8.ToArray(), id);

        (await World.MirrorWellAsync()).Refs.Created.ShouldBe(3);
    }

    [Fact]
    public async Task An_empty_source_deletes_nothing()
    {
        Source.Commit("a", "1\n");
        await World.MirrorWellAsync();
        Source.DeleteBranch("main");

        var report = await World.MirrorAsync();

        report.Error.ShouldBeNull();
        report.Reason.ShouldBe(SkipReason.Empty);
        World.Destination.Resolve("refs/heads/main").ShouldNotBeNull();
    }
}
