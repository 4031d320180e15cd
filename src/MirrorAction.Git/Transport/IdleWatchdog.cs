using System.Runtime.CompilerServices;
using MirrorAction.Git.Model;
using MirrorAction.Http;

namespace MirrorAction.Git.Transport;

/// <summary>
/// Cancels a conversation in which no byte moved for some time. There is no limit on the whole: a transfer of hours is fine while it flows.
/// </summary>
internal sealed class IdleWatchdog : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _registration;
    private readonly CancellationToken _caller;
    private TimeSpan _limit;

    internal IdleWatchdog(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        _limit = limit;
        _caller = cancellationToken;
        _source = new CancellationTokenSource(limit, time);
        _registration = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    /// <summary>Fires on silence and when the caller cancels.</summary>
    internal CancellationToken Token => _source.Token;

    /// <summary>It was silence, not the caller.</summary>
    internal bool HasFired => _source.IsCancellationRequested && !_caller.IsCancellationRequested;

    /// <summary>What to tell of the silence.</summary>
    internal string Describe(string peer) => $"{peer} sent and took no byte for {_limit.TotalSeconds:0} seconds; the connection was given up.";

    /// <summary>A byte moved.</summary>
    internal void Touch() => _source.CancelAfter(_limit);

    /// <summary>Nothing is awaited of the peer; its silence is not counted until the next <see cref="Touch"/>.</summary>
    internal void Rest() => _source.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <summary>Nobody waits for the peer any more.</summary>
    internal void Stop() => _source.Cancel();

    /// <summary>From here on another silence is allowed.</summary>
    internal void Allow(TimeSpan limit)
    {
        _limit = limit;
        Touch();
    }

    public void Dispose()
    {
        _registration.Dispose();
        _source.Dispose();
    }
}

/// <summary>
/// The body of an answer: counts its bytes, feeds the watchdog, holds a limit, and turns every way in which a connection can break into
/// <see cref="GitTransportException"/>. Owns neither the stream nor the watchdog.
/// </summary>
internal sealed class WatchedStream(Stream inner, IdleWatchdog watchdog, TransferCounter counter, string peer, long limit) : ReadingStream
{
    private long _read;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            // Only while someone reads: a peer that is not read from may well be kept waiting, by a slow destination.
            watchdog.Touch();
            using var stop = cancellationToken.UnsafeRegister(static watchdog => ((IdleWatchdog)watchdog!).Stop(), watchdog);
            var read = await inner.ReadAsync(buffer, watchdog.Token);
            watchdog.Rest();
            counter.CountReceived(read);
            _read += read;
            return _read <= limit ? read : throw new GitProtocolException($"{peer} sent more than {limit >> 20} MiB where so much cannot be needed.");
        }
        catch (OperationCanceledException) when (watchdog.HasFired && !cancellationToken.IsCancellationRequested)
        {
            throw new GitTransportException(watchdog.Describe(peer)) { IsTimeout = true };
        }
        catch (Exception e) when (e is IOException or HttpRequestException or ObjectDisposedException or InvalidDataException)
        {
            throw new GitTransportException($"The connection to {peer} broke: {TextSanitizer.CleanEnd(e.Message)}", e);
        }
    }
}
