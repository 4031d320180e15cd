using System.Runtime.CompilerServices;

namespace MirrorAction.Git.Transport;

/// <summary>The body of a request on its way: counts what is written and feeds the watchdog. Leaves the inner stream open.</summary>
internal sealed class SentStream(Stream inner, TransferCounter counter, IdleWatchdog? watchdog) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))] // Runs once a packet of a pack; nothing may be left to collect.
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        watchdog?.Touch();
        counter.CountSent(buffer.Length);
        await inner.WriteAsync(buffer, cancellationToken);
        watchdog?.Rest();
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
