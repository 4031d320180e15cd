using System.Collections.Concurrent;
using System.Diagnostics;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary>
/// Every fault at every stage of every command between two pairs of hosts, once and for the whole run: all of these cells where
/// <see cref="Variable"/> is <c>all</c>, as in a job of its own of CI. Else the typical faults everywhere between the usual hosts, and every other
/// one at a third of the stages, so that each stage meets a third of them; and an eighth of all between the others.
/// </summary>
public sealed class FaultMatrixTests(ITestOutputHelper output)
{
    /// <summary>The environment variable that asks for all cells.</summary>
    public const string Variable = "MIRROR_TESTS_FAULTS";

    private const int Share = 3;
    private const int ShareOfOthers = 8;

    private static readonly bool s_all = Environment.GetEnvironmentVariable(Variable) == "all";
    private static readonly ConcurrentDictionary<string, int> s_totals = [];

    /// <summary>All stages between two pairs; between the others those at which each host is asked in its own way.</summary>
    public static TheoryData<string, string, Stage> Stages =>
        [
            .. from pair in FaultPair.All
            from command in FaultCommand.All
            where command.Fits(pair)
            from stage in command.Stages.Concat(command.TypicalStages)
            where !FaultPair.Further.Contains(pair) || (stage.IsRest() && command is MirrorCommand or RenameCommand)
            select (pair.ToString(), command.Name, stage),
        ];

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task Fault_at_a_stage_is_told_truthfully_and_mended_by_the_next_run(string pair, string command, Stage stage)
    {
        var lines = new ConcurrentQueue<string>();
        var failures = new ConcurrentQueue<string>();
        var tested = FaultCommand.All.Single(c => c.Name == command);
        var between = FaultPair.All.Single(p => p.ToString() == pair);
        var cells = Cells(between, tested, stage).ToArray();
        var started = Stopwatch.GetTimestamp();
        var atATime = new ParallelOptions { MaxDegreeOfParallelism = 3, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(
            cells,
            atATime,
            async (cell, _) =>
            {
                var name = $"{stage}, {cell.Name}{(cell.Lasts ? ", always" : "")}";
                var (outcome, problems) = await RunAsync(between, tested, stage, cell.Index, cell.Lasts);
                lines.Enqueue($"{name}: {outcome}");
                foreach (var problem in problems)
                {
                    failures.Enqueue($"{name}: {problem}\n    ({outcome})");
                }
            }
        );

        foreach (var line in lines.Order(StringComparer.Ordinal))
        {
            output.WriteLine(line);
        }

        var total = s_totals.AddOrUpdate($"{command}, {pair}", cells.Length, (_, before) => before + cells.Length);
        output.WriteLine(
            $"{stage}: {cells.Length} cells in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s; {total} of {command}, {pair}, {s_totals.Values.Sum()} cells of the fault matrix so far"
        );
        failures.ShouldBeEmpty();
    }

    /// <summary>Each fault once; and those that pass, as long as the run lasts.</summary>
    private static IEnumerable<(int Index, string Name, bool Lasts)> Cells(FaultPair pair, FaultCommand command, Stage stage)
    {
        var isWhole = command.Stages.Contains(stage) && !FaultPair.Further.Contains(pair);
        var isAtOrigin = stage.IsSource() != command.ReadsMirrors;
        var host = new HostRequests(isAtOrigin ? pair.Origin : pair.Mirrors, "");

        var faults = FaultCatalog.Of(stage, new Uri("http://127.0.0.1:1/"), DateTimeOffset.UnixEpoch).ToArray();
        foreach (var (i, fault) in faults.Index().Where(f => isWhole || FaultCatalog.IsTypical(f.Item)))
        {
            var place = i + (int)stage;
            var isTaken = pair == FaultPair.Usual ? place % Share == 0 || FaultCatalog.IsTypical(fault) : place % ShareOfOthers == 0;
            if (!s_all && !isTaken)
            {
                continue;
            }

            yield return (i, fault.Name, false);
            if (!FaultPair.Further.Contains(pair) && command.VerdictOf(fault, stage, host) == Verdict.Passing && (s_all || place % 2 == 0))
            {
                yield return (i, fault.Name, true);
            }
        }
    }

    private static async Task<(string Outcome, IReadOnlyList<string> Problems)> RunAsync(
        FaultPair pair,
        FaultCommand command,
        Stage stage,
        int index,
        bool lasts
    )
    {
        var history =
            stage.IsLarge() ? FaultHistory.Medium
            : stage.IsLfs() ? FaultHistory.Lfs
            : FaultHistory.Small;

        // Rate limits are waited for by the minute, and everything else by the second.
        var hurry = FaultCatalog
            .Of(stage, new Uri("http://127.0.0.1:1/"), DateTimeOffset.UnixEpoch)
            .ElementAt(index)
            .Codes.Contains(ErrorCode.RateLimited)
            ? 500
            : 100;
        await using var world = await FaultWorld.StartAsync(pair, command, stage, history, hurry);
        world.PackMemory = stage.IsLarge() && stage != Stage.PushMedium ? 64 << 10 : 4 << 20;
        world.MaxAttempts = lasts ? 2 : 4;
        var fault = FaultCatalog.Of(stage, world.Elsewhere.Url, world.Time.GetUtcNow()).ElementAt(index);
        if (fault.IsStall)
        {
            world.Patience = TimeSpan.FromSeconds(1);
        }

        return await new FaultCell(stage, fault, lasts, world).RunAsync();
    }
}
