using System.Net;
using System.Runtime.CompilerServices;
using MirrorAction.Git.Model;

namespace MirrorAction.Git.Transport;

/// <summary>The body of a push: commands, then the pack as it arrives.</summary>
/// <remarks>
/// When the source of the pack fails, the exception leaves <see cref="SerializeToStreamAsync(Stream, TransportContext?, CancellationToken)"/> and the
/// connection is cut before the body's end, so that the server drops the pack and moves no ref. The body is never ended cleanly in that case.
/// </remarks>
internal sealed class PushContent(
    ReadOnlyMemory<byte> commands,
    IPackSource? pack,
    EarlyAnswer? answer,
    TransferCounter counter,
    TimeSpan reportTimeout,
    CancellationToken cancellationToken
) : HttpContent
{
    private bool _isStarted;

    /// <summary>Set by the one who sends.</summary>
    internal IdleWatchdog? Watchdog { get; set; }

    /// <summary>Why the pack could not be read to its end; null when that is not what went wrong.</summary>
    internal GitException? PackError { get; private set; }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken sendToken)
    {
        if (_isStarted)
        {
            throw new IOException("A pack cannot be sent a second time.");
        }

        _isStarted = true;
        var output = new CountingStream(stream, counter, Watchdog);
        await output.WriteAsync(commands, sendToken);
        if (pack is not null)
        {
            try
            {
                await pack.CopyToAsync(output, () => pack.Length is null && answer is { Seen: true }, cancellationToken);
            }
            catch (GitException e)
            {
                PackError = e;
                throw;
            }
        }

        // From here on the server works and is silent.
        Watchdog?.Allow(reportTimeout);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = commands.Length + (pack?.Length ?? 0);
        return pack is not { Length: null };
    }

    /// <summary>Counts what is written and feeds the watchdog; leaves the inner stream open.</summary>
    private sealed class CountingStream(Stream inner, TransferCounter counter, IdleWatchdog? watchdog) : Stream
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
}
