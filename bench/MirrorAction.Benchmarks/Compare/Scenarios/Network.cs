namespace MirrorAction.Benchmarks.Compare.Scenarios;

/// <summary>What lies between the tools and the hosts.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Title">What results call it.</param>
/// <param name="RoundTrip">How long a byte takes to a host and back.</param>
/// <param name="BytesPerSecond">What fits through it, to each host and from each, over all connections.</param>
internal sealed record Network(string Name, string Title, TimeSpan RoundTrip, double BytesPerSecond)
{
    /// <summary>Nothing but the machine itself.</summary>
    internal static Network Loopback { get; } = new("loopback", "loopback", TimeSpan.Zero, double.PositiveInfinity);

    /// <summary>About what lies between a runner of GitHub and a host on the same continent.</summary>
    internal static Network Wan { get; } = new("wan", "40 ms, 200 Mbit/s", TimeSpan.FromMilliseconds(40), 200e6 / 8);

    /// <summary>All there are.</summary>
    internal static IReadOnlyList<Network> All { get; } = [Loopback, Wan];
}
