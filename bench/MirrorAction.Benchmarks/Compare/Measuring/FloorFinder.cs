using MirrorAction.Benchmarks.Compare.Results;
using MirrorAction.Benchmarks.Compare.Scenarios;

namespace MirrorAction.Benchmarks.Compare.Measuring;

/// <summary>Finds what any correct tool needs for a scenario.</summary>
/// <remarks>
/// Requests: both sides' refs of each repository, a fetch and a push for each that lacks objects, a push for each that
/// lacks nothing but refs. Bytes: what those listings weigh, the commands of the pushes, and git's own packs, in and out; not the requests for packs,
/// in which a tool may offer the source as much or as little as it likes. Round trips: see <see cref="RoundTrips"/>.
/// </remarks>
internal static class FloorFinder
{
    /// <summary>Finds it for the world as its scenario begins.</summary>
    /// <param name="pipe">How long the packs took from git to git by a pipe, in seconds; null where that was not measured.</param>
    internal static async Task<Floor> FindAsync(World world, Network network, double? pipe)
    {
        world.Restore(keepsClones: false);
        var listing = await Listing.AskAsync(world);
        var (fetches, pushes, packs, commands) = (0, 0, 0L, 0L);
        foreach (var (source, destination) in world.Pairs)
        {
            var need = PackNeed.Between(source.Git, destination.Git);
            fetches += need.HasObjects ? 1 : 0;
            pushes += need.HasCommands ? 1 : 0;
            packs += await need.PackBytesAsync(source.Git);
            commands += need.Commands.Length;
        }

        var trips = RoundTrips(listing.RestRequests, fetches, pushes);
        (double? Seconds, string Origin) time =
            network.RoundTrip > TimeSpan.Zero
                ? (
                    (trips * network.RoundTrip.TotalSeconds) + (packs / network.BytesPerSecond),
                    $"{trips} round trips{(packs == 0 ? "" : " and the packs at the line's rate")}"
                )
            : pipe is not null ? (pipe, "measured, git upload-pack piped into git receive-pack")
            : (null, "none");
        return new Floor(
            listing.Requests - listing.RestRequests + fetches + pushes,
            listing.BytesReceived - listing.RestReceived + packs,
            listing.BytesSent - listing.RestSent + commands + packs,
            time.Seconds,
            $"the refs of both sides of every repository, git's own packs (fetches: {fetches}, pushes: {pushes}); time: {time.Origin}"
        );
    }

    /// <summary>
    /// With as many connections as one likes: the handshake, the first page of both listings at once, all other pages at once, the refs of both sides
    /// at once, the fetches, and then the pushes, which carry the packs while these are still coming.
    /// </summary>
    private static int RoundTrips(int pages, int fetches, int pushes) => 2 + (pages > 2 ? 1 : 0) + 1 + (fetches > 0 ? 1 : 0) + (pushes > 0 ? 1 : 0);
}
