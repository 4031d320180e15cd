using System.IO.Pipelines;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Transport;

namespace MirrorAction.Git.Relay;

/// <summary>
/// A pack between two hosts: a pump reads it from the source, checks it and puts it into a bounded buffer, from which the destination's request
/// takes it. A pack that fits into the buffer has a known length; of a larger one only the buffer's size is ever in memory, and the slower
/// side sets the pace. Owns the session; must be disposed.
/// </summary>
internal sealed class PackPipe : IPackSource, IAsyncDisposable
{
    private readonly FetchSession _session;
    private readonly PackTrailerValidator _inspector;
    private readonly Pipe _pipe;
    private readonly TaskCompletionSource _isFull = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop;
    private readonly Action<long>? _progress;
    private readonly long? _limit;
    private Task _pump = Task.CompletedTask;

    private PackPipe(FetchSession session, GitHttpOptions options, long? limit, Action<long>? progress, CancellationToken cancellationToken)
    {
        _session = session;
        _progress = progress;
        _limit = limit;
        _inspector = new PackTrailerValidator(session.ObjectFormat, session.Peer);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _pipe = new Pipe(
            new PipeOptions(
                pauseWriterThreshold: options.PackMemory,
                resumeWriterThreshold: options.PackMemory / 2,
                minimumSegmentSize: options.CopySize,
                useSynchronizationContext: false
            )
        );
    }

    /// <inheritdoc/>
    public long? Length => _pump.IsCompletedSuccessfully ? _inspector.Length : null;

    /// <summary>Returns when the pack is complete, or as much of it is there as the memory holds: never before its header.</summary>
    /// <param name="session">The pack; owned from here on, also when this throws.</param>
    /// <param name="options">How many bytes to hold, and to write at a time.</param>
    /// <param name="limit">A pack of more bytes fails with <see cref="PackTooLargeException"/>; null for no limit.</param>
    /// <param name="progress">Called for bytes that arrived.</param>
    /// <param name="cancellationToken">Ends the pump.</param>
    /// <exception cref="GitException">The source failed before that point.</exception>
    internal static async Task<PackPipe> OpenAsync(
        FetchSession session,
        GitHttpOptions options,
        long? limit,
        Action<long>? progress,
        CancellationToken cancellationToken
    )
    {
        var pack = new PackPipe(session, options, limit, progress, cancellationToken);
        pack._pump = pack.PumpAsync();
        await Task.WhenAny(pack._isFull.Task, pack._pump);
        if (pack._pump.IsFaulted || pack._pump.IsCanceled)
        {
            await pack.DisposeAsync();
            await pack._pump;
        }

        return pack;
    }

    /// <summary>The whole of a pack of at most so many bytes that nobody has read from; null when it is longer, or has not arrived.</summary>
    internal WholePack? Peek(int maxLength)
    {
        if (Length is not { } length || length > maxLength || !_pipe.Reader.TryRead(out var all))
        {
            return null;
        }

        var pack = new WholePack(all.Buffer, _session.ObjectFormat);
        _pipe.Reader.AdvanceTo(all.Buffer.Start);
        return pack;
    }

    /// <inheritdoc/>
    public async Task CopyToAsync(Stream destination, Func<bool> hasEnough, CancellationToken cancellationToken)
    {
        while (!hasEnough())
        {
            var part = await _pipe.Reader.ReadAsync(cancellationToken);
            foreach (var segment in part.Buffer)
            {
                await destination.WriteAsync(segment, cancellationToken);
            }

            _pipe.Reader.AdvanceTo(part.Buffer.End);
            if (part.IsCompleted)
            {
                return;
            }
        }
    }

    /// <summary>Stops the pump and lets go of the source.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _pump.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _pipe.Reader.CompleteAsync();
        _session.Dispose();
        _inspector.Dispose();
        _stop.Dispose();
    }

    private async Task PumpAsync()
    {
        try
        {
            while (await _session.ReadAsync(_stop.Token) is { Length: > 0 } bytes)
            {
                _inspector.Inspect(bytes.Span, _pipe.Writer);
                _progress?.Invoke(bytes.Length);
                if (_inspector.Length > _limit)
                {
                    throw new PackTooLargeException($"The pack from {_session.Peer} is larger than {_limit} bytes.");
                }

                var flush = _pipe.Writer.FlushAsync(_stop.Token);
                if (!flush.IsCompleted)
                {
                    _isFull.TrySetResult();
                }

                await flush;
            }

            _inspector.Finish(_pipe.Writer);
            await _pipe.Writer.CompleteAsync();
        }
        catch (Exception e)
        {
            _ = (e as GitException)?.In(GitService.UploadPack);
            await _pipe.Writer.CompleteAsync(e);
            throw;
        }
    }
}
