using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;

namespace MirrorAction.Git.Relay;

/// <summary>
/// Finds the commit that brings an object which the destination refuses, after one ref was refused for it, and settles all refs that need that
/// commit: they would be refused one after the other, each with its whole pack. Serves one search.
/// </summary>
/// <remarks>
/// A search by halves on the history of the refused ref: the temporary tag is moved to a commit in the middle. What passes stays at the destination;
/// where it is refused, the fault is at or before it. So the packs of all steps together are hardly more than one of the whole history.
/// </remarks>
internal sealed class FaultSearch(PackRelay relay)
{
    /// <summary>For fewer refs it is not worth it.</summary>
    internal const int MinWaiting = 4;

    /// <summary>A history with more faults than that is left to the trials of refs.</summary>
    internal const int MaxSearches = 8;

    /// <summary>More than the halvings of a million commits.</summary>
    private const int MaxSteps = 40;

    /// <summary>Searches, and settles what is found.</summary>
    /// <param name="refused">The ref that was refused by itself.</param>
    /// <param name="refusal">Why.</param>
    /// <param name="waiting">Refs of which it is not known whether they need the same.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="GitException">Source or destination failed.</exception>
    internal async Task RunAsync(RefUpdate refused, Refusal refusal, RefUpdate[] waiting, CancellationToken cancellationToken)
    {
        var history = await ReadHistoryAsync([refused, .. waiting], cancellationToken);
        if (history is null || await FindAsync(history.ParentsFirst([refused.New]), history, cancellationToken) is not { } culprit)
        {
            return;
        }

        foreach (var update in waiting.Where(u => history.Reaches(u.New, culprit)).Prepend(refused))
        {
            var reason = $"needs {culprit}, with which {relay.Peer} refuses an object: {refusal.Reason}";
            relay.Settle(new RefUpdateResult(update, RefUpdateStatus.RejectedObject, reason));
        }
    }

    private async Task<CommitHistory?> ReadHistoryAsync(RefUpdate[] updates, CancellationToken cancellationToken)
    {
        try
        {
            return relay.Source.CanFilter ? await relay.ReadHistoryAsync(updates, cancellationToken) : null;
        }
        catch (GitException e) when (!e.IsTransient || e is GitTransportException { IsEmptyAnswer: true })
        {
            return null; // Its server lists no commits alone.
        }
    }

    /// <summary>The first commit that is refused; null when the tag is refused for another reason.</summary>
    private async Task<ObjectId?> FindAsync(List<ObjectId> suspects, CommitHistory history, CancellationToken cancellationToken)
    {
        for (var step = 0; suspects.Count > 1; step++)
        {
            var middle = suspects[(suspects.Count - 1) / 2];
            var result = await relay.PartTag.MoveAsync(middle, cancellationToken);
            if (step == MaxSteps || result.Status is not (RefUpdateStatus.Ok or RefUpdateStatus.RejectedObject))
            {
                return null;
            }

            var before = history.ParentsFirst([middle]).ToHashSet();
            suspects = [.. suspects.Where(id => before.Contains(id) == (result.Status == RefUpdateStatus.RejectedObject))];
        }

        return suspects.Count == 1 ? suspects[0] : null;
    }
}
