using System.Text.Json.Serialization;

namespace MirrorAction.Benchmarks.Counts;

/// <summary>What one run costs, in things that can be counted: the same on a busy machine and on an idle one.</summary>
/// <param name="Requests">HTTP requests that the hosts saw.</param>
/// <param name="BytesReceived">Bytes of bodies from the hosts.</param>
/// <param name="BytesSent">Bytes of bodies to the hosts.</param>
/// <param name="Allocated">Bytes of memory that the program allocated.</param>
/// <param name="Instructions">Instructions of the processor, the fewest of some runs; 0 where they could not be counted.</param>
internal sealed record Count(long Requests, long BytesReceived, long BytesSent, long Allocated, long Instructions)
{
    /// <summary>More than that is growth. Threads make allocations and instructions vary by some per cent less.</summary>
    internal const double Tolerance = 1.05;

    [JsonIgnore]
    internal IEnumerable<(string Name, long Value)> Parts =>
        [
            ("requests", Requests),
            ("bytes received", BytesReceived),
            ("bytes sent", BytesSent),
            ("bytes allocated", Allocated),
            ("instructions", Instructions),
        ];

    /// <summary>What has grown since another count; what either side has not counted has not.</summary>
    internal IEnumerable<string> GrownSince(Count before) =>
        from pair in Parts.Zip(before.Parts)
        where pair.First.Value > pair.Second.Value * Tolerance && pair.Second.Value > 0
        select FormattableString.Invariant(
            $"{pair.First.Name} {pair.Second.Value:#,0} → {pair.First.Value:#,0} ({(double)pair.First.Value / pair.Second.Value - 1:+0.0%})"
        );
}

/// <summary>The counts that are held, and why they are what they are.</summary>
/// <param name="Reason">Why they were last accepted.</param>
/// <param name="Scenarios">The counts by scenario.</param>
internal sealed record CountBaseline(string Reason, SortedDictionary<string, Count> Scenarios);
