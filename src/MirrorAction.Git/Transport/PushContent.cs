using System.Net;
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
) : RelayedContent
{
    private bool _isStarted;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken sendToken)
    {
        if (_isStarted)
        {
            throw new IOException("A pack cannot be sent a second time.");
        }

        _isStarted = true;
        var output = new SentStream(stream, counter, Watchdog);
        await output.WriteAsync(commands, sendToken);
        if (pack is not null)
        {
            try
            {
                await pack.CopyToAsync(output, () => pack.Length is null && answer is { Seen: true }, cancellationToken);
            }
            catch (GitException e)
            {
                SourceError = e;
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
}

/// <summary>A body that is sent while it arrives from somewhere else, so that two conversations can fail.</summary>
internal abstract class RelayedContent : HttpContent
{
    /// <summary>Watches the one it is sent to. Set by the one who sends.</summary>
    internal IdleWatchdog? Watchdog { get; set; }

    /// <summary>Why its source could not be read to the end; null when that is not what went wrong.</summary>
    internal Exception? SourceError { get; private protected set; }
}
