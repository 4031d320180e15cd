using System.Collections.Concurrent;

namespace MirrorAction.TestKit;

/// <summary>A git server that answers as a transcript says, and keeps what it was asked so that both directions can be held against it.</summary>
public sealed class ReplayServer : IAsyncDisposable
{
    private readonly Transcript _transcript;
    private readonly ConcurrentQueue<WireRequest> _requests = new();
    private readonly WireServer _server;
    private int _next = -1;

    private ReplayServer(Transcript transcript)
    {
        _transcript = transcript;
        _server = WireServer.Answering(Answer);
    }

    /// <summary>The repository that the transcript is about.</summary>
    public Uri Url => new(_server.Url, "acme/website.git");

    /// <summary>The requests so far.</summary>
    public IReadOnlyList<WireRequest> Requests => [.. _requests];

    /// <summary>Starts serving.</summary>
    public static ReplayServer Start(Transcript transcript) => new(transcript);

    /// <summary>
    /// Says where the requests differ from the transcript; null when every byte of every request is as recorded and none is missing.
    /// </summary>
    public string? Difference()
    {
        var asked = Requests.Select(r => $"{r.Method} {r.Target["/acme/website.git/".Length..]}\n{Escaped.Write(r.Content)}");
        var recorded = _transcript.Exchanges.Select(e => $"{e.Method} {e.Target}\n{Escaped.Write(e.Request)}");
        var (left, right) = (string.Join("\n\n", asked), string.Join("\n\n", recorded));
        return left == right ? null : $"Asked:\n{left}\n\nRecorded:\n{right}";
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private WireAnswer Answer(WireRequest request)
    {
        _requests.Enqueue(request);
        var number = Interlocked.Increment(ref _next);
        if (number >= _transcript.Exchanges.Count)
            return new WireAnswer(500, "text/plain", $"The transcript ends after {_transcript.Exchanges.Count} requests.");
        var exchange = _transcript.Exchanges[number];
        return new WireAnswer(200, exchange.ContentType, exchange.Answer);
    }
}
