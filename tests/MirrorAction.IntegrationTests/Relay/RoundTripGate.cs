using Microsoft.AspNetCore.Http;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>
/// Holds every answer of some servers until all requests of the same round trip have come, so that a request which is only sent after one of these
/// answers never comes: whoever gets through needs no more round trips than there are here.
/// </summary>
/// <param name="trips">How many requests belong to each round trip, in their order.</param>
internal sealed class RoundTripGate(params int[] trips)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource[] _whole =
    [
        .. trips.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)),
    ];
    private readonly List<string> _seen = [];

    /// <summary>What came, a line for each request: which round trip, and what it was.</summary>
    internal IReadOnlyList<string> Seen
    {
        get
        {
            lock (_lock)
            {
                return [.. _seen];
            }
        }
    }

    /// <summary>Goes round the answers of each server.</summary>
    internal async Task PassAsync(HttpContext context, Func<Task> next)
    {
        await (Enter(context.Request)?.WaitAsync(context.RequestAborted) ?? Task.CompletedTask);
        await next();
    }

    /// <summary>All of them came, and nothing else.</summary>
    internal void ShouldBeOver() => Seen.Count.ShouldBe(trips.Sum(), string.Join('\n', Seen));

    private Task? Enter(HttpRequest request)
    {
        lock (_lock)
        {
            var (trip, before) = (0, 0);
            while (trip < trips.Length && _seen.Count >= before + trips[trip])
            {
                before += trips[trip++];
            }

            _seen.Add($"{trip + 1}: {request.Method} {request.Path}{request.QueryString}");
            if (trip == trips.Length)
            {
                return null;
            }

            if (_seen.Count == before + trips[trip])
            {
                _whole[trip].SetResult();
            }

            return _whole[trip].Task;
        }
    }
}
