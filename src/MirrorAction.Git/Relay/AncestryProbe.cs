using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;

namespace MirrorAction.Git.Relay;

/// <summary>
/// Finds out which updates move a branch forward, and what is part of a history, by asking the source for commits alone (<c>filter tree:0</c>).
/// </summary>
/// <remarks>
/// With the old value as the only have, the answer holds the commits that are reachable from the new value and not from the old one. The old value is
/// an ancestor exactly when one of those names it as a parent: the path from new to old has a last commit before old, which is not reachable from
/// old. Several updates share a request at first; with several haves that commit may be left out, so what is not proven is asked for alone. What
/// cannot be proven counts as rewritten.
/// </remarks>
/// <param name="source">Who is asked.</param>
/// <param name="isLastResort">A branch that the source may be unable to read is left unproven; otherwise that is an error, for it may pass.</param>
public sealed class AncestryProbe(IFetchSource source, bool isLastResort = false)
{
    /// <summary>Requests for single updates; when more branches than that were rewritten at once, the proof would take too long.</summary>
    private const int MaxSingleRequests = 64;

    /// <summary>The updates that are proven to move forward.</summary>
    /// <exception cref="GitException">The connection failed, or the source for a reason that may pass; asking again may help.</exception>
    public Task<IReadOnlySet<RefUpdate>> FindFastForwardsAsync(IReadOnlyList<RefUpdate> updates, CancellationToken cancellationToken) =>
        FindFastForwardsAsync(updates, null, cancellationToken);

    /// <summary>The updates that are proven to move forward.</summary>
    /// <param name="updates">Updates of branches.</param>
    /// <param name="pack">
    /// The pack of these updates, where it is at hand: each parent that its commits name is one, so that the source need be asked only about what the
    /// pack does not prove. Null where there is none.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="GitException">The connection failed, or the source for a reason that may pass; asking again may help.</exception>
    public async Task<IReadOnlySet<RefUpdate>> FindFastForwardsAsync(
        IReadOnlyList<RefUpdate> updates,
        WholePack? pack,
        CancellationToken cancellationToken
    )
    {
        var proven = new HashSet<RefUpdate>();
        if (pack is not null && updates.Count > 0)
        {
            var history = CommitHistory.Of(pack);
            proven.UnionWith(updates.Where(u => history.Reaches(u.New, u.Old)));
            updates = [.. updates.Where(u => !proven.Contains(u))];
        }

        if (updates.Count == 0 || !source.CanFilter)
        {
            return proven;
        }

        if (!await ProveAsync(updates, proven, cancellationToken))
        {
            return proven;
        }

        foreach (var update in updates.Count == 1 ? [] : updates.Where(u => !proven.Contains(u)).Take(MaxSingleRequests).ToArray())
        {
            if (!await ProveAsync([update], proven, cancellationToken))
            {
                break;
            }
        }

        return proven;
    }

    /// <summary>
    /// The commits that are not proven to be equal to one of the tips, or an ancestor of one: none when all are part of that history. When some are
    /// not, what they hide may be among them.
    /// </summary>
    /// <remarks>
    /// With all of them as haves, every commit of which a child comes is an ancestor. One that is an ancestor of another have stays hidden behind
    /// it, so that the rest is asked for again, as long as that proves something more.
    /// </remarks>
    /// <param name="commits">Tips of another repository; the source need not know them.</param>
    /// <param name="tips">What the source lists.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="GitTransportException">The connection failed; asking again may help.</exception>
    public async Task<IReadOnlySet<ObjectId>> FindUnprovenAsync(
        IReadOnlyCollection<ObjectId> commits,
        IReadOnlyCollection<ObjectId> tips,
        CancellationToken cancellationToken
    )
    {
        var open = commits.Except(tips).ToHashSet();
        if (tips.Count == 0 || !source.CanFilter)
        {
            return open;
        }

        try
        {
            var wants = tips.ToHashSet();
            for (var rounds = 0; open.Count > 0 && rounds < MaxSingleRequests; rounds++)
            {
                var history = await CommitHistory.ReadAsync(source, wants, open, cancellationToken);
                var proven = (history ?? CommitHistory.Unknown).AncestorsOf(wants).Where(open.Contains).ToList();
                if (proven.Count == 0)
                {
                    break;
                }

                open.ExceptWith(proven);
            }
        }
        catch (GitException e) when (IsNoAnswer(e))
        {
            // What is not proven may be anybody's.
        }

        return open;
    }

    /// <summary>No filter at this server, or an answer that can't be read: asking again does not help.</summary>
    private static bool IsNoAnswer(GitException e) => !e.IsTransient || e is GitTransportException { IsEmptyAnswer: true };

    /// <summary>
    /// Adds what is proven. False where nothing can be, because the server lists no commits alone, or its answer can't be read: unproven is
    /// rewritten, and old values are kept. An update that the source cannot read holds no other back.
    /// </summary>
    private async Task<bool> ProveAsync(IReadOnlyList<RefUpdate> updates, HashSet<RefUpdate> proven, CancellationToken cancellationToken)
    {
        try
        {
            var wants = updates.Select(u => u.New).ToHashSet();
            var haves = updates.Select(u => u.Old).ToHashSet();
            if (await CommitHistory.ReadAsync(source, wants, haves, cancellationToken) is { } history)
            {
                proven.UnionWith(updates.Where(u => history.Reaches(u.New, u.Old)));
            }

            return true;
        }
        catch (GitTransportException e) when (e.IsEmptyAnswer)
        {
            return await HasFiltersAsync(updates[0].Old, cancellationToken);
        }
        catch (GitException e) when (SourceFault.IsPlain(e) || (isLastResort && SourceFault.IsPossible(e)))
        {
            return true; // What is not proven is asked for alone, or unproven when it was.
        }
        catch (GitException e) when (!e.IsTransient)
        {
            return false;
        }
        catch (GitException e) when (SourceFault.IsPossible(e))
        {
            e.BlameOneOfMany();
            throw;
        }
    }

    /// <summary>git answers nothing at all where it knows no filters, and also where it can't read what is wanted. A question without an object in
    /// its answer tells.</summary>
    private async Task<bool> HasFiltersAsync(ObjectId known, CancellationToken cancellationToken)
    {
        try
        {
            await CommitHistory.ReadAsync(source, [known], [known], cancellationToken);
            return true;
        }
        catch (GitRemoteException e) when (e.IsNotOurRef)
        {
            return true; // It came as far as the wants, which are behind the filter.
        }
        catch (GitException e) when (IsNoAnswer(e))
        {
            return false;
        }
    }
}
