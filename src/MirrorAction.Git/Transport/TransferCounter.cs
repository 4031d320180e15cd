namespace MirrorAction.Git.Transport;

/// <summary>Counts what went to and came from git servers. Thread-safe.</summary>
public sealed class TransferCounter
{
    private long _requests;
    private long _received;
    private long _sent;

    /// <summary>HTTP requests, redirects followed included.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Bytes of answer bodies.</summary>
    public long BytesReceived => Interlocked.Read(ref _received);

    /// <summary>Bytes of request bodies.</summary>
    public long BytesSent => Interlocked.Read(ref _sent);

    internal void CountRequest() => Interlocked.Increment(ref _requests);

    internal void CountReceived(long bytes) => Interlocked.Add(ref _received, bytes);

    internal void CountSent(long bytes) => Interlocked.Add(ref _sent, bytes);
}
