namespace MirrorAction.Benchmarks.Growth;

/// <summary>One measurement: how much of something there was, and what a run took.</summary>
internal sealed record GrowthPoint(double Amount, double Seconds, double CpuSeconds, double Mebibytes);

/// <summary>What a run takes as one thing grows.</summary>
/// <param name="Name">Its key, also of its file.</param>
/// <param name="Title">What grows, and in which situation.</param>
/// <param name="Unit">What the amounts count.</param>
/// <param name="Points">The measurements, the smallest amount first.</param>
internal sealed record GrowthSeries(string Name, string Title, string Unit, IReadOnlyList<GrowthPoint> Points)
{
    /// <summary>A change of slope by more than that is a bend.</summary>
    private const double Bend = 0.3;

    /// <summary>The slopes of the wall time between neighbours, on axes that are both logarithmic: 0 costs nothing more, 1 is proportional.</summary>
    internal IReadOnlyList<double> TimeSlopes => Slopes(p => p.Seconds);

    /// <summary>The same of the largest memory.</summary>
    internal IReadOnlyList<double> MemorySlopes => Slopes(p => p.Mebibytes);

    /// <summary>The amounts at which the wall time begins to grow in another way.</summary>
    internal IReadOnlyList<double> TimeBends => Bends(TimeSlopes);

    /// <summary>The same of the largest memory.</summary>
    internal IReadOnlyList<double> MemoryBends => Bends(MemorySlopes);

    private List<double> Slopes(Func<GrowthPoint, double> value) =>
        [.. Points.Zip(Points.Skip(1), (from, to) => Math.Log(value(to) / value(from)) / Math.Log(Place(to) / Place(from)))];

    /// <summary>No latency at all has its place too: that of one millisecond.</summary>
    private static double Place(GrowthPoint point) => Math.Max(point.Amount, 1);

    private List<double> Bends(IReadOnlyList<double> slopes) =>
        [.. Enumerable.Range(1, Math.Max(slopes.Count - 1, 0)).Where(i => Math.Abs(slopes[i] - slopes[i - 1]) > Bend).Select(i => Points[i].Amount)];
}
