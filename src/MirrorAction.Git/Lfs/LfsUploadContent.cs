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
) : RelayedContent(counter, answerTimeout)
{
    protected override string Name => "An object that arrives";

    protected override async Task SendAsync(Stream output, CancellationToken sendToken)
    {
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
    }

    protected override bool TryComputeLength(out long length)
    {
        length = pointer.Size;
        return true;
    }

    /// <summary>Tells failures to read from failures to write.</summary>
    private sealed class BlamedStream(Stream inner, Action<Exception> blame) : ReadingStream
    {
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
    }
}
