using System.Runtime.CompilerServices;
using MirrorAction.Git.Model;
using MirrorAction.Http;

namespace MirrorAction.Git.Transport;

/// <summary>
/// The body of an answer: counts its bytes, feeds the watchdog, holds a limit, and turns every way in which a connection can break into
/// <see cref="GitTransportException"/>. Owns neither the stream nor the watchdog.
/// </summary>
internal sealed class WatchedStream(Stream inner, IdleWatchdog watchdog, TransferCounter counter, string peer, long limit) : Stream
{
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

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

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Reading is asynchronous.");

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
