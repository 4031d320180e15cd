using System.Net;
using MirrorAction.Git.Transport;

namespace MirrorAction.Git.Lfs;

/// <summary>The body of an upload: an object as it arrives, with its length said beforehand, which signed links and many proxies want.</summary>
internal sealed class LfsUploadContent(
    LfsPointer pointer,
    Stream contents,
    string peer,
    EarlyAnswer? answer,
    TransferCounter counter,
    TimeSpan answerTimeout,
    Action<long>? progress,
    CancellationToken cancellationToken
) : RelayedContent
{
    private bool _isStarted;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken sendToken)
    {
        if (_isStarted)
        {
            throw new IOException("An object that arrives cannot be sent a second time.");
        }

        _isStarted = true;
        var output = new SentStream(stream, counter, Watchdog);
        var source = new BlamedStream(contents, e => SourceError = e);
        try
        {
            await LfsContents.CopyAsync(source, output, pointer, peer, () => answer is { Seen: true }, progress, cancellationToken);
        }
        catch (LfsObjectException e)
        {
            SourceError = e;
            throw;
        }

        // From here on the server works and is silent.
        Watchdog?.Allow(answerTimeout);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = pointer.Size;
        return true;
    }

    /// <summary>Tells failures to read from failures to write.</summary>
    private sealed class BlamedStream(Stream inner, Action<Exception> blame) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return await inner.ReadAsync(buffer, cancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                blame(e);
                throw;
            }
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
