using MirrorAction.Git.Lfs;
using MirrorAction.Git.Transport;
using MirrorAction.IntegrationTests.Relay;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Lfs;

/// <summary>Rule 14: LFS objects go before the refs that need them.</summary>
public sealed class LfsMirrorTests
{
    private const string Attributes = "*.bin filter=lfs diff=lfs merge=lfs -text\n";

    private static readonly RefOptions s_off = new() { Lfs = LfsMode.Never };

    [Fact]
    public async Task Object_that_is_damaged_holds_back_only_the_refs_that_need_it()
    {
        await using var world = await RelayWorld.StartAsync();
        var (_, good) = Commit(world, 1, "main");
        world.Source.Branch("other", "main");
        world.Source.Commit("x", "1\n", "other");
        world.Source.Branch("topic", "main");
        var (_, bad) = Commit(world, 2, "topic", "folder/b.bin");
        world.Source.Tag("v1", "topic");
        world.Source.Commit("y", "1\n", "topic");
        SourceLfs(world).Damaged.Add(bad);

        var report = await world.MirrorAsync();

        (report.Status, report.Error!.Code).ShouldBe((RepositoryStatus.Failed, ErrorCode.Lfs));
        report.Error.Message.ShouldContain(bad);
        report.Refused.Select(r => r.Ref).ShouldBe(["refs/heads/topic", "refs/tags/v1"], ignoreOrder: true);
        RelayWorld.Mirrored(world.Destination).Keys.ShouldBe(["refs/heads/main", "refs/heads/other"], ignoreOrder: true);
        Arrived(world).ShouldBe([good]);

        SourceLfs(world).Damaged.Clear();
        (await world.MirrorWellAsync()).Lfs.ShouldBe(new LfsReport(1, 1, 1000, 0));
    }

    [Fact]
    public async Task Object_that_the_source_lost_is_a_warning()
    {
        await using var world = await RelayWorld.StartAsync();
        var (_, lost) = Commit(world, 1, "main");
        SourceLfs(world).Lost.Add(lost);

        var report = await world.MirrorWellAsync();

        report.Lfs.ShouldBe(new LfsReport(1, 0, 0, 1));
        report.Warnings.ShouldContain(w => w.Contains(lost, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_nothing_can_be_stored_no_ref_moves()
    {
        await using var world = await RelayWorld.StartAsync();
        Commit(world, 1, "main");
        world.Source.Commit("x", "1\n", "other");
        DestinationLfs(world).Refusal = (507, "Insufficient storage");

        var report = await world.MirrorAsync();

        report.Error!.Code.ShouldBe(ErrorCode.Lfs);
        report.Error.Hint!.ShouldContain("lfs: false");
        world.Destination.ForEachRef().ShouldBeEmpty();
        world.Pushes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Switched_off_it_warns_where_lfs_is_in_use_and_moves_the_refs()
    {
        await using var world = await RelayWorld.StartAsync();
        Commit(world, 1, "main");

        var report = await world.MirrorWellAsync(s_off);

        report.Warnings.ShouldContain(w => w.Contains("lfs is false", StringComparison.Ordinal));
        report.Lfs.ShouldBeNull();
        Arrived(world).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("deep/down/.gitattributes", "# *.x filter=lfs\n*.bin\tfilter=lfs\r\n", LfsMode.Auto, true)]
    [InlineData(".gitattributes", "*.bin text\n# filter=lfs\n", LfsMode.Auto, false)]
    [InlineData("notes.txt", Attributes, LfsMode.Auto, false)]
    [InlineData("notes.txt", "x\n", LfsMode.Always, true)]
    public async Task Attributes_of_any_folder_say_whether_lfs_is_in_use(string file, string text, LfsMode mode, bool isFound)
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit(file, text + string.Concat(Enumerable.Repeat("# padding that makes the file no small one\n", 40)));
        world.Source.Commit("a.bin", SandboxLfs.PointerTo(Contents(1)));
        SourceLfs(world).Add("website", Contents(1));

        (await world.MirrorWellAsync(new RefOptions { Lfs = mode })).Lfs.ShouldBe(isFound ? new LfsReport(1, 1, 1000, 0) : null);
    }

    [Theory]
    [InlineData(LfsMode.Auto)]
    [InlineData(LfsMode.Always)]
    public async Task Source_without_filters_is_searched_all_the_same(LfsMode mode)
    {
        await using var world = await RelayWorld.StartAsync();
        world.SourceServer.Configuration["uploadpack.allowFilter"] = "false";
        Commit(world, 1, "main");
        world.Source.FillWithNoise(3 << 20, "noise");

        (await world.MirrorWellAsync(new RefOptions { Lfs = mode })).Lfs.ShouldBe(new LfsReport(1, 1, 1000, 0));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("filter")]
    [InlineData("shallow")]
    [InlineData("filter", "shallow")]
    [InlineData("filter", "allow-reachable-sha1-in-want", "allow-tip-sha1-in-want")]
    public async Task Source_that_speaks_only_the_oldest_protocol_is_searched_all_the_same(params string[] lacks)
    {
        await using var world = await RelayWorld.StartAsync();
        world.SourceServer.SpeaksV2 = false;
        world.SourceServer.Configuration["uploadpack.allowAnySHA1InWant"] = "false";
        world.SourceServer.Intercept = Interceptions.On(
            Interceptions.IsAdvertisement,
            Interceptions.Rewrite(text => lacks.Aggregate(text, (rest, name) => rest.Replace($" {name} ", $" {new string('x', name.Length)} ")))
        );
        Commit(world, 1, "main");

        (await world.MirrorWellAsync()).Lfs.ShouldBe(new LfsReport(1, 1, 1000, 0));

        world.Source.Commit("x", "without an object\n");
        ((await world.MirrorWellAsync()).Lfs?.Objects ?? 0).ShouldBe(0);
    }

    [Fact]
    public async Task Repository_without_lfs_at_a_server_of_the_oldest_protocol_has_none()
    {
        await using var world = await RelayWorld.StartAsync();
        world.SourceServer.SpeaksV2 = false;
        world.Source.Commit("x", "1\n");

        (await world.MirrorWellAsync()).Lfs.ShouldBeNull();
    }

    [Fact]
    public async Task Search_that_may_read_no_more_knows_nothing_and_says_so()
    {
        await using var world = await RelayWorld.StartAsync();
        Commit(world, 1, "main");
        using var http = new GitHttp(new GitHttpOptions());
        var client = new UploadPackClient(http, new GitEndpoint(world.SourceUrl), new TransferCounter());
        var refs = await client.ListRefsAsync(new RefOptions().Patterns, TestContext.Current.CancellationToken);

        foreach (var (most, isGivenUp) in new[] { (100L, true), (1L << 20, false) })
        {
            var search = new LfsPointerSearch(client, maxBytes: most);
            var found = await search.FindAsync([.. refs.Refs.Values], [], TestContext.Current.CancellationToken);

            (found.Count, search.IsGivenUp).ShouldBe((isGivenUp ? 0 : 1, isGivenUp));
        }
    }

    [Fact]
    public async Task Plan_counts_what_would_move_and_moves_nothing()
    {
        await using var world = await RelayWorld.StartAsync();
        Commit(world, 1, "main");

        var report = await world.MirrorAsync(change: job => job with { IsPlan = true });

        (report.Status, report.Lfs).ShouldBe((RepositoryStatus.Planned, new LfsReport(1, 1, 1000, 0)));
        Arrived(world).ShouldBeEmpty();
        world.DestinationServer.Requests.ShouldNotContain(r => r.Method == "PUT");
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Plan_counts_at_hosts_without_lfs_too(bool isMissingAtSource, bool isMissingAtDestination)
    {
        await using var world = await RelayWorld.StartAsync();
        Commit(world, 1, "main");
        (SourceLfs(world).IsServed, DestinationLfs(world).IsServed) = (!isMissingAtSource, !isMissingAtDestination);

        var report = await world.MirrorAsync(change: job => job with { IsPlan = true });

        (report.Status, report.Error, report.Lfs).ShouldBe((RepositoryStatus.Planned, null, new LfsReport(1, 1, 1000, 0)));
    }

    /// <summary>The search is halved until what can be read is read.</summary>
    [Theory]
    [InlineData("broken^{tree}")]
    [InlineData("broken~1")]
    public async Task Branch_that_the_source_cannot_read_hides_no_object_of_others(string what)
    {
        await using var world = await RelayWorld.StartAsync();
        var (first, one) = Commit(world, 1, "main");
        var (_, two) = Commit(world, 2, "topic", "b.bin");
        world.Source.Commit("c", "1\n", "broken", from: first);
        world.Source.Commit("c", "2\n", "broken");
        FaultyObjects.Lose(world.Source, world.Source.Git("rev-parse", what));

        var report = await world.MirrorAsync();

        report.Refused.Select(r => r.Ref).ShouldBe(["refs/heads/broken"]);
        RelayWorld.Mirrored(world.Destination).Keys.ShouldBe(["refs/heads/main", "refs/heads/topic"], ignoreOrder: true);
        Arrived(world).ShouldBe([one, two], ignoreOrder: true);
    }

    [Fact]
    public async Task Repair_sends_the_objects_that_the_mirror_lacks()
    {
        await using var world = await RelayWorld.StartAsync();
        var (_, oid) = Commit(world, 1, "main");
        await world.MirrorWellAsync(s_off);
        (await world.MirrorWellAsync()).Lfs.ShouldBeNull();

        await world.MirrorWellAsync(new RefOptions { Repair = true });

        Arrived(world).ShouldBe([oid]);
    }

    private static byte[] Contents(ulong seed) => new RandomBytes(seed).Take(1000);

    private static SandboxLfs SourceLfs(RelayWorld world) => SandboxLfs.Of(world.SourceServer.Folder);

    private static SandboxLfs DestinationLfs(RelayWorld world) => SandboxLfs.Of(world.DestinationServer.Folder);

    private static IReadOnlyList<string> Arrived(RelayWorld world) => DestinationLfs(world).ObjectsOf("website");

    /// <summary>Commits a file of LFS, whose object the source has.</summary>
    private static (string Commit, string Oid) Commit(RelayWorld world, ulong seed, string branch, string file = "a.bin")
    {
        if (world.Source.Resolve("main") is null)
        {
            world.Source.Commit(".gitattributes", Attributes);
        }

        var oid = SourceLfs(world).Add("website", Contents(seed));
        return (world.Source.Commit(file, SandboxLfs.PointerTo(Contents(seed)), branch), oid);
    }
}
