using MirrorAction.Git.Model;
using MirrorAction.Mirroring.Refs;

namespace MirrorAction.Mirroring.Lfs;

/// <summary>What the LFS objects that did not move mean to the refs, by their new values. Immutable.</summary>
/// <param name="Reasons">Values that need an object which could not be moved, and why: their refs stay.</param>
/// <param name="Doubtful">Values that need an object which the source no longer has: the destination says whether it takes their refs.</param>
internal sealed record LfsHold(IReadOnlyDictionary<ObjectId, string> Reasons, IReadOnlySet<ObjectId> Doubtful)
{
    /// <summary>Everything moved.</summary>
    internal static LfsHold None { get; } = new(new Dictionary<ObjectId, string>(), new HashSet<ObjectId>());

    /// <summary>The updates that are held back.</summary>
    internal IEnumerable<RefUpdateResult> HeldBack(IEnumerable<RefUpdate> updates) =>
        from update in updates
        where Reasons.ContainsKey(update.New)
        select new RefUpdateResult(update, RefUpdateStatus.LacksLfsObject, Reasons[update.New]);

    /// <summary>The other changes: those that nothing can be said against, and then those that a host may decline as a whole.</summary>
    internal IEnumerable<IReadOnlyList<PlannedChange>> Divide(IReadOnlyList<PlannedChange> changes)
    {
        if (Reasons.Count == 0 && Doubtful.Count == 0)
        {
            return [changes];
        }

        var rest = changes.Where(c => !Reasons.ContainsKey(c.Update.New)).ToLookup(c => Doubtful.Contains(c.Update.New));
        return
        [
            [.. rest[false]],
            [.. rest[true]],
        ];
    }
}
