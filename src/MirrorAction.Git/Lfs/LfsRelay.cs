using System.Collections.Concurrent;
using System.Net;
using System.Runtime.ExceptionServices;
using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;

namespace MirrorAction.Git.Lfs;

/// <summary>
/// Brings LFS objects from one place to another, each as it arrives: hashed on the way, without disk, in memory that does not grow with them. One
/// instance per repository and attempt.
/// </summary>
/// <param name="source">Where they come from.</param>
/// <param name="store">Where they go.</param>
/// <param name="slots">How many may be under way at a time, beside the one that the caller's own conversation stands for.</param>
/// <param name="time">Clock and pauses.</param>
public sealed class LfsRelay(ILfsSource source, ILfsStore store, TransferSlots slots, TimeProvider time)
{
    /// <summary>An object that breaks off is begun anew so often; then the whole attempt is.</summary>
    private const int MaxTries = 3;

    private readonly ConcurrentDictionary<LfsPointer, string> _missing = [];
    private readonly ConcurrentDictionary<LfsPointer, string> _failed = [];

    /// <summary>The pause before an object is begun anew. The default value is 1 second.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What is known of quotas; by default, only what this one learns.</summary>
    public LfsQuotas Quotas { get; init; } = new();

    /// <summary>Called for each object that was stored, from any thread.</summary>
    public Action<LfsPointer>? Stored { get; init; }

    /// <summary>Moves those of some objects that the store lacks.</summary>
    /// <exception cref="LfsException">One side has no use for any object.</exception>
    /// <exception cref="GitException">One side failed; what was stored stays.</exception>
    public async Task<LfsOutcome> MoveAsync(IEnumerable<LfsPointer> objects, CancellationToken cancellationToken)
    {
        // The empty object is nothing that a server would store.
        foreach (var group in objects.Where(o => o.Size > 0).Distinct().Chunk(LfsServer.BatchSize))
        {
            try
            {
                await FindAndMoveAsync(group, cancellationToken);
            }
            catch (LfsException e)
            {
                Quotas.Learn(e, IsOfStore(e) ? store.Account : source.Account);
                throw;
            }
        }

        return new LfsOutcome(_missing.ToDictionary(), _failed.ToDictionary());
    }

    /// <summary>A quota of the source stops nobody who needs nothing of it.</summary>
    private async Task FindAndMoveAsync(LfsPointer[] group, CancellationToken cancellationToken)
    {
        Quotas.Require(store.Account);
        var lacking = await store.FindMissingAsync(group, cancellationToken);
        if (lacking.Count > 0)
        {
            Quotas.Require(source.Account);
            if (await PrepareAsync(lacking, cancellationToken))
            {
                await MoveGroupAsync(lacking, cancellationToken);
            }
        }
    }

    /// <summary>Which of the two refused. A mirror that is verified is the destination, and is read.</summary>
    private bool IsOfStore(LfsException e) => store.Account is not null && (source.Account is null || e.Service == GitService.ReceivePack);

    /// <summary>A source that gives its repository, but has no LFS, has none of the objects.</summary>
    private async Task<bool> PrepareAsync(IReadOnlyCollection<LfsPointer> objects, CancellationToken cancellationToken)
    {
        try
        {
            await source.PrepareAsync(objects, cancellationToken);
            return true;
        }
        catch (LfsException e) when (e.Fault == LfsFault.NotServed)
        {
            foreach (var pointer in objects)
            {
                _missing[pointer] = e.Message;
            }

            return false;
        }
    }

    private async Task MoveGroupAsync(IReadOnlyCollection<LfsPointer> objects, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ExceptionDispatchInfo? first = null;
        var running = new List<Task>();

        async Task MoveAsync(LfsPointer pointer, IDisposable? slot)
        {
            using (slot)
            {
                try
                {
                    await MoveOneAsync(pointer, stop.Token);
                }
                catch (Exception e)
                {
                    Interlocked.CompareExchange(ref first, ExceptionDispatchInfo.Capture(e), null);
                    await stop.CancelAsync();
                }
            }
        }

        foreach (var pointer in objects.TakeWhile(_ => first is null))
        {
            if (slots.TryTake() is { } slot)
            {
                running.Add(MoveAsync(pointer, slot));
            }
            else
            {
                await MoveAsync(pointer, null);
            }
        }

        await Task.WhenAll(running);
        cancellationToken.ThrowIfCancellationRequested();
        first?.Throw();
    }

    private async Task MoveOneAsync(LfsPointer pointer, CancellationToken cancellationToken)
    {
        try
        {
            await TryAsync(pointer, cancellationToken);
            Stored?.Invoke(pointer);
        }
        catch (LfsObjectException e)
        {
            (e.IsMissing ? _missing : _failed)[pointer] = e.Message;
        }
        catch (GitProtocolException e)
        {
            _failed[pointer] = e.Message;
        }
    }

    private async Task TryAsync(LfsPointer pointer, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var contents = await source.OpenAsync(pointer, isAgain: tries > 1, cancellationToken);
                await store.StoreAsync(pointer, contents, source.Name, isAgain: tries > 1, cancellationToken);
                return;
            }
            catch (GitRemoteException e) when (tries == 1 && MayBeExpired(e))
            {
                // Once more, with new links.
            }
            catch (GitException e) when (tries < MaxTries && MayPass(e))
            {
                await Task.Delay(RetryPause * tries, time, cancellationToken);
            }
            catch (GitRemoteException e) when (!MayPass(e) && e.Status is { } status and not HttpStatusCode.TooManyRequests)
            {
                throw LfsRefusal.OfTransfer(e, status, pointer);
            }
        }
    }

    private static bool MayBeExpired(GitRemoteException e) =>
        e.Status is { } status and (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) && !LfsRefusal.IsQuota(status, e.RemoteMessage);

    /// <summary>Of a server that was asked too often, the whole attempt waits for as long as it says.</summary>
    private static bool MayPass(GitException e) =>
        e switch
        {
            GitTransportException => e.IsTransient,
            GitRemoteException { IsPage: true } => true,
            GitRemoteException { Status: { } status } refusal => LfsRefusal.IsPassing(status)
                && status != HttpStatusCode.TooManyRequests
                && !LfsRefusal.IsQuota(status, refusal.RemoteMessage),
            _ => false,
        };
}

/// <summary>What became of objects that a store lacked: whatever is not here was stored, or was there.</summary>
/// <param name="Missing">The source itself no longer has them; with its words.</param>
/// <param name="Failed">They could not be moved; with the reason.</param>
public sealed record LfsOutcome(IReadOnlyDictionary<LfsPointer, string> Missing, IReadOnlyDictionary<LfsPointer, string> Failed);
