using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Protocol;

namespace MirrorAction.Git.Relay;

/// <summary>
/// A pack that is asked for before it is certain that it will be sent: while other questions are answered it arrives, and where it is small it
/// answers them. One that is not used costs its bytes, and no more of them than a <see cref="PackPipe"/> holds. The relay takes it when it needs it.
/// </summary>
/// <param name="relay">The relay that will need it.</param>
public sealed class PackAhead(PackRelay relay) : IAsyncDisposable
{
    /// <summary>
    /// A longer pack is not looked into: it is inflated here, which from some size on costs more processor time than the source's answers would.
    /// </summary>
    private const int MaxLooked = 512 << 10;

    private readonly CancellationTokenSource _stop = new();
    private CancellationTokenRegistration _caller;
    private FetchRequest? _request;
    private Task<PackPipe>? _pipe;

    /// <summary>The pack that was asked for is whole in memory, or was taken, or none was asked for: its source is not kept waiting.</summary>
    public bool IsAtRest => _pipe is not { } pipe || pipe is { IsCompletedSuccessfully: true, Result.Length: not null };

    /// <summary>Asks for what some updates need, and waits for it.</summary>
    /// <param name="updates">The updates, as they will be relayed.</param>
    /// <param name="cancellationToken">Ends the conversation.</param>
    /// <returns>
    /// The pack; null when nothing is needed, when it is too long to be looked into, and when it did not come, which the relay will say.
    /// </returns>
    public async Task<WholePack?> LookAsync(IReadOnlyList<RefUpdate> updates, CancellationToken cancellationToken)
    {
        if (!relay.TakesAhead || relay.Sender.Wants(updates).Count == 0)
        {
            return null;
        }

        _caller = cancellationToken.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), _stop);
        _request = relay.Sender.RequestFor(updates);
        _pipe = relay.Sender.OpenAsync(_request, _stop.Token);
        relay.Sender.Ahead = this;
        await ((Task)_pipe).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return _pipe.IsCompletedSuccessfully ? (await _pipe).Peek(MaxLooked) : null;
    }

    /// <summary>
    /// The pack, which is the caller's from now on, where it is what a request asks for; null where it is not, or was taken. A failure of its source
    /// comes out of it as if it were asked only now.
    /// </summary>
    internal async Task<PackPipe?> TakeAsync(FetchRequest request)
    {
        var isThis =
            _request is { } asked
            && (asked.ThinPack, asked.OfsDelta, asked.Haves.Count > 0) == (request.ThinPack, request.OfsDelta, request.Haves.Count > 0)
            && asked.Wants.ToHashSet().SetEquals(request.Wants);
        return isThis && Interlocked.Exchange(ref _pipe, null) is { } pipe ? await pipe : null;
    }

    /// <summary>Lets go of the source, unless the pack was taken.</summary>
    public async Task ReleaseAsync()
    {
        if (Interlocked.Exchange(ref _pipe, null) is { } pipe)
        {
            await _stop.CancelAsync();
            await ((Task)pipe).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await (pipe.IsCompletedSuccessfully ? (await pipe).DisposeAsync() : ValueTask.CompletedTask);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ReleaseAsync();
        await _caller.DisposeAsync();
        _stop.Dispose();
    }
}
