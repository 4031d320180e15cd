using System.Globalization;
using System.Text;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>Packs of every size and form, and how few bytes they take.</summary>
public sealed class PackTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(1000)]
    public async Task Packs_on_both_sides_of_the_unpack_limit_arrive(int objects)
    {
        await using var world = await RelayWorld.StartAsync();
        await PushObjectsAsync(world, objects);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task Packs_are_kept_whole_where_the_destination_unpacks_none(int objects)
    {
        await using var world = await RelayWorld.StartAsync();
        world.Destination.Configure("receive.unpackLimit", "1");
        await PushObjectsAsync(world, objects);
        Directory.GetFiles(Path.Combine(world.Destination.Path, "objects", "pack"), "*.pack").ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("100")]
    [InlineData("1")]
    public async Task One_changed_line_of_a_long_file_costs_less_than_2_KiB_each_way(string unpackLimit)
    {
        await using var world = await RelayWorld.StartAsync();
        world.Destination.Configure("receive.unpackLimit", unpackLimit);
        var lines = Enumerable.Range(0, 20_000).Select(i => $"{i} {i * 2654435761L % 1000003}").ToArray();
        world.Source.Commit("data/long.txt", string.Join('\n', lines));
        await world.MirrorWellAsync();
        lines[9_999] = "changed";
        world.Source.Commit("data/long.txt", string.Join('\n', lines));
        world.Source.Git("repack", "-adq");
        world.ClearRequests();

        await world.MirrorWellAsync();

        world.SourceServer.Requests.ShouldAllBe(r => r.ResponseBytes < 2048);
        world.Pushes.Single().RequestBytes.ShouldBeLessThan(2048);
    }

    [Fact]
    public async Task A_destination_without_thin_packs_gets_none()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", Text(500));
        await world.MirrorWellAsync();
        world.DestinationServer.Intercept = Interceptions.On(
            r => r.IsAdvertisement(),
            Interceptions.Rewrite(answer => WithCapability(answer, "no-thin"))
        );
        var tap = new WireTap(world.SourceServer);
        world.Source.Commit("a", Text(501));

        await world.MirrorWellAsync();

        tap.Fetches.Single().ShouldNotContain("thin-pack");
        tap.Fetches.Single().ShouldContain(l => l.StartsWith("have ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_destination_without_offset_deltas_gets_none()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", Text(500));
        world.Source.Commit("a", Text(501));
        world.DestinationServer.Intercept = Interceptions.On(
            r => r.IsAdvertisement(),
            Interceptions.Rewrite(answer => answer.Replace(" ofs-delta", " xxx-delta", StringComparison.Ordinal))
        );
        var tap = new WireTap(world.SourceServer);

        await world.MirrorWellAsync();

        tap.Fetches.Single().ShouldNotContain("ofs-delta");
    }

    [Fact]
    public async Task Objects_of_alternates_are_not_sent_again()
    {
        await using var world = await RelayWorld.StartAsync();
        var first = world.Source.Commit("a", Text(2000));
        await world.MirrorWellAsync();
        var fork = world.DestinationServer.Create("fork");
        await File.WriteAllTextAsync(
            Path.Combine(fork.Path, "objects", "info", "alternates"),
            Path.Combine(world.Destination.Path, "objects") + "\n",
            TestContext.Current.CancellationToken
        );
        var sourceTap = new WireTap(world.SourceServer);
        var tap = new WireTap(world.DestinationServer);
        world.Source.Commit("a", Text(2001));
        world.Source.Branch("same", first);

        var report = await world.MirrorAsync(change: job => job with { Destination = new(world.DestinationServer.UrlOf("fork")) });

        report.Error.ShouldBeNull();
        fork.BranchesAndTags().ShouldBe(world.Source.BranchesAndTags(), ignoreOrder: true);
        fork.Fsck();
        sourceTap.Fetches.Single().ShouldContain($"have {first}");
        sourceTap.Fetches.Single().ShouldNotContain($"want {first}");
        tap.PackedObjects.ShouldBe([3]);
    }

    [Fact]
    public async Task Nothing_is_fetched_when_every_object_is_there()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        await world.MirrorWellAsync();
        world.Source.Branch("copy");
        world.ClearRequests();
        var tap = new WireTap(world.DestinationServer);

        await world.MirrorWellAsync();

        tap.PackedObjects.ShouldBe([0]);
        world.SourceServer.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task One_commit_costs_five_requests()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        await world.MirrorWellAsync();
        world.Source.Commit("a", "2\n");

        var report = await world.MirrorWellAsync();

        // Lists of both sides, the pack, which also shows that the branch moved forward and needs nothing of LFS, push, and the list after it.
        report.Requests.ShouldBe(5);
        report.BytesSent.ShouldBeLessThan(3000);
    }

    private static async Task PushObjectsAsync(RelayWorld world, int objects)
    {
        world.Source.Commit("first", "1\n");
        await world.MirrorWellAsync();
        var tap = new WireTap(world.DestinationServer);
        if (objects == 1)
        {
            // A commit of a tree that is there already.
            var tree = world.Source.Git("rev-parse", "main^{tree}");
            world.Source.Branch("main", world.Source.Git("commit-tree", "-p", "main", "-m", "again", tree));
        }
        else
        {
            // A commit, its tree, and the rest are files.
            using var import = world.Source.Import();
            import.Commit("main", "Many\n", Enumerable.Range(0, objects - 2).Select(SmallFile), from: "refs/heads/main^0");
            import.Complete();
        }

        await world.MirrorWellAsync();

        tap.PackedObjects.ShouldBe([objects]);
    }

    private static KeyValuePair<string, byte[]?> SmallFile(int i) =>
        new($"f{i}", Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"file {i}\n")));

    private static string Text(int lines) => string.Join('\n', Enumerable.Range(0, lines).Select(i => $"line {i * 7919 % 10007}"));

    /// <summary>Adds a capability to the first ref of an advertisement.</summary>
    private static string WithCapability(string answer, string capability)
    {
        var nul = answer.IndexOf('\0', StringComparison.Ordinal);
        var start = answer.IndexOf("\n0000", StringComparison.Ordinal) + 5;
        var end = answer.IndexOf('\n', nul);
        return answer[..start] + Interceptions.Pkt($"{answer[(start + 4)..end]} {capability}\n") + answer[(end + 1)..];
    }
}
