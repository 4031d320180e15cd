namespace MirrorAction.Benchmarks.Compare.Results;

/// <summary>What the rounds of one tool in one scenario come to.</summary>
/// <remarks>Medians are over all rounds, and mean nothing where <see cref="Failure"/> is set: what was not done has no time.</remarks>
internal sealed record CellSummary
{
    private CellSummary(IReadOnlyList<Sample> samples)
    {
        double MedianOf(Func<Sample, double> value) => Statistics.Median(samples.Select(value));
        Samples = samples;
        WallSeconds = MedianOf(s => s.WallSeconds);
        CpuSeconds = MedianOf(s => s.CpuSeconds);
        PeakBytes = samples.Max(s => s.PeakBytes);
        DiskBytes = MedianOf(s => s.DiskBytes);
        Requests = MedianOf(s => s.Requests);
        BytesReceived = MedianOf(s => s.BytesReceived);
        BytesSent = MedianOf(s => s.BytesSent);
        RestRequests = MedianOf(s => s.RestRequests);
        RestBytes = MedianOf(s => s.RestBytes);
        Failure = FailureOf(samples);
    }

    /// <summary>The rounds.</summary>
    internal IReadOnlyList<Sample> Samples { get; }

    internal double WallSeconds { get; }

    internal double CpuSeconds { get; }

    /// <summary>The largest of all rounds.</summary>
    internal long PeakBytes { get; }

    internal double DiskBytes { get; }

    internal double Requests { get; }

    internal double BytesReceived { get; }

    internal double BytesSent { get; }

    /// <summary>Of <see cref="Requests"/>, those to REST APIs.</summary>
    internal double RestRequests { get; }

    /// <summary>Of <see cref="BytesReceived"/> and <see cref="BytesSent"/>, theirs.</summary>
    internal double RestBytes { get; }

    /// <summary>Null when every round ended well and with equal sides.</summary>
    internal Failure? Failure { get; }

    /// <summary>The tool's rounds; null when it took no part in the scenario.</summary>
    internal static CellSummary? Of(ScenarioResult scenario, string tool) =>
        scenario.Cells.FirstOrDefault(c => c.Tool == tool) is { Samples.Count: > 0 } cell ? new CellSummary(cell.Samples) : null;

    /// <summary>How many times as long as the other; null when either failed, or no round is common to both.</summary>
    internal double? RatioTo(CellSummary? reference) =>
        Failure is null && reference is { Failure: null } ? Statistics.RatioPerPair(Samples, reference.Samples) : null;

    private static Failure? FailureOf(IReadOnlyList<Sample> samples)
    {
        var failed = samples.Where(s => s.ExitCode != 0).ToArray();
        if (failed.Length > 0)
        {
            var codes = string.Join(" and ", failed.Select(s => s.ExitCode).Distinct().Order());
            return new Failure("failed", $"exit code {codes} in {failed.Length} of {samples.Count} rounds");
        }

        var unequal = samples.Count(s => !s.IsMirrored);
        return unequal == 0
            ? null
            : new Failure(
                "incomplete",
                $"branches and tags were not equal afterwards in {unequal} of {samples.Count} rounds, and the exit code was 0"
            );
    }
}

/// <summary>Why a cell has no numbers.</summary>
/// <param name="Word">What stands in their place.</param>
/// <param name="Reason">What the note below the table says.</param>
internal sealed record Failure(string Word, string Reason);
