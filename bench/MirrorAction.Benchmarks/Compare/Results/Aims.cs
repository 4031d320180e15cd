namespace MirrorAction.Benchmarks.Compare.Results;

/// <summary>Something that MirrorAction wants to reach.</summary>
/// <param name="What">In a line.</param>
/// <param name="IsMet">Whether every measurement reaches it.</param>
/// <param name="Measured">The measurements that miss it; where none does, the one that comes nearest to it.</param>
internal sealed record Aim(string What, bool IsMet, string Measured);

/// <summary>Holds a comparison against what was aimed at. Pure; an aim whose scenario or tool was not measured is left out.</summary>
internal static class Aims
{
    /// <summary>Of less, most are commands, haves and lists of refs.</summary>
    private const long PackBytes = 1_000_000;

    private const double ByteTolerance = 1.02;
    private const double PipeTolerance = 1.15;
    private const double LineTolerance = 1.25;
    private const double FloorTolerance = 2.5;
    private const double TimesFasterThanKept = 1.5;
    private const double TimesFaster = 40;
    private const double TimesFasterNear = 20;
    private const double CpuSecondsPer100Megabytes = 0.3;
    private const double PeakMebibytes = 80;
    private const double PeakMebibytesOfSixty = 40;

    /// <summary>Sixty repositories with two requests each, eight repositories at a time, 40 ms a round trip, and a quarter as much again.</summary>
    private static readonly double s_roundTrips = 1.25 * Math.Ceiling(60 * 2 / 8.0) * 0.040;

    internal static IReadOnlyList<Aim> Of(Comparison comparison)
    {
        var all = comparison.Scenarios;
        var unchanged = all.Where(s => s.Name.StartsWith("unchanged-", StringComparison.Ordinal));
        var firstLarge = all.Where(s => s.Name == "first-large").ToArray();
        var sixty = all.Where(s => s is { Name: "unchanged-60", Network: Networks.Shaped }).ToArray();
        var distant = all.Where(s => s.Network == Networks.Shaped).ToArray();
        var near = all.FirstOrDefault(s => s is { Name: "unchanged-60", Network: Networks.Loopback });
        Aim?[] aims =
        [
            Over("Unchanged repositories: the floor's requests, 2 for each repository; the REST listing apart", unchanged, Requests),
            Over(
                "Where packs weigh a megabyte and more: bytes of bodies within 2 % of the floor's; the REST listing apart",
                all.Where(s => s.Floor.BytesSent >= PackBytes),
                Bytes
            ),
            Over("First mirror of the large repository: at most 1.15 times as long as the pipe", firstLarge, OfPipe),
            Over(
                "At a distance: at least 1.5 times as fast as kept clones",
                distant,
                (s, cell) => Against(Participants.Kept, TimesFasterThanKept, s, cell)
            ),
            Over(
                "Single repositories at a distance: at most 2.5 times the floor",
                distant.Where(s => !s.Name.EndsWith("-60", StringComparison.Ordinal) && s.Name != "first-large"),
                (s, cell) => OfFloor(FloorTolerance, s, cell)
            ),
            Over(
                "First mirror of the large repository, at a distance: within 1.25 times what the line takes",
                firstLarge.Where(s => s.Network == Networks.Shaped),
                (s, cell) => OfFloor(LineTolerance, s, cell)
            ),
            Over(
                "60 unchanged repositories, 40 ms away: at least 40 times as fast as the shell loop",
                sixty,
                (s, cell) => Against(Participants.Shell, TimesFaster, s, cell)
            ),
            Over(
                "1,000 unchanged repositories: at least 20 times as fast as the shell loop",
                all.Where(s => s.Name == "unchanged-1000"),
                (s, cell) => Against(Participants.Shell, TimesFasterNear, s, cell)
            ),
            Over(
                $"60 unchanged repositories, 40 ms away: within 1.25 × ⌈120 ÷ 8⌉ × 40 ms ({Figures.Seconds(s_roundTrips)}) and the time that they take over loopback",
                sixty,
                (s, cell) => OfRoundTrips(cell, near)
            ),
            Over("Below 0.3 CPU seconds for each 100 MB relayed", firstLarge, Cpu),
            Over("Peak memory below 80 MiB", all, (_, cell) => Peak(PeakMebibytes, cell)),
            Over(
                "60 repositories: peak memory below 40 MiB",
                all.Where(s => s.Name.EndsWith("-60", StringComparison.Ordinal)),
                (_, cell) => Peak(PeakMebibytesOfSixty, cell)
            ),
        ];
        return [.. aims.OfType<Aim>()];
    }

    /// <summary>One aim over several scenarios.</summary>
    /// <param name="measure">What a scenario uses of what the aim allows, 1 being all of it; null where something to compare with is absent.</param>
    private static Aim? Over(string what, IEnumerable<ScenarioResult> scenarios, Func<ScenarioResult, CellSummary, Measure?> measure)
    {
        var measures = new List<Measure>();
        foreach (var scenario in scenarios)
        {
            var cell = CellSummary.Of(scenario, Participants.Ours);
            var measured =
                cell is { Failure: { } failure } ? new Measure(double.PositiveInfinity, failure.Word)
                : cell is null ? null
                : measure(scenario, cell);
            if (measured is not null)
            {
                measures.Add(measured with { Text = $"{scenario.Title} ({scenario.Network}): {measured.Text}" });
            }
        }

        var missed = measures.Where(m => m.Share > 1).ToArray();
        return measures.Count == 0
            ? null
            : new Aim(what, missed.Length == 0, string.Join("; ", missed.DefaultIfEmpty(measures.MaxBy(m => m.Share)!).Select(m => m.Text)));
    }

    private static Measure? Requests(ScenarioResult scenario, CellSummary cell)
    {
        if (scenario.Floor.Requests == 0)
            return null; // Nobody counted it.

        var git = cell.Requests - cell.RestRequests;
        return new Measure(
            git / scenario.Floor.Requests,
            $"{Figures.Count(git)}, floor {Figures.Count(scenario.Floor.Requests)}; listing {Figures.Count(cell.RestRequests)}"
        );
    }

    private static Measure? Bytes(ScenarioResult scenario, CellSummary cell)
    {
        double floor = scenario.Floor.BytesReceived + scenario.Floor.BytesSent;
        var over = (cell.BytesReceived + cell.BytesSent - cell.RestBytes) / floor;
        return floor == 0 ? null : new Measure(over / ByteTolerance, Figures.Times(over));
    }

    private static Measure? OfPipe(ScenarioResult scenario, CellSummary cell) =>
        cell.RatioTo(CellSummary.Of(scenario, Participants.Pipe)) is { } ratio ? new Measure(ratio / PipeTolerance, Figures.Times(ratio)) : null;

    private static Measure? OfFloor(double times, ScenarioResult scenario, CellSummary cell) =>
        scenario.Floor.WallSeconds is { } floor ? new Measure(cell.WallSeconds / floor / times, Figures.Times(cell.WallSeconds / floor)) : null;

    private static Measure? Against(string tool, double times, ScenarioResult scenario, CellSummary cell) =>
        CellSummary.Of(scenario, tool)?.RatioTo(cell) is { } ratio ? new Measure(times / ratio, Figures.Times(ratio)) : null;

    private static Measure? OfRoundTrips(CellSummary cell, ScenarioResult? near) =>
        near is not null && CellSummary.Of(near, Participants.Ours) is { Failure: null, WallSeconds: var startUp }
            ? new Measure(
                cell.WallSeconds / (s_roundTrips + startUp),
                $"{Figures.Seconds(cell.WallSeconds)} of {Figures.Seconds(s_roundTrips + startUp)}"
            )
            : null;

    private static Measure? Cpu(ScenarioResult scenario, CellSummary cell)
    {
        var seconds = cell.CpuSeconds / (cell.BytesSent / 1e8);
        return new Measure(seconds / CpuSecondsPer100Megabytes, Figures.Seconds(seconds));
    }

    private static Measure? Peak(double mebibytes, CellSummary cell) =>
        new(cell.PeakBytes / (mebibytes * (1 << 20)), $"{Figures.Mebibytes(cell.PeakBytes)} MiB");

    /// <summary>How much of what an aim allows was used, and the value in words.</summary>
    private sealed record Measure(double Share, string Text);
}
