using System.Collections.Concurrent;
using MirrorAction.Mirroring.Reporting;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary>Every fault at every stage of a run, once and for the whole run.</summary>
public sealed class FaultMatrixTests(ITestOutputHelper output)
{
    private static int s_total;

    [Theory]
    [InlineData(Stage.ListSource)]
    [InlineData(Stage.ListDestination)]
    [InlineData(Stage.Create)]
    [InlineData(Stage.LsRefs)]
    [InlineData(Stage.Advertisement)]
    [InlineData(Stage.Ancestry)]
    [InlineData(Stage.Fetch)]
    [InlineData(Stage.FetchLarge)]
    [InlineData(Stage.PushSmall)]
    [InlineData(Stage.PushMedium)]
    [InlineData(Stage.Probe)]
    [InlineData(Stage.PushLarge)]
    [InlineData(Stage.Report)]
    [InlineData(Stage.ReRead)]
    [InlineData(Stage.MainBranch)]
    public async Task Fault_at_a_stage_is_told_truthfully_and_mended_by_the_next_run(Stage stage)
    {
        var lines = new ConcurrentQueue<string>();
        var failures = new ConcurrentQueue<string>();
        var cells = Cells(stage).ToArray();
        var atATime = new ParallelOptions { MaxDegreeOfParallelism = 3, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(cells, atATime, async (cell, _) =>
        {
            var name = $"{stage}, {cell.Name}{(cell.Lasts ? ", always" : "")}";
            var (outcome, problems) = await RunAsync(stage, cell.Index, cell.Lasts);
            lines.Enqueue($"{name}: {outcome}");
            foreach (var problem in problems)
            {
                failures.Enqueue($"{name}: {problem}\n    ({outcome})");
            }
        });

        foreach (var line in lines.Order(StringComparer.Ordinal))
        {
            output.WriteLine(line);
        }

        output.WriteLine($"{stage}: {cells.Length} cells; {Interlocked.Add(ref s_total, cells.Length)} cells of the fault matrix so far");
        failures.ShouldBeEmpty();
    }

    /// <summary>Each fault once; and those that pass, as long as the run lasts.</summary>
    private static IEnumerable<(int Index, string Name, bool Lasts)> Cells(Stage stage)
    {
        var faults = FaultCatalog.Of(stage, new Uri("http://127.0.0.1:1/"), DateTimeOffset.UnixEpoch).ToArray();
        for (var i = 0; i < faults.Length; i++)
        {
            yield return (i, faults[i].Name, false);
            if (faults[i].At(stage) == Verdict.Passing)
            {
                yield return (i, faults[i].Name, true);
            }
        }
    }

    private static async Task<(string Outcome, IReadOnlyList<string> Problems)> RunAsync(Stage stage, int index, bool lasts)
    {
        var history = stage is Stage.PushMedium or Stage.PushLarge or Stage.FetchLarge or Stage.Probe ? FaultHistory.Medium : FaultHistory.Small;

        // Rate limits are waited for by the minute, and everything else by the second.
        var hurry = FaultCatalog.Of(stage, new Uri("http://127.0.0.1:1/"), DateTimeOffset.UnixEpoch).ElementAt(index).Codes.Contains(ErrorCode.RateLimited) ? 500 : 100;
        await using var world = await FaultWorld.StartAsync(history, isMissing: stage == Stage.Create, hurry);
        world.PackMemory = stage is Stage.PushLarge or Stage.FetchLarge or Stage.Probe ? 64 << 10 : 4 << 20;
        world.MaxAttempts = lasts ? 2 : 4;
        var fault = FaultCatalog.Of(stage, world.Elsewhere.Url, world.Time.GetUtcNow()).ElementAt(index);
        if (fault.IsStall)
        {
            world.Patience = TimeSpan.FromMilliseconds(400);
        }

        return await new FaultCell(stage, fault, lasts, world).RunAsync();
    }
}
