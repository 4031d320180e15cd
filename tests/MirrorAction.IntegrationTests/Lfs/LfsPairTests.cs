using MirrorAction.Hosts;
using MirrorAction.IntegrationTests.Pairs;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Lfs;

/// <summary>The program between stand-ins of every kind, and the real git-lfs at both ends.</summary>
public sealed class LfsPairTests
{
    /// <summary>Each kind once in either role.</summary>
    public static TheoryData<string, string> Pairs
    {
        get
        {
            string[] kinds = [.. KnownHosts.All.Select(host => host.Kind).Order(StringComparer.Ordinal)];
            return [.. kinds.Select((kind, i) => (kind, kinds[(i + 1) % kinds.Length]))];
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Git_lfs_gets_from_the_mirror_what_it_pushed_to_the_source(string source, string destination)
    {
        Assert.SkipUnless(Programs.Find("git-lfs") is not null, "git-lfs is not installed");
        using var folder = new TempFolder("lfs-");
        await using var world = await PairWorld.StartAsync(source, destination);
        world.Source.Add("website");
        var clone = LfsClone.Init(folder["clone"], world.Source, "website");
        await clone.PushAsync("small.bin", [1, 2, 3]);
        await clone.PushAsync("large.bin", new RandomBytes(1).Take(300_000), "topic");

        await world.RunWellAsync("mirror");

        var mirror = await LfsClone.FetchAllAsync(folder["mirror"], world.Destination, "website");
        mirror.Git("lfs", "fsck", "--objects", "main", "topic").ShouldContain("Git LFS fsck OK");
        world.Destination.LfsObjectsOf("website").ShouldBe(world.Source.LfsObjectsOf("website"));
        world.Report["repositories"]![0]!["lfs"]!.ToJsonString().ShouldBe("""{"objects":2,"transferred":2,"bytes":300003,"missing":0}""");

        await world.RunWellAsync("mirror");

        world.Report["repositories"]![0]!["lfs"].ShouldBeNull();
        world.Source.Requests.Concat(world.Destination.Requests).ShouldNotContain(request => request.Path.Contains("lfs"));
    }
}
