namespace MirrorAction.Benchmarks.Compare.Results;

/// <summary>The keys of the networks that aims and chart know.</summary>
internal static class Networks
{
    /// <summary>No distance.</summary>
    internal const string Loopback = "loopback";

    /// <summary>What the shaping proxies make of it.</summary>
    internal const string Shaped = "40 ms, 200 Mbit/s";

    /// <summary>Those of a comparison, the ones with a distance first: that is where mirrors are.</summary>
    internal static IEnumerable<string> Of(Comparison comparison) =>
        comparison.Scenarios.Select(s => s.Network).Distinct().OrderBy(network => network == Loopback);
}
