using System.Net;
using MirrorAction.Git.Model;

namespace MirrorAction.Git.Transport;

/// <summary>The body of a push: commands, then the pack as it arrives.</summary>
/// <remarks>
/// When the source of the pack fails, the exception leaves <see cref="SendAsync"/> and the connection is cut before the body's end, so that the
/// server drops the pack and moves no ref. The body is never ended cleanly in that case.
/// </remarks>
internal sealed class PushContent(
    ReadOnlyMemory<byte> commands,
    IPackSource? pack,
    EarlyAnswer? answer,
    TransferCounter counter,
    TimeSpan reportTimeout,
    CancellationToken cancellationToken
) : RelayedContent(counter, reportTimeout)
{
    protected override string Name => "A pack";

    protected override async Task SendAsync(Stream output, CancellationToken sendToken)
    {
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
    }

    protected override bool TryComputeLength(out long length)
    {
        length = commands.Length + (pack?.Length ?? 0);
        return pack is not { Length: null };
    }
}

/// <summary>A body that is sent while it arrives from somewhere else, so that two conversations can fail.</summary>
/// <param name="counter">Counts what is sent.</param>
/// <param name="answerTimeout">How long the server may work in silence when all is sent.</param>
internal abstract class RelayedContent(TransferCounter counter, TimeSpan answerTimeout) : HttpContent
{
    private bool _isStarted;

    /// <summary>Watches the one it is sent to. Set by the one who sends.</summary>
    internal IdleWatchdog? Watchdog { get; set; }

    /// <summary>Why its source could not be read to the end; null when that is not what went wrong.</summary>
    internal Exception? SourceError { get; private protected set; }

    /// <summary>What it is, as the beginning of a sentence.</summary>
    protected abstract string Name { get; }

    /// <summary>Sends what arrives.</summary>
    protected abstract Task SendAsync(Stream output, CancellationToken sendToken);

    protected sealed override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken sendToken)
    {
        if (_isStarted)
        {
            throw new IOException($"{Name} cannot be sent a second time.");
        }

        _isStarted = true;
        await SendAsync(new SentStream(stream, counter, Watchdog), sendToken);

        // From here on the server works and is silent.
        Watchdog?.Allow(answerTimeout);
    }

    protected sealed override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);
}
