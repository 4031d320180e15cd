using System.Globalization;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Worst;

/// <summary>
/// Twenty repositories of which the destination has an older state: a run creates, updates, rewrites and deletes, and streams some packs of more
/// than 4 MiB. The destination can be set back to that state as often as needed; the source never changes.
/// </summary>
internal sealed class MovingWorld : IAsyncDisposable
{
    internal const int Repositories = 20;

    private const int Known = 14;
    private const long Noise = 5 << 20;

    private readonly TempFolder _before = new("moving-");
    private readonly Dictionary<string, string> _descriptions = [];
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _refsBefore = [];

    private MovingWorld(ActionWorld world) => World = world;

    internal ActionWorld World { get; }

    internal static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"repo-{number:00}");

    /// <summary>The first one is large, so that it is the first to be under way and the last to be done.</summary>
    internal static bool IsLarge(int number) => number is 0 or 6 or 12 or 15 or 18;

    internal static async Task<MovingWorld> StartAsync()
    {
        var moving = new MovingWorld(await ActionWorld.StartAsync());
        for (var i = 0; i < Known; i++)
            SeedOld(moving.World.GitHub.AddRepository("acme", NameOf(i)).Git, i);
        var outcome = await moving.World.RunAsync();
        outcome.ExitCode.ShouldBe(0, outcome.Text);
        moving.Remember();

        for (var i = 0; i < Known; i++)
            Move(moving.World.GitHub.Find("acme", NameOf(i))!.Git, i);
        for (var i = Known; i < Repositories; i++)
            SeedOld(moving.World.GitHub.AddRepository("acme", NameOf(i)).Git, i);
        for (var i = 0; i < Repositories; i++)
        {
            if (IsLarge(i))
                moving.World.GitHub.Find("acme", NameOf(i))!.Git.FillWithNoise(Noise, "noise", (ulong)i + 1);
        }

        return moving;
    }

    /// <summary>Sets the destination back to what it had before.</summary>
    internal void Reset()
    {
        var bitbucket = World.Bitbucket;
        foreach (var repository in bitbucket.Repositories)
            bitbucket.Remove(repository);
        foreach (var (slug, description) in _descriptions)
        {
            FolderCopy.Copy(_before[slug], Path.Combine(bitbucket.Folder, "acme-mirror", slug + ".git"));
            bitbucket.AddRepository("acme-mirror", slug).Description = description;
        }
    }

    /// <summary>
    /// What must hold at any moment, whatever happened: every repository is sound, every ref has its old value, its new one, or is one of the
    /// kept tips of an old value, and every old value is one that some ref has.
    /// </summary>
    internal void ShouldBeSound()
    {
        foreach (var mirror in World.Bitbucket.Repositories)
        {
            mirror.Git.Fsck();
            var wanted = World.GitHub.Find("acme", mirror.Slug)!.Git.BranchesAndTags();
            var before = _refsBefore.GetValueOrDefault(mirror.Slug) ?? new Dictionary<string, string>();
            foreach (var (name, id) in mirror.Git.ForEachRef())
            {
                if (name.StartsWith("refs/tags/mirror-kept/", StringComparison.Ordinal))
                    before.Values.ShouldContain(id, $"{mirror}: {name}");
                else
                    new[] { wanted.GetValueOrDefault(name), before.GetValueOrDefault(name) }.ShouldContain(id, $"{mirror}: {name}");
            }

            foreach (var (name, id) in before.Where(r => r.Key != "refs/heads/main")) // That one moves forward.
                mirror.Git.ForEachRef().Values.ShouldContain(id, $"{mirror}: {name}");
        }
    }

    /// <summary>Both sides are equal, and every value that was overwritten or deleted is kept.</summary>
    internal void ShouldHaveArrived()
    {
        MirrorComparison.Compare(World.GitHub, "acme", World.Bitbucket, "acme-mirror").ShouldBeEmpty();
        World.Bitbucket.Repositories.Count.ShouldBe(Repositories);
        foreach (var (slug, before) in _refsBefore)
        {
            var kept = World.Bitbucket.Find("acme-mirror", slug)!.Git.ForEachRef("refs/tags/mirror-kept/").Values;
            foreach (var name in (string[])["refs/heads/topic", "refs/heads/gone", "refs/tags/v1"])
                kept.ShouldContain(before[name], $"{slug}: {name}");
        }
    }

    /// <summary>The refs that the destination had before; none for a repository that is new.</summary>
    internal IReadOnlyDictionary<string, string> Before(string slug) => _refsBefore.GetValueOrDefault(slug) ?? new Dictionary<string, string>();

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        _before.Dispose();
    }

    private static void SeedOld(GitRepository git, int number)
    {
        using var import = git.Import();
        import.Commit("main", "number", $"{number}\n");
        import.Commit("main", "a", "1\n");
        import.Commit("topic", "t", "1\n", from: "refs/heads/main");
        import.Commit("gone", "g", "1\n", from: "refs/heads/main");
        import.Reset("refs/tags/v1", "refs/heads/topic");
        import.Complete();
    }

    private static void Move(GitRepository git, int number)
    {
        var main = git.Resolve("refs/heads/main")!;
        using (var import = git.Import())
        {
            import.Commit("main", "a", $"2 of {number}\n", from: main);
            import.Commit("topic", "t", "rewritten\n", from: main);
            import.Commit("new", "n", "1\n", from: main);
            import.Reset("refs/tags/v1", "refs/heads/topic");
            import.Complete();
        }

        git.DeleteBranch("gone");
    }

    private void Remember()
    {
        foreach (var mirror in World.Bitbucket.Repositories)
        {
            FolderCopy.Copy(mirror.Git.Path, _before[mirror.Slug]);
            _descriptions[mirror.Slug] = mirror.Description;
            _refsBefore[mirror.Slug] = mirror.Git.ForEachRef();
        }
    }
}
