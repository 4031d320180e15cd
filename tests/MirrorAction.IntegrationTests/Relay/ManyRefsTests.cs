using System.Globalization;
using MirrorAction.Mirroring.Refs;

namespace MirrorAction.IntegrationTests.Relay;

public sealed class ManyRefsTests
{
    private const int Refs = 10_000;

    [Fact]
    public async Task Ten_thousand_refs_are_created_left_alone_extended_and_pruned()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Destination.Configure("core.filesRefLockTimeout", "1000");
        Import(world, 0, Refs);
        var tap = new WireTap(world.DestinationServer);

        (await world.MirrorWellAsync()).Refs.Created.ShouldBe(Refs);
        tap.Pushes.Count.ShouldBe(Refs / 2000);
        tap.Pushes.ShouldAllBe(commands => commands.Length <= 2000);
        tap.PackedObjects.Skip(1).ShouldAllBe(objects => objects == 0);
        world.Destination.Git("pack-refs", "--all");

        var unchanged = await world.MirrorWellAsync();
        unchanged.Requests.ShouldBe(2);
        unchanged.Refs.Unchanged.ShouldBe(Refs);

        Import(world, Refs, 50);
        (await world.MirrorWellAsync()).Refs.Created.ShouldBe(50);

        Delete(world, 3000);
        var pruned = await world.MirrorWellAsync(new RefOptions { PruneLimit = PruneLimit.Percent(100) });
        pruned.Refs.Deleted.ShouldBe(3000);
        pruned.Refs.Kept.ShouldBe(3000);
        tap.Pushes.ShouldAllBe(commands => commands.Length <= 2000);
        world.Kept().Count.ShouldBe(3000);
    }

    private static void Import(RelayWorld world, int first, int count)
    {
        using (var import = world.Source.Import())
        {
            var mark = 0;
            for (var i = first; i < first + count; i++)
            {
                mark =
                    i % 10 == 0 || mark == 0
                        ? import.Commit(
                            "refs/heads/work",
                            $"f{i % 100}",
                            string.Create(CultureInfo.InvariantCulture, $"{i}\n"),
                            world.Source.Resolve("refs/heads/b0") is { } tip && mark == 0 ? tip : null
                        )
                        : mark;
                import.Reset($"refs/heads/b{i}", $":{mark}");
            }

            import.Complete();
        }

        world.Source.DeleteBranch("work");
        world.Source.Git("pack-refs", "--all");
    }

    private static void Delete(RelayWorld world, int count)
    {
        // Packed refs are a file of lines; git itself would rewrite it for every transaction.
        var file = Path.Combine(world.Source.Path, "packed-refs");
        var gone = Enumerable.Range(1000, count).Select(i => $" refs/heads/b{i}").ToHashSet(StringComparer.Ordinal);
        File.WriteAllLines(file, File.ReadAllLines(file).Where(line => line.Length < 41 || !gone.Contains(line[40..])));
    }
}
