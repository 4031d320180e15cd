using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Relay;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Mirror;

/// <summary>
/// Keeps old values at the destination before they are overwritten, by pushes of their own, and lets only those be overwritten that are held there.
/// Serves one attempt.
/// </summary>
/// <param name="relay">Makes the pushes.</param>
/// <param name="discover">Asks the destination again where the answer to one leaves something open.</param>
/// <param name="before">What the destination had.</param>
/// <param name="plan">What is to be done.</param>
/// <param name="options">The rules.</param>
internal sealed class ValueKeeper(
    PackRelay relay,
    Func<CancellationToken, Task<RefAdvertisement>> discover,
    RefAdvertisement before,
    MirrorPlan plan,
    RefOptions options
)
{
    private readonly Dictionary<RefName, RefUpdateResult> _unkept = [];
    private IReadOnlyDictionary<RefName, ObjectId> _refs = before.Refs;
    private HashSet<ObjectId>? _staying;

    /// <summary>Whether the destination has refused a tip.</summary>
    internal bool HasRefused(RefName tip) => _unkept.ContainsKey(tip);

    /// <summary>Makes the pushes that keep values; none where nothing is overwritten.</summary>
    /// <returns>What became of them, without tips that could not be kept: those count only for the refs that are then left as they are.</returns>
    /// <exception cref="GitException">A push failed, and not all that it should have done is there.</exception>
    internal async Task<IReadOnlyList<RefUpdateResult>> KeepAsync(CancellationToken cancellationToken)
    {
        var results = new List<RefUpdateResult>();
        foreach (var push in plan.KeepingPushes)
        {
            var (allowed, left) = Divide(push);
            results.AddRange([.. await PushAsync([.. allowed.Select(c => c.Update)], cancellationToken), .. left]);
            foreach (var result in results.Where(r => r.Status != RefUpdateStatus.Ok && r.Update.IsCreate))
            {
                _unkept[result.Update.Name] = result;
            }
        }

        return [.. results.Where(r => !HasRefused(r.Update.Name))];
    }

    /// <summary>Changes that may be made now, and why the others may not.</summary>
    internal (IReadOnlyList<PlannedChange> Allowed, IReadOnlyList<RefUpdateResult> Left) Divide(IReadOnlyList<PlannedChange> changes)
    {
        var unheld = changes.Where(c => !IsHeld(c)).ToArray();
        if (unheld.Length == 0)
        {
            return (changes, []);
        }

        var names = unheld.Select(c => c.Update.Name).ToHashSet();
        var inTheWay = MirrorPlanner.DeletionsInTheWay(changes.Select(c => c.Update)).Where(names.Contains).ToArray();
        var left = unheld.Select(Left).ToList();
        foreach (var change in changes.Where(c => c.Update.IsCreate && Array.Exists(inTheWay, c.Update.Name.ConflictsWith)))
        {
            names.Add(change.Update.Name);
            var taken = inTheWay.First(change.Update.Name.ConflictsWith);
            left.Add(
                new RefUpdateResult(
                    change.Update,
                    RefUpdateStatus.RejectedOther,
                    $"not created, because {taken} is in its place and had to be left there"
                )
            );
        }

        return ([.. changes.Where(c => !names.Contains(c.Update.Name))], left);
    }

    private RefUpdateResult Left(PlannedChange change)
    {
        var kept = _unkept[change.KeptAs!.Value];
        return new RefUpdateResult(
            change.Update,
            kept.Status,
            $"left as it is, because its old value {change.Update.Old} could not be kept as {kept.Update.Name}: {kept.Reason}"
        );
    }

    private bool IsHeld(PlannedChange change) =>
        change.KeptAs is not { } kept || !HasRefused(kept) || (_staying ??= Staying()).Contains(change.Update.Old);

    /// <summary>
    /// Values of refs that this run leaves where they are, and of tips that live as long as those that it keeps. Refs that are not mirrored do not
    /// count: they are someone else's, and may go at any time.
    /// </summary>
    private HashSet<ObjectId> Staying()
    {
        var moving = plan.Main.Select(c => c.Update.Name).ToHashSet();
        var kept = plan.Changes.Select(c => c.KeptAs).OfType<RefName>().Where(tip => !HasRefused(tip)).ToHashSet();
        return
        [
            .. _refs
                .Where(r =>
                    !moving.Contains(r.Key)
                    && (options.Patterns.Includes(r.Key) || kept.Contains(r.Key) || (options.KeepFor is null && KeptRefs.IsKept(r.Key)))
                )
                .Select(r => r.Value),
        ];
    }

    /// <summary>
    /// One push. Where its answer is lost or not a plain yes, the destination's refs are read again, and only they are believed. What git itself
    /// refused as a whole is refused for each tip: nothing else needs them.
    /// </summary>
    private async Task<IReadOnlyList<RefUpdateResult>> PushAsync(RefUpdate[] updates, CancellationToken cancellationToken)
    {
        if (updates.Length == 0)
        {
            return [];
        }

        IReadOnlyList<RefUpdateResult> results;
        try
        {
            results = await relay.RelayAsync(updates, cancellationToken);
        }
        catch (GitException e)
        {
            var isRead = await TryReadAgainAsync(cancellationToken);
            var refusal = e is GitRemoteException { Status: null, IsTransient: false } remote ? remote.RemoteMessage : null;
            if (!isRead || (refusal is null && !Array.TrueForAll(updates, IsDone)))
            {
                throw;
            }

            return
            [
                .. updates.Select(u =>
                    IsDone(u) ? new RefUpdateResult(u, RefUpdateStatus.Ok, "") : new RefUpdateResult(u, RefUpdateStatus.RejectedOther, refusal!)
                ),
            ];
        }

        if (results.All(r => r.Status == RefUpdateStatus.Ok))
        {
            return results;
        }

        // A tip that was refused and is there all the same is that of another run at the same time, which may take it back.
        await ReadAgainAsync(cancellationToken);
        return
        [
            .. results.Select(r =>
                r.Status == RefUpdateStatus.NotReported && IsDone(r.Update) ? r with { Status = RefUpdateStatus.Ok, Reason = "" }
                : r.Status == RefUpdateStatus.Ok && !IsDone(r.Update)
                    ? r with
                    {
                        Status = RefUpdateStatus.NotReported,
                        Reason = "the server took it and does not list it",
                    }
                : r
            ),
        ];
    }

    private async Task<bool> TryReadAgainAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReadAgainAsync(cancellationToken);
            return true;
        }
        catch (GitException)
        {
            return false; // The push's own failure is the cause.
        }
    }

    private async Task ReadAgainAsync(CancellationToken cancellationToken)
    {
        _refs = (await discover(cancellationToken)).Refs;
        _staying = null;
    }

    private bool IsDone(RefUpdate update) => _refs.TryGetValue(update.Name, out var id) ? id == update.New : update.IsDelete;

    /// <summary>
    /// The deletions of tips that an attempt kept of refs that were refused: a branch that its host protects would otherwise leave a new one with
    /// every run. Not those of an earlier attempt, unless the source could not send what it would have needed, nor of refs that someone holds at this
    /// moment: a push of which the end is not known may need them yet.
    /// </summary>
    /// <param name="plan">What was to be done.</param>
    /// <param name="results">What was refused.</param>
    /// <param name="after">What the destination has now.</param>
    internal static IReadOnlyList<RefUpdate> FindNeedless(MirrorPlan plan, IEnumerable<RefUpdateResult> results, RefAdvertisement after)
    {
        var refused = results
            .Where(r => r.Status is not (RefUpdateStatus.RejectedRemoteChanged or RefUpdateStatus.NotReported or RefUpdateStatus.BrokenOff))
            .ToDictionary(r => r.Update.Name, r => r.Status);
        var made = plan.Changes.Where(c => c.Kind == RefChangeKind.Keep).Select(c => c.Update.Name).ToHashSet();
        bool Stands(RefName name, ObjectId value) => after.Refs.TryGetValue(name, out var id) && id == value;
        return
        [
            .. plan
                .Changes.Where(c =>
                    refused.TryGetValue(c.Update.Name, out var status)
                    && c.KeptAs is { } kept
                    && (made.Contains(kept) || status == RefUpdateStatus.Unreadable)
                    && Stands(kept, c.Update.Old)
                    && Stands(c.Update.Name, c.Update.Old)
                )
                .Select(c => new RefUpdate(c.KeptAs!.Value, c.Update.Old, ObjectId.Zero(c.Update.Old.Format))),
        ];
    }
}
