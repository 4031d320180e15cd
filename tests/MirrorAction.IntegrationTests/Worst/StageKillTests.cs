using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.IntegrationTests.Pairs;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Worst;

/// <summary>The process is ended in the middle of one conversation of a run; nothing is broken by that, and the next run arrives.</summary>
public sealed class StageKillTests
{
    /// <summary>What is going on when it ends.</summary>
    private static readonly (string Name, bool IsAtSource, Func<HttpRequest, bool> Which)[] s_stages =
    [
        ("fetch", true, r => r.Method == "POST" && r.Path.Value!.EndsWith("/site.git/git-upload-pack", StringComparison.Ordinal)),
        ("push", false, r => r.Method == "POST" && r.Path.Value!.EndsWith("/git-receive-pack", StringComparison.Ordinal)),
        ("create", false, r => r.Method == "POST" && r.Path.Value!.EndsWith("/repos", StringComparison.Ordinal)),
        ("rename", false, r => r.Method == "PATCH"),
        ("LFS upload batch", false, r => r.Path.Value!.EndsWith("/info/lfs/objects/batch", StringComparison.Ordinal)),
        ("LFS download batch", true, r => r.Path.Value!.EndsWith("/info/lfs/objects/batch", StringComparison.Ordinal)),
        ("LFS download", true, r => r.Method == "GET" && IsLfsLink(r)),
        ("LFS upload", false, r => r.Method == "PUT" && IsLfsLink(r)),
        ("LFS verify", false, r => r.Method == "POST" && IsLfsLink(r)),
        ("wiki refs", true, r => r.Path.Value!.EndsWith(".wiki.git/git-upload-pack", StringComparison.Ordinal)),
        ("wiki push", false, r => r.Path.Value!.EndsWith(".wiki.git/git-receive-pack", StringComparison.Ordinal)),
    ];

    private static readonly byte[] s_object = new RandomBytes(5).Take(300_000);

    /// <summary>Each stage, before the host works on the request, and when its answer is on the way.</summary>
    public static TheoryData<string, bool> Ends => [.. from stage in s_stages from isAfter in (bool[])[false, true] select (stage.Name, isAfter)];

    [Theory]
    [MemberData(nameof(Ends))]
    public Task Killed_in_the_middle_of_a_stage_nothing_is_broken_and_the_next_run_arrives(string stage, bool isAfter) =>
        EndAndGoOnAsync(stage, "KILL", isAfter);

    [Theory]
    [InlineData("LFS upload")]
    [InlineData("wiki push")]
    [InlineData("rename")]
    public Task Told_to_stop_in_the_middle_of_a_stage_nothing_is_broken_and_the_next_run_arrives(string stage) =>
        EndAndGoOnAsync(stage, "TERM", isAfter: false);

    private static async Task EndAndGoOnAsync(string stage, string signal, bool isAfter)
    {
        await using var world = await PairWorld.StartAsync("gitlab", "gitea");
        await ArrangeAsync(world);
        var before = world.Destination["website"].Git.ForEachRef();
        var (_, isAtSource, which) = s_stages.Single(s => s.Name == stage);
        var host = isAtSource ? world.Source : world.Destination;
        var started = new TaskCompletionSource<ActionProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        var met = 0;
        host.Intercept = async (context, next) =>
        {
            var isIt = which(context.Request) && Interlocked.Exchange(ref met, 1) == 0;
            if (isIt && !isAfter)
                await EndAsync(await started.Task, signal);
            await next();
            if (isIt && isAfter)
                await EndAsync(await started.Task, signal);
        };

        using (var process = world.Start("mirror", "--wikis", "true"))
        {
            started.SetResult(process);
            var outcome = await process.WaitAsync();
            if (signal == "KILL")
                outcome.ExitCode.ShouldBe(137, outcome.Text);
        }

        host.Intercept = null;
        met.ShouldBe(1);
        ShouldBeSound(world, before);

        await world.RunWellAsync("mirror", "--wikis", "true");
        ShouldHaveArrived(world);
        await world.RunWellAsync("verify", "--wikis", "true");
    }

    private static bool IsLfsLink(HttpRequest request) => request.Path.StartsWithSegments("/-lfs");

    /// <summary>Something to do of every kind: a new repository, a new name, a new page, a rewritten branch with a file that LFS has.</summary>
    private static async Task ArrangeAsync(PairWorld world)
    {
        var website = world.Source.Add("website");
        website.Commit("a", "1\n");
        website.Branch("topic", "main");
        website.Commit("b", "1\n", "topic");
        website.AddWiki("main").Commit("Home.md", "one\n");
        world.Source.Add("left").Commit("a", "of another\n");
        await world.RunWellAsync("mirror", "--wikis", "true");

        world.Source.Lfs.Add(world.Source.LfsPathOf("website"), s_object);
        website.Commit(".gitattributes", "*.bin filter=lfs\n");
        website.Commit("large.bin", SandboxLfs.PointerTo(s_object));
        website.UpdateRef("refs/heads/topic", website.Git("commit-tree", "main^{tree}", "-m", "another beginning"));
        website.FindWiki()!.Commit("Home.md", "two\n");
        world.Source.Rename("left", "right");
        world.Source.Add("site").Commit("a", "new\n");
    }

    private static async Task EndAsync(ActionProcess process, string signal)
    {
        process.Signal(signal);
        if (signal == "KILL")
            await process.WaitAsync();
    }

    /// <summary>Every ref has its old value, its new one, or keeps an old one; no ref came before its object, and no object is there in part.</summary>
    private static void ShouldBeSound(PairWorld world, IReadOnlyDictionary<string, string> before)
    {
        world.Destination.Repositories.Count.ShouldBeInRange(2, 3);
        var mirror = world.Destination["website"].Git;
        mirror.Fsck();
        var wanted = world.Source["website"].Git.BranchesAndTags();
        foreach (var (name, id) in mirror.ForEachRef())
        {
            string?[] right = name.StartsWith("refs/tags/mirror-kept/", StringComparison.Ordinal)
                ? [.. before.Values]
                : [before.GetValueOrDefault(name), wanted.GetValueOrDefault(name)];
            right.ShouldContain(id, name);
            if (mirror.Resolve($"{name}:large.bin") is not null)
                world.Destination.LfsObjectsOf("website").ShouldHaveSingleItem(name);
        }

        before.Values.ShouldAllBe(id => mirror.Git("rev-list", "--all").Contains(id, StringComparison.Ordinal));
        var folder = world.Destination.Lfs.FolderOf(world.Destination.LfsPathOf("website"));
        foreach (var oid in world.Destination.LfsObjectsOf("website"))
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, oid)))).ShouldBe(oid);
    }

    private static void ShouldHaveArrived(PairWorld world)
    {
        world.Destination.Repositories.Select(copy => copy.Name).Order(StringComparer.Ordinal).ShouldBe(["right", "site", "website"]);
        world.ShouldBeEqual("right", "site", "website");
        world.Destination.LfsObjectsOf("website").ShouldBe(world.Source.LfsObjectsOf("website"));
        var wiki = world.Destination["website"].Git.FindWiki()!;
        wiki.Resolve("main").ShouldBe(world.Source["website"].Git.FindWiki()!.Resolve("main"));
    }
}
