using System.Globalization;
using MirrorAction.Git.Model;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>
/// Random histories: rewrites, deletions, names in each other's way, names that are the mirror's own, people who push to the mirror, and a mirror
/// that refuses
/// any subset of it. Whatever happens, no value that the mirror ever had is lost to it, and in the end both sides are equal.
/// </summary>
public sealed class KeepHistoryTests
{
    private const int Rounds = 6;

    private static readonly string[] s_names =
    [
        "refs/heads/a",
        "refs/heads/a/b",
        "refs/heads/a/b/c",
        "refs/heads/b",
        "refs/heads/b/a",
        $"refs/heads/{new string('l', 240)}",
        "refs/heads/mirror-kept",
        "refs/tags/a",
        "refs/tags/a/b",
        "refs/tags/v1",
        "refs/tags/mirror-kept",
        "refs/tags/mirror-kept/x",
        "refs/tags/mirror-kept/20200101T000000Z/heads/a",
        "refs/tags/mirror-part",
        "refs/tags/mirror-kept-20261121T020000Z",
    ];

    private static readonly string[] s_refusals =
    [
        "*",
        "refs/tags/*",
        "refs/tags/mirror-kept",
        "refs/tags/mirror-kept-*",
        "refs/tags/mirror-kept/*",
        "refs/tags/mirror-kept/*/heads/*",
        "refs/tags/mirror-kept/*/tags/*",
        "refs/tags/mirror-kept/*/a*",
        "refs/tags/mirror-kept/*[0-9a-f]",
        "refs/heads/*",
        "refs/heads/a*",
        "refs/heads/main",
        "refs/tags/v1",
        "refs/tags/mirror-part",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Nothing_that_the_mirror_ever_had_is_lost_to_it(int seed)
    {
        var random = new Random(seed);
        await using var world = await RelayWorld.StartAsync();
        world.Destination.Configure("transfer.fsckObjects", "true");
        world.Source.Commit("a", "1\n");
        var options = new RefOptions { PruneLimit = PruneLimit.Percent(100), MaxAttempts = 1 };
        await world.MirrorWellAsync(options);
        var had = world.Destination.ForEachRef().Values.ToHashSet();

        for (var round = 0; round < Rounds; round++)
        {
            var told = new List<string> { $"round {round} of seed {seed}" };
            ChangeSource(world, random, told);
            ChangeMirror(world, random, told);
            var isRefusing = Refuse(world, random, told);
            var before = world.Destination.ForEachRef();
            had.UnionWith(before.Values);

            var report = await world.MirrorAsync(options);

            var after = world.Destination.ForEachRef();
            var story = string.Join('\n', told.Append($"{report.Status}: {report.Error?.Message}"));
            ShouldReach(world, had, story);
            Moved(before, after).ShouldBe(report.Changes.Select(c => $"{c.Ref} {c.Old} {c.New}").Order(StringComparer.Ordinal), story);
            report.Verified.ShouldBe(
                RelayWorld
                    .Mirrored(world.Destination)
                    .Where(IsNotReserved)
                    .ToHashSet()
                    .SetEquals(RelayWorld.Mirrored(world.Source).Where(IsNotReserved)),
                story
            );
            if (!isRefusing)
                report.Verified.ShouldBeTrue(story);
        }

        world.Destination.Hook("update", "exit 0");
        world.Destination.Hook("pre-receive", "exit 0");
        (await world.MirrorAsync(options)).Verified.ShouldBeTrue();
        (await world.MirrorAsync(options)).Status.ShouldBe(RepositoryStatus.Unchanged);
        ShouldReach(world, had, "in the end");
        world.Destination.Fsck();
    }

    private static void ChangeSource(RelayWorld world, Random random, List<string> told)
    {
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var name = s_names[random.Next(s_names.Length)];
            var refs = world.Source.BranchesAndTags();
            foreach (
                var other in refs.Keys.Where(r =>
                    r == name || r.StartsWith(name + "/", StringComparison.Ordinal) || name.StartsWith(r + "/", StringComparison.Ordinal)
                )
            )
                Delete(other);
            if (random.Next(3) > 0)
                Set(name, random.Next(3) == 0 ? refs.Values.ElementAt(random.Next(refs.Count)) : Commit(world.Source, random, refs));
        }

        if (random.Next(2) == 0)
            Set("refs/heads/main", Commit(world.Source, random, world.Source.BranchesAndTags()));

        void Delete(string name) => Set(name, new string('0', 40));

        void Set(string name, string id)
        {
            told.Add($"source: {name} {id}");
            world.Source.UpdateRef(name, id);
        }
    }

    /// <summary>A person adds to a branch of it, or an earlier version left a tag there.</summary>
    private static void ChangeMirror(RelayWorld world, Random random, List<string> told)
    {
        var refs = world.Destination.BranchesAndTags();
        if (random.Next(3) == 0)
        {
            var id = Commit(world.Destination, random, new Dictionary<string, string> { ["main"] = refs["refs/heads/main"] });
            told.Add($"mirror: refs/heads/main {id}");
            world.Destination.UpdateRef("refs/heads/main", id);
        }

        if (random.Next(3) == 0 && !refs.Keys.Any(r => r.StartsWith(RefPatternSet.KeptTagName, StringComparison.Ordinal)))
        {
            told.Add("mirror: refs/tags/mirror-kept");
            world.Destination.Tag("mirror-kept", Commit(world.Destination, random, refs));
        }
    }

    private static bool Refuse(RelayWorld world, Random random, List<string> told)
    {
        var patterns = Enumerable.Range(0, random.Next(3)).Select(_ => s_refusals[random.Next(s_refusals.Length)]).ToArray();
        var script = string.Join(' ', patterns.Select(p => $"{p}) echo no >&2; exit 1;;"));
        var isWhole = random.Next(2) == 0;
        told.Add($"refused{(isWhole ? " as a whole" : "")}: {string.Join(' ', patterns)}");
        world.Destination.Hook("update", isWhole ? "exit 0" : $"case $1 in {script} esac; exit 0");
        world.Destination.Hook("pre-receive", isWhole ? $"while read old new name; do case $name in {script} esac; done; exit 0" : "exit 0");
        return patterns.Length > 0;
    }

    private static string Commit(TestKit.GitRepository repository, Random random, IReadOnlyDictionary<string, string> refs)
    {
        var id = repository.Commit(
            "file",
            string.Create(CultureInfo.InvariantCulture, $"{random.Next()}\n"),
            "scratch",
            from: refs.Values.ElementAt(random.Next(refs.Count))
        );
        repository.DeleteBranch("scratch");
        return id;
    }

    private static bool IsNotReserved(KeyValuePair<string, string> r) => RefPatternSet.BranchesAndTags.Includes(RefName.FromText(r.Key));

    private static IEnumerable<string> Moved(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
        before
            .Keys.Union(after.Keys)
            .Select(name => (Name: name, Old: before.GetValueOrDefault(name), New: after.GetValueOrDefault(name)))
            .Where(r => r.Old != r.New)
            .Select(r => $"{r.Name} {r.Old} {r.New}")
            .Order(StringComparer.Ordinal);

    private static void ShouldReach(RelayWorld world, IEnumerable<string> values, string story)
    {
        world.Destination.Git("prune", "--expire=now");
        foreach (var value in values)
            world.Destination.Resolve($"{value}^{{object}}").ShouldNotBeNull($"{value} is lost after {story}");
    }
}
