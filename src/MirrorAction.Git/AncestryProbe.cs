namespace MirrorAction.Git;

/// <summary>
/// Finds out which updates move a branch forward, and what is part of a history, by asking the source for commits alone (<c>filter tree:0</c>).
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
        catch (GitException e) when (IsNoAnswer(e))
        {
            // Unproven is rewritten, and old values are kept.
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
        IReadOnlyCollection<ObjectId> commits, IReadOnlyCollection<ObjectId> tips, CancellationToken cancellationToken)
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
                var history = await CommitHistory.ReadAsync(source, wants, open, cancellationToken).ConfigureAwait(false);
                var proven = AncestorsOf(wants, history ?? CommitHistory.Unknown).Where(open.Contains).ToList();
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

    private async Task ProveAsync(IReadOnlyList<RefUpdate> updates, HashSet<RefUpdate> proven, CancellationToken cancellationToken)
    {
        var wants = updates.Select(u => u.New).ToHashSet();
        var haves = updates.Select(u => u.Old).ToHashSet();
        if (await CommitHistory.ReadAsync(source, wants, haves, cancellationToken).ConfigureAwait(false) is { } history)
        {
            proven.UnionWith(updates.Where(u => AncestorsOf([u.New], history).Contains(u.Old)));
        }
    }

    /// <summary>
    /// What paths lead back to from some commits, one step beyond what was read. In an answer for several branches the old value of one may well be
    /// the parent of a commit of another, so that finding it somewhere proves nothing.
    /// </summary>
    private static IEnumerable<ObjectId> AncestorsOf(IEnumerable<ObjectId> commits, CommitHistory history)
    {
        var seen = new HashSet<ObjectId>();
        var open = new Stack<ObjectId>(commits);
        while (open.TryPop(out var commit))
        {
            foreach (var parent in history.ParentsOf(commit).Where(seen.Add))
            {
                yield return parent;
                open.Push(parent);
            }
        }
    }
}
