namespace MirrorAction.Benchmarks.Compare.Results;

/// <summary>What several rounds come to.</summary>
internal static class Statistics
{
    /// <summary>The middle value; of an even number of values, the mean of the two in the middle.</summary>
    /// <exception cref="ArgumentException">There is no value.</exception>
    internal static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted switch
        {
            [] => throw new ArgumentException("Nothing has no median.", nameof(values)),
            { Length: var n } => (sorted[(n - 1) / 2] + sorted[n / 2]) / 2,
        };
    }

    /// <summary>
    /// How many times as long the one tool took as the other: the median over the rounds that both did. What slows a whole round down, such as a busy
    /// machine, slows both down and falls out of the ratio.
    /// </summary>
    /// <returns>Null when they have no round in common.</returns>
    internal static double? RatioPerPair(IReadOnlyList<Sample> tool, IReadOnlyList<Sample> reference)
    {
        var ratios = tool.Zip(reference, (t, r) => t.WallSeconds / r.WallSeconds).ToArray();
        return ratios.Length == 0 ? null : Median(ratios);
    }
}
