using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;

namespace MirrorAction.Git.Lfs;

/// <summary>Finds the pointers of Git LFS in a history, without a clone: a fetch of its commits, folders and smallest files.</summary>
/// <param name="source">Who is asked, after it has listed its refs.</param>
/// <param name="isLastResort">A value that the source can't read is left out; otherwise that is an error, for it may pass.</param>
/// <param name="maxBytes">A larger pack is not read to its end; the search has no result then.</param>
public sealed class LfsPointerSearch(IFetchSource source, bool isLastResort = false, long maxBytes = long.MaxValue)
{
    /// <summary>The history was larger than may be read, so that nothing is known of it.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>Finds every pointer that is reachable from the wants and not from the haves.</summary>
    /// <param name="wants">Values of refs that the source lists.</param>
    /// <param name="haves">Objects whose pointers are of no interest, with everything they reach. Unknown ones are ignored.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The pointers, each file of git once.</returns>
    /// <exception cref="GitException">The source refused, sent no whole pack, or could not be reached.</exception>
    public async Task<IReadOnlyCollection<FoundPointer>> FindAsync(
        IReadOnlyCollection<ObjectId> wants,
        IReadOnlyCollection<ObjectId> haves,
        CancellationToken cancellationToken
    )
    {
        if (wants.Count == 0)
        {
            return [];
        }

        try
        {
            return await ScanAsync(wants, haves, cancellationToken);
        }
        catch (TooMuchException)
        {
            IsGivenUp = true;
            return [];
        }
        catch (GitException e) when (SourceFault.IsPlain(e) || (isLastResort && SourceFault.IsPossible(e)))
        {
            // Found in what can be read. A ref that can't be read does not move either.
            var found = new List<FoundPointer>();
            foreach (var half in wants.Count == 1 ? [] : wants.Chunk((wants.Count + 1) / 2))
            {
                found.AddRange(await FindAsync(half, haves, cancellationToken));
            }

            return [.. found.DistinctBy(f => f.Blob)];
        }
        catch (GitException e) when (SourceFault.IsPossible(e))
        {
            e.BlameOneOfMany();
            throw;
        }
    }

    /// <summary>The pointers in a pack that is at hand; null when it may hold others, which only its receiver could read.</summary>
    public static IReadOnlyCollection<FoundPointer>? FindIn(WholePack pack)
    {
        using var scan = new PointerScan(pack.Format);
        if (!pack.TryScan(scan))
        {
            return null;
        }

        var found = scan.Complete();
        return scan.IsComplete ? found : null;
    }

    /// <summary>A server without filters sends whole files too, which pass by unread.</summary>
    private async Task<IReadOnlyCollection<FoundPointer>> ScanAsync(
        IReadOnlyCollection<ObjectId> wants,
        IReadOnlyCollection<ObjectId> haves,
        CancellationToken cancellationToken
    )
    {
        var request = new FetchRequest
        {
            Wants = wants,
            Haves = haves,
            OfsDelta = true,
            Filter = source.CanFilter ? ObjectFilter.SmallBlobs : ObjectFilter.None,
        };
        try
        {
            return await ScanAsync(request, cancellationToken);
        }
        catch (GitException e) when (request.Filter != ObjectFilter.None && !SourceFault.IsPlain(e) && IsNoAnswer(e))
        {
            return await ScanAsync(request with { Filter = ObjectFilter.None }, cancellationToken);
        }
    }

    /// <summary>git itself has no answer, because it knows no filters: asking again does not help.</summary>
    internal static bool IsNoAnswer(GitException e) =>
        e is GitTransportException { IsEmptyAnswer: true }
        || (e is GitRemoteException { Status: null } refusal && refusal.RemoteMessage.Contains("filter", StringComparison.OrdinalIgnoreCase));

    private async Task<IReadOnlyCollection<FoundPointer>> ScanAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        using var session = await source.FetchAsync(request, cancellationToken);
        using var scan = new PointerScan(session.ObjectFormat);
        var left = maxBytes;
        await PackCheck.ScanAsync(session, scan, read => left = left >= read ? left - read : throw new TooMuchException(), cancellationToken);
        return scan.Complete();
    }

    private sealed class TooMuchException : Exception;
}
