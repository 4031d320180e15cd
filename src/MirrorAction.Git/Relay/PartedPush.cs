using System.Globalization;
using MirrorAction.Git.Model;

namespace MirrorAction.Git.Relay;

/// <summary>
/// Makes updates whose pack is too large for one push in several, the oldest history first. What an earlier part brought is a have of the later ones.
/// A ref that is too much by itself is led up to by a temporary tag on its history, which goes away at the end. Serves one call of a relay.
/// </summary>
/// <remarks>
/// How large the pack of some commits will be is known by nobody beforehand, so parts are measured in commits: half as many after a part that was too
/// large, more again after one that was small. A run that was interrupted leaves the tag behind, and with it what was sent: the next one goes on from
/// there. What cannot be divided, or is refused on the way, holds back the refs that need it and no other.
/// </remarks>
internal sealed class PartedPush(PackRelay relay)
{
    /// <summary>Enough for hundreds of times the limit, and few enough to come to an end where a server refuses whatever is sent.</summary>
    private const int MaxPushes = 400;

    private readonly HashSet<ObjectId> _done = [];
    private readonly HashSet<RefName> _putOff = [];
    private CommitHistory _history = CommitHistory.Unknown;
    private string? _whyWhole;
    private long _target = long.MaxValue;
    private long? _limit = relay.Sender.MaxPackBytes;
    private int _pushes;

    /// <summary>Makes the updates, and settles each.</summary>
    /// <param name="updates">In the order of a push: what makes room first, other deletions last.</param>
    /// <param name="refusal">Why they could not be made in one push; null when that was not tried.</param>
    /// <param name="cancellationToken">Ends it; what was made stays.</param>
    /// <exception cref="GitException">Source or destination failed; refs may have moved.</exception>
    internal async Task RunAsync(IReadOnlyList<RefUpdate> updates, GitException? refusal, CancellationToken cancellationToken)
    {
        bool Needs(RefUpdate update) => !update.IsDelete && !relay.Sender.Present.Contains(update.New);
        var wanting = updates.Where(Needs).ToArray();
        var inTheWay = updates.TakeWhile(u => !Needs(u));
        await ReadHistoryAsync(wanting, cancellationToken);

        await relay.PushAsync([.. inTheWay.Union(updates.Where(u => !Needs(u) && !u.IsDelete))], cancellationToken);
        await PushWantingAsync(InOrder(wanting), refusal, cancellationToken);
        await relay.PushAsync(relay.Unsettled(updates), cancellationToken);
    }

    private async Task ReadHistoryAsync(RefUpdate[] wanting, CancellationToken cancellationToken)
    {
        if (!relay.Source.CanFilter)
        {
            _whyWhole = "its server lists no commits alone (no filters), so that the history cannot be divided";
            return;
        }

        try
        {
            var history = await relay.ReadHistoryAsync(wanting, cancellationToken);
            _history = history ?? CommitHistory.Unknown;
            _whyWhole = history is null ? "its history is too long to be divided" : null;
        }
        catch (GitException e) when (!e.IsTransient || e is GitTransportException { IsEmptyAnswer: true })
        {
            _whyWhole = $"its server lists no commits alone ({e.Message}), so that the history cannot be divided";
        }
    }

    /// <summary>Oldest first; without a history in the given order. What is no commit comes last.</summary>
    private List<RefUpdate> InOrder(RefUpdate[] updates) => [.. updates.OrderBy(u => _history.TimeOf(u.New))];

    private async Task PushWantingAsync(List<RefUpdate> left, GitException? refusal, CancellationToken cancellationToken)
    {
        var all = Weigh(left, []);
        if (refusal is not null && left.Count > 0)
        {
            Divide(left, all, refusal);
        }
        else if (relay.Options is { ExpectedPackBytes: { } expected } && relay.Sender.MaxPackBytes is { } max && expected > max)
        {
            // Not quite full: commits are of uneven weight, and a part that turns out too large is sent for nothing.
            _target = Math.Max(1, (long)(0.75 * all * max / expected));
        }

        while (left.Count > 0)
        {
            var (part, weight) = NextPart(left);
            try
            {
                _pushes++;
                if (part is [{ } step] && step.Name == PartTag.Name)
                {
                    await MoveTagAsync(step.New, left, cancellationToken);
                }
                else
                {
                    await relay.PushAsync([.. part], cancellationToken);
                }

                _ = Weigh(part.Where(u => relay.Sender.Present.Contains(u.New)), _done);
                _target = _limit is not { } limit || relay.Sender.PackBytes < limit / 2 ? Math.Max(_target, 2 * weight) : _target;
            }
            catch (GitException e) when (PushVerdict.IsTooLarge(e))
            {
                _limit = Math.Min(_limit ?? long.MaxValue, relay.Sender.PackBytes);
                if (!TryPutOff(left, weight))
                {
                    Divide(left, weight, e);
                }
            }

            left.RemoveAll(u => relay.Unsettled([u]).Length == 0);
        }
    }

    /// <summary>
    /// What cannot be divided is tried once more behind all others: of a branch whose history is not known, its tags may bring the larger part.
    /// </summary>
    private bool TryPutOff(List<RefUpdate> left, long weight)
    {
        if (weight > 1 || left.Count == 1 || _history.Contains(left[0].New) || _pushes >= MaxPushes || !_putOff.Add(left[0].Name))
        {
            return false;
        }

        left.Add(left[0]);
        left.RemoveAt(0);
        return true;
    }

    /// <summary>As many refs as the target allows; of a single one that is more, a step on its history.</summary>
    private (IReadOnlyList<RefUpdate> Part, long Weight) NextPart(List<RefUpdate> left)
    {
        var seen = new HashSet<ObjectId>();
        var count = 0;
        var weight = 0L;
        foreach (var update in left.Take(PackRelay.MaxCommands))
        {
            var added = Weigh([update], seen);
            if (count > 0 && added > _target - weight)
            {
                break;
            }

            weight += added;
            count++;
        }

        if (weight <= _target || !_history.Contains(left[0].New))
        {
            return (left[..count], weight);
        }

        var (step, stepWeight) = StepTowards(left[0].New);
        return ([relay.PartTag.To(step)], stepWeight);
    }

    /// <summary>
    /// The youngest commit that the target allows on the line of first parents; where already the oldest of them merges more than that, on what it
    /// merges.
    /// </summary>
    private (ObjectId Step, long Weight) StepTowards(ObjectId tip)
    {
        bool IsLeft(ObjectId id) => _history.Contains(id) && !_done.Contains(id);
        while (true)
        {
            var line = new Stack<ObjectId>();
            for (ObjectId? id = tip; id is { } commit && IsLeft(commit); id = _history.ParentsOf(commit) is [var parent, ..] ? parent : null)
            {
                line.Push(commit);
            }

            var oldest = line.Peek();
            var seen = new HashSet<ObjectId>();
            (ObjectId Step, long Weight)? best = null;
            while (line.TryPop(out var commit))
            {
                _ = Weigh(commit, seen);
                if (seen.Count > _target)
                {
                    break;
                }

                best = (commit, seen.Count);
            }

            if (best is { } found)
            {
                return found;
            }

            tip = _history.ParentsOf(oldest).First(IsLeft);
        }
    }

    /// <summary>
    /// Half as much from now on. What cannot be halved is given up, with every other ref that needs the same; after too many pushes, all that is
    /// left.
    /// </summary>
    private void Divide(List<RefUpdate> left, long weight, GitException refusal)
    {
        if (weight > 1 && _pushes < MaxPushes)
        {
            _target = Math.Max(1, weight / 2);
            return;
        }

        var (part, _) = NextPart(left);
        var why =
            _pushes >= MaxPushes
                ? string.Create(CultureInfo.InvariantCulture, $"it did not get through in {MaxPushes} parts")
                : _whyWhole ?? $"{(_history.Contains(part[0].New) ? $"one commit of it ({part[0].New})" : "it")} alone is beyond that";
        foreach (var update in _pushes >= MaxPushes ? left : [.. left.Where(u => _history.Reaches(u.New, part[0].New))])
        {
            relay.Settle(
                new RefUpdateResult(update, RefUpdateStatus.RejectedTooLarge, Explained(refusal, update, why))
                {
                    HttpStatus = (refusal as GitRemoteException)?.Status,
                }
            );
        }
    }

    private string Explained(GitException refusal, RefUpdate update, string why)
    {
        if (refusal is GitRemoteException)
        {
            return $"{refusal.Message} {update.Name} of {relay.Source.Peer} cannot be sent in smaller parts: {why}.";
        }

        var limit = relay.Options.Lessons.NeedsLength
            ? $"{Megabytes(relay.Sender.MaxPackBytes)} that can be held in memory "
                + $"for {relay.Peer}, which wants to know the length of a push beforehand "
                + "(it answers 411; let it, or the proxy before it, take chunked requests)"
            : $"{Megabytes(relay.Sender.MaxPackBytes)} that {relay.Peer} takes in one push";
        var size = relay.Options.ExpectedPackBytes is { } bytes ? $" (the repository is said to hold {Megabytes(bytes)})" : "";
        return $"{update.Name} of {relay.Source.Peer} brings more than the {limit}{size}: {why}.";
    }

    private static string Megabytes(long? bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.###} MiB");

    /// <summary>
    /// A step that is refused is given up with the refs that need it. One that is refused for its name stops only the ref that it leads to.
    /// </summary>
    private async Task MoveTagAsync(ObjectId step, List<RefUpdate> left, CancellationToken cancellationToken)
    {
        var result = await relay.PartTag.MoveAsync(step, cancellationToken);
        if (result.Status == RefUpdateStatus.Ok)
        {
            return;
        }

        RefUpdate[] stopped = result.Status == RefUpdateStatus.RejectedObject ? [.. left.Where(u => _history.Reaches(u.New, step))] : [left[0]];
        foreach (var update in stopped)
        {
            relay.Settle(
                new RefUpdateResult(
                    update,
                    result.Status,
                    $"{relay.Peer} refused {PartTag.Name}, by which its history is sent in parts, at {step}: {result.Reason}"
                )
            );
        }
    }

    private long Weigh(IEnumerable<RefUpdate> updates, HashSet<ObjectId> seen) => updates.Sum(u => Weigh(u.New, seen));

    /// <summary>How many commits an object brings beyond what is done and seen; they are seen then. What is no commit counts as one.</summary>
    private long Weigh(ObjectId tip, HashSet<ObjectId> seen)
    {
        bool IsNew(ObjectId id) => (seen == _done || !_done.Contains(id)) && seen.Add(id);
        return IsNew(tip) ? 1 + _history.AncestorsOf([tip], id => _history.Contains(id) && IsNew(id)).Count() : 0;
    }
}
