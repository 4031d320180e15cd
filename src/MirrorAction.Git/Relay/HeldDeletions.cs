using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;

namespace MirrorAction.Git.Relay;

/// <summary>
/// Holds deletions back while it is not known whether the source sends all that it lists: a source that fails midway causes none. Only what makes
/// room for a ref goes with that ref, and the mirror's own tips are no refs of the source.
/// </summary>
/// <param name="hasSourceFailed">It has in an earlier attempt.</param>
internal sealed class HeldDeletions(bool hasSourceFailed)
{
    private bool _hasSourceFailed = hasSourceFailed;
    private bool _isIncomplete;

    /// <summary>The source could not send something. Deletions wait from now on, unless it says plainly what it is that it can't read.</summary>
    internal void SourceFailed(GitException failure) => _hasSourceFailed |= !SourceFault.IsPlain(failure);

    /// <summary>A ref is given up; where the source is why, and has not said what it can't read, nothing is deleted any more.</summary>
    internal void GaveUp(Refusal refusal) => _isIncomplete |= refusal is { Status: RefUpdateStatus.Unreadable, Cause: not null };

    /// <summary>Those of some updates that need not wait.</summary>
    /// <param name="updates">What would be pushed.</param>
    /// <param name="all">All that was asked for: a creation may need the room of a deletion.</param>
    internal RefUpdate[] Without(RefUpdate[] updates, IReadOnlyList<RefUpdate> all) =>
        _hasSourceFailed ? [.. updates.Where(u => !Waits(u, all))] : updates;

    /// <summary>Whether deletions that waited may be made, when all else is done. They wait no longer then.</summary>
    internal bool Release()
    {
        _hasSourceFailed &= _isIncomplete;
        return !_isIncomplete;
    }

    /// <summary>Says what becomes of deletions that may not be made.</summary>
    internal static void Refuse(IEnumerable<RefUpdate> deletions, Action<RefUpdateResult> settle)
    {
        foreach (var deletion in deletions)
        {
            settle(new RefUpdateResult(deletion, RefUpdateStatus.NotTried, "the source broke off what it sends, and nothing is deleted then"));
        }
    }

    private static bool Waits(RefUpdate update, IReadOnlyList<RefUpdate> all) =>
        update.IsDelete
        && !update.Name.Raw.StartsWith(RefPatternSet.KeptPrefix, StringComparison.Ordinal)
        && !all.Any(other => other.IsCreate && other.Name.ConflictsWith(update.Name));
}
