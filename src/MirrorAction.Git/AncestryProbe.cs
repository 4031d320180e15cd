namespace MirrorAction.Git;

/// <summary>
/// Finds out which updates move a branch forward, by asking the source for commits alone (<c>filter tree:0</c>).
/// </summary>
/// <remarks>
/// With the old value as the only have, the answer holds the commits that are reachable from the new value and not from the old one. The old value is an
/// ancestor exactly when one of those names it as a parent: the path from new to old has a last commit before old, which is not reachable from
/// old. Several updates share a request at first; with several haves that commit may be left out, so what is not proven is asked for alone. What
/// cannot be proven counts as rewritten.
/// </remarks>
public sealed class AncestryProbe(UploadPackClient source)
{
    /// <summary>Requests for single updates; when more branches than that were rewritten at once, the proof would take too long.</summary>
    private const int MaxSingleRequests = 64;

    /// <summary>The updates that are proven to move forward.</summary>
    /// <exception cref="GitTransportException">The connection failed; asking again may help.</exception>
    public async Task<IReadOnlySet<RefUpdate>> FindFastForwardsAsync(IReadOnlyList<RefUpdate> updates, CancellationToken cancellationToken)
    {
        var proven = new HashSet<RefUpdate>();
        if (updates.Count == 0 || !source.CanFilter)
        {
            return proven;
        }

        try
        {
            await ProveAsync(updates, proven, cancellationToken).ConfigureAwait(false);
            foreach (var update in updates.Count == 1 ? [] : updates.Where(u => !proven.Contains(u)).Take(MaxSingleRequests).ToArray())
            {
                await ProveAsync([update], proven, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (GitException e) when (!e.IsTransient || e is GitTransportException { IsEmptyAnswer: true })
        {
            // No filter at this server, or an answer that can't be read: unproven is rewritten, and old values are kept.
        }

        return proven;
    }

    private async Task ProveAsync(IReadOnlyList<RefUpdate> updates, HashSet<RefUpdate> proven, CancellationToken cancellationToken)
    {
        var wants = updates.Select(u => u.New).ToHashSet();
        var haves = updates.Select(u => u.Old).ToHashSet();
        if (await CommitHistory.ReadAsync(source, wants, haves, cancellationToken).ConfigureAwait(false) is { } history)
        {
            proven.UnionWith(updates.Where(u => Reaches(u.New, u.Old, history)));
        }
    }

    /// <summary>
    /// Whether a path leads from one commit back to the other. In an answer for several branches the old value of one may well be the parent
    /// of a commit of another, so that finding it somewhere proves nothing.
    /// </summary>
    private static bool Reaches(ObjectId from, ObjectId to, CommitHistory history)
    {
        var seen = new HashSet<ObjectId> { from };
        var open = new Stack<ObjectId>(seen);
        while (open.TryPop(out var commit))
        {
            foreach (var parent in history.ParentsOf(commit))
            {
                if (parent == to)
                {
                    return true;
                }

                if (seen.Add(parent))
                {
                    open.Push(parent);
                }
            }
        }

        return false;
    }
}
