using System.Globalization;

namespace MirrorAction.Git;

/// <summary>
/// Makes updates whose pack is too large for one push in several, the oldest history first. What an earlier part brought is a have of the later ones. A ref
/// that is too much by itself is led up to by a temporary tag on its history, which goes away at the end. Serves one relay.
/// </summary>
/// <remarks>
/// How large the pack of some commits will be is known by nobody beforehand, so parts are measured in commits: half as many after a part that was too large,
/// more again after one that was small. A run that was interrupted leaves the tag behind, and with it what was sent: the next one goes on from there.
/// </remarks>
internal sealed class PartedPush(PackRelay relay)
{
    /// <summary>The temporary tag: a branch would become the default branch of an empty repository.</summary>
    internal static readonly RefName Tag = RefName.FromText(RefPatternSet.PartTag);

    /// <summary>Enough for hundreds of times the limit, and few enough to come to an end where a server refuses whatever is sent.</summary>
    private const int MaxPushes = 400;

    private readonly HashSet<ObjectId> _done = [];
    private readonly HashSet<RefName> _putOff = [];
    private readonly List<RefUpdateResult> _results = [];
    private CommitHistory _history = CommitHistory.Unknown;
    private string? _whyWhole;
    private long _target = long.MaxValue;
    private long? _limit = relay.Options.MaxPackBytes;
    private int _pushes;

    /// <summary>Makes the updates.</summary>
    /// <param name="updates">In the order of a push: what makes room first, other deletions last.</param>
    /// <param name="refusal">Why they could not be made in one push; null when that was not tried.</param>
    /// <param name="cancellationToken">Ends it; what was made stays.</param>
    /// <returns>One result for each update.</returns>
    /// <exception cref="PackTooLargeException">A part that cannot be divided is beyond the limit.</exception>
    /// <exception cref="GitException">Source or destination failed; refs may have moved.</exception>
    internal async Task<IReadOnlyList<RefUpdateResult>> RunAsync(IReadOnlyList<RefUpdate> updates, GitException? refusal, CancellationToken cancellationToken)
    {
        var asked = updates.Where(u => u.Name != Tag).ToArray();
        bool Needs(RefUpdate update) => !update.IsDelete && !relay.Present.Contains(update.New);
        var first = Array.FindIndex(asked, Needs);
        var wanting = asked.Where(Needs).ToArray();
        await ReadHistoryAsync(wanting, cancellationToken).ConfigureAwait(false);

        await PushAsync([.. asked.Where((u, i) => !Needs(u) && (i < first || !u.IsDelete))], cancellationToken).ConfigureAwait(false);
        await PushWantingAsync(InOrder(wanting), refusal, cancellationToken).ConfigureAwait(false);
        await PushAsync([.. asked.Where((u, i) => u.IsDelete && i > first)], cancellationToken).ConfigureAwait(false);
        var dropped = await DropTagAsync(cancellationToken).ConfigureAwait(false);
        return [.. _results, .. updates.Where(u => u.Name == Tag).Select(u => new RefUpdateResult(u, dropped?.Status ?? RefUpdateStatus.Ok, dropped?.Reason ?? ""))];
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
            var haves = relay.Present.Take(PackRelay.MaxHaves).ToArray();
            var history = await CommitHistory.ReadAsync(relay.Source, wanting.Select(u => u.New).ToHashSet(), haves, cancellationToken).ConfigureAwait(false);
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
        if (all == 0)
        {
            return;
        }

        if (refusal is not null)
        {
            await HalveAsync(refusal, left[0], all, cancellationToken).ConfigureAwait(false);
        }
        else if (relay.Options is { ExpectedPackBytes: { } expected, MaxPackBytes: { } max } && expected > max)
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
                if (part is [{ } step] && step.Name == Tag)
                {
                    await MoveTagAsync(step, cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    await PushAsync(part, cancellationToken).ConfigureAwait(false);
                    left.RemoveRange(0, part.Count);
                }

                _ = Weigh(part.Where(u => relay.Present.Contains(u.New)), _done);
                _target = _limit is not { } limit || relay.PackBytes < limit / 2 ? Math.Max(_target, 2 * weight) : _target;
            }
            catch (GitException e) when (PackRelay.IsTooLarge(e))
            {
                _limit = Math.Min(_limit ?? long.MaxValue, relay.PackBytes);
                if (!TryPutOff(left, weight))
                {
                    await HalveAsync(e, left[0], weight, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>What cannot be divided is tried once more behind all others: of a branch whose history is not known, its tags may bring the larger part.</summary>
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
        return ([new RefUpdate(Tag, relay.PartTag ?? ObjectId.Zero(step.Format), step)], stepWeight);
    }

    /// <summary>
    /// The youngest commit that the target allows on the line of first parents; where already the oldest of them merges more than that, on what it merges.
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

    private async Task HalveAsync(GitException refusal, RefUpdate update, long weight, CancellationToken cancellationToken)
    {
        if (weight > 1 && _pushes < MaxPushes)
        {
            _target = Math.Max(1, weight / 2);
            return;
        }

        try
        {
            // It helps nobody where the next run comes to the same end.
            await DropTagAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (GitException)
        {
            // The refusal is what counts; the next run finds the tag and removes it.
        }

        throw Explained(refusal, update);
    }

    private GitException Explained(GitException refusal, RefUpdate update)
    {
        var why = _pushes >= MaxPushes
            ? string.Create(CultureInfo.InvariantCulture, $"it did not get through in {MaxPushes} parts")
            : _whyWhole ?? $"{(_history.Contains(update.New) ? "one commit of it" : "it")} alone is beyond that";
        if (refusal is not GitRemoteException remote)
        {
            return new PackTooLargeException(
                $"{update.Name} of {relay.Source.Peer} brings more than the {Megabytes(relay.Options.MaxPackBytes)} that {relay.Peer} takes in one push"
                + $"{(relay.Options.ExpectedPackBytes is { } size ? $" (the repository is said to hold {Megabytes(size)})" : "")}: {why}.");
        }

        var explained = new GitRemoteException($"{remote.Message} {update.Name} of {relay.Source.Peer} cannot be sent in smaller parts: {why}.")
        {
            Status = remote.Status,
            RemoteMessage = remote.RemoteMessage,
        };
        _ = explained.In(GitService.ReceivePack);
        return explained;
    }

    private static string Megabytes(long? bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.###} MiB");

    private async Task MoveTagAsync(RefUpdate step, CancellationToken cancellationToken)
    {
        var result = (await relay.PushPartAsync([step], cancellationToken).ConfigureAwait(false))[0];
        if (result.Status != RefUpdateStatus.Ok)
        {
            throw new GitRemoteException($"{relay.Peer} refused {Tag}, by which a history is sent in parts: {result.Reason}") { RemoteMessage = result.Reason };
        }

        relay.PartTag = step.New;
    }

    private async Task<RefUpdateResult?> DropTagAsync(CancellationToken cancellationToken)
    {
        if (relay.PartTag is not { } value)
        {
            return null;
        }

        relay.PartTag = null;
        return (await relay.PushPartAsync([new RefUpdate(Tag, value, ObjectId.Zero(value.Format))], cancellationToken).ConfigureAwait(false))[0];
    }

    private async Task PushAsync(IReadOnlyList<RefUpdate> updates, CancellationToken cancellationToken)
    {
        foreach (var batch in updates.Chunk(PackRelay.MaxCommands))
        {
            _results.AddRange(await relay.PushPartAsync(batch, cancellationToken).ConfigureAwait(false));
        }
    }

    private long Weigh(IEnumerable<RefUpdate> updates, HashSet<ObjectId> seen) => updates.Sum(u => Weigh(u.New, seen));

    /// <summary>How many commits an object brings beyond what is done and seen; they are seen then. What is no commit counts as one.</summary>
    private long Weigh(ObjectId tip, HashSet<ObjectId> seen)
    {
        var weight = 0L;
        var open = new Stack<ObjectId>([tip]);
        while (open.TryPop(out var id))
        {
            if ((id != tip && !_history.Contains(id)) || (seen != _done && _done.Contains(id)) || !seen.Add(id))
            {
                continue;
            }

            weight++;
            foreach (var parent in _history.ParentsOf(id))
            {
                open.Push(parent);
            }
        }

        return weight;
    }
}
