using MirrorAction.Benchmarks.Compare.Scenarios;
using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks.Compare.Measuring;

/// <summary>What both hosts were asked, as they counted it.</summary>
/// <param name="Requests">HTTP requests.</param>
/// <param name="BytesReceived">Bytes of bodies from the hosts.</param>
/// <param name="BytesSent">Bytes of bodies to the hosts.</param>
/// <param name="RestRequests">How many of the requests were not git's.</param>
/// <param name="RestReceived">How many of the bytes received were theirs.</param>
/// <param name="RestSent">How many of the bytes sent were theirs.</param>
internal sealed record Traffic(int Requests, long BytesReceived, long BytesSent, int RestRequests, long RestReceived, long RestSent)
{
    /// <summary>Since the requests were last forgotten.</summary>
    internal static Traffic Of(World world)
    {
        var requests = world.GitHub.Requests.Concat(world.Bitbucket.Requests).ToList();
        var rest = requests.Where(request => !request.IsGit).ToList();
        return new Traffic(requests.Count, Received(requests), Sent(requests), rest.Count, Received(rest), Sent(rest));
    }

    private static long Received(IEnumerable<RecordedRequest> requests) => requests.Sum(request => request.ResponseBytes);

    private static long Sent(IEnumerable<RecordedRequest> requests) => requests.Sum(request => request.RequestBytes);
}
