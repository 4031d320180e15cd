using MirrorAction.Git.Model;
using MirrorAction.Mirroring.Refs;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>How many requests a repository costs, and how many round trips they take: docs/PERFORMANCE.md says what each is for.</summary>
public sealed class RoundTripTests : IAsyncLifetime
{
    private RelayWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await RelayWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Nothing_new_takes_one()
    {
        _world.Source.Commit("a", "1\n");
        await _world.MirrorWellAsync();

        await CostAsync(2);
    }

    [Fact]
    public async Task First_mirror_takes_four()
    {
        _world.Source.Commit("a", "1\n");

        await CostAsync(2, 1, 1, 1);
    }

    [Fact]
    public async Task Branch_that_moved_forward_takes_four_because_its_pack_proves_it()
    {
        _world.Source.Commit("a", "1\n");
        await _world.MirrorWellAsync();
        _world.Source.Commit("a", "2\n");

        await CostAsync(2, 1, 1, 1);
    }

    [Fact]
    public async Task Branch_that_moved_forward_by_commits_that_are_deltas_takes_no_more()
    {
        // Messages that are alike: git stores such commits as deltas of one another, the oldest against the newest.
        var message = string.Join('\n', Enumerable.Range(0, 200).Select(i => $"A line that all commits have, number {i}."));
        _world.Source.Commit("a", "1\n");
        await _world.MirrorWellAsync();
        for (var i = 2; i < 12; i++)
        {
            _world.Source.Git("commit-tree", "-p", "main", "-m", $"{message}\n{i}", "main^{tree}").ShouldNotBeEmpty();
            _world.Source.Branch("main", _world.Source.Git("commit-tree", "-p", "main", "-m", $"{message}\n{i}", "main^{tree}"));
        }

        _world.Source.Git("repack", "-adfq");

        await CostAsync(2, 1, 1, 1);
    }

    [Fact]
    public async Task Deleted_branch_is_asked_about_while_its_value_is_kept()
    {
        _world.Source.Commit("a", "1\n");
        _world.Source.Commit("b", "1\n", "topic");
        await _world.MirrorWellAsync();
        _world.Source.DeleteBranch("topic");

        await CostAsync(2, 2, 1, 1); // Both refs; is it foreign, and its tip; the deletion; the proof.
    }

    [Fact]
    public async Task Rewritten_branch_is_asked_about_by_itself_because_no_pack_proves_that_it_did_not_move_forward()
    {
        _world.Source.Commit("a", "1\n");
        _world.Source.Commit("b", "1\n");
        await _world.MirrorWellAsync();
        _world.RewriteMain();

        await CostAsync(2, 1, 1, 2, 1, 1); // Both refs; the pack; the commits alone; is it foreign, and its tip; the push; the proof.
    }

    [Fact]
    public async Task Lfs_that_is_in_use_takes_no_more_where_the_pack_holds_no_pointer()
    {
        _world.Source.Commit(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
        await _world.MirrorWellAsync();
        _world.Source.Commit("a", "1\n");

        await CostAsync(2, 1, 1, 1);
    }

    [Fact]
    public async Task With_lfs_off_it_is_asked_whether_that_loses_something()
    {
        _world.Source.Commit("a", "1\n");
        await _world.MirrorWellAsync();
        _world.Source.Commit("a", "2\n");

        await CostAsync(new RefOptions { Lfs = LfsMode.Never }, 2, 1, 1, 1, 1);
    }

    private Task CostAsync(params int[] trips) => CostAsync(new RefOptions(), trips);

    private async Task CostAsync(RefOptions options, params int[] trips)
    {
        var gate = new RoundTripGate(trips);
        _world.SourceServer.Intercept = _world.DestinationServer.Intercept = gate.PassAsync;

        var report = await _world.MirrorWellAsync(options);

        gate.ShouldBeOver();
        report.Requests.ShouldBe(trips.Sum());
    }
}
