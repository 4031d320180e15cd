using MirrorAction.Git.Model;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Mirroring.Mirror;

/// <summary>
/// What really moved at the destination, over all attempts: its refs at the beginning against its refs at the end. A push whose answer was lost
/// is so counted when it landed, and a change that was asked for and not made is not.
/// </summary>
internal sealed class RefLedger
{
    private readonly Dictionary<RefName, RefChangeKind> _kinds = [];
    private readonly Dictionary<RefName, PlannedChange> _foreign = [];
    private IReadOnlyDictionary<RefName, ObjectId>? _first;
    private IReadOnlyDictionary<RefName, ObjectId>? _last;
    private int? _unchanged;

    /// <summary>The destination keeps old values, as far as is known.</summary>
    internal bool HoldsKept => _last?.Keys.Any(KeptRefs.IsKept) == true;

    /// <summary>Takes what an attempt saw and planned.</summary>
    internal void Add(MirrorAttempt attempt)
    {
        _first ??= attempt.Before?.Refs;
        _last = attempt.After?.Refs ?? AfterAnswers(attempt) ?? _last;
        _unchanged ??= attempt.Plan?.Unchanged;
        foreach (var change in attempt.Plan?.Changes ?? [])
        {
            // A later plan may know better what a change is, as long as it is the same one.
            var name = change.Update.Name;
            if (!_kinds.ContainsKey(name) || Value(attempt.Before?.Refs, name) == Value(_first, name))
            {
                _kinds[name] = change.Kind;
            }

            if (IsForeign(change, attempt.Foreign))
            {
                _foreign[name] = change;
            }
        }
    }

    /// <summary>The changes that overwrite a value which the source does not know, each with the tip that keeps it, if it is there.</summary>
    internal IEnumerable<(RefUpdate Update, RefName? KeptAs)> Foreign =>
        _foreign
            .Values.OrderBy(c => c.Update.Name)
            .Select(c => (c.Update, c.KeptAs is { } kept && Value(_last, kept) == c.Update.Old ? c.KeptAs : null));

    /// <summary>Where the destination could not be asked again, its answers to the pushes say what moved.</summary>
    private static IReadOnlyDictionary<RefName, ObjectId>? AfterAnswers(MirrorAttempt attempt)
    {
        if (attempt.Before is null || !attempt.Accepted.Any())
        {
            return attempt.Before?.Refs;
        }

        var refs = attempt.Before.Refs.ToDictionary();
        foreach (var update in attempt.Accepted)
        {
            if (update.IsDelete)
            {
                refs.Remove(update.Name);
            }
            else
            {
                refs[update.Name] = update.New;
            }
        }

        return refs;
    }

    /// <summary>Every planned ref that has another value now than at the beginning.</summary>
    internal IReadOnlyList<RefChange> Changes()
    {
        var changes = new List<RefChange>();
        foreach (var (name, kind) in _kinds.OrderBy(k => k.Key))
        {
            var before = Value(_first, name);
            var after = Value(_last, name);
            if (before != after)
            {
                changes.Add(new RefChange(name.ToString(), kind, before?.ToString(), after?.ToString(), _foreign.ContainsKey(name)));
            }
        }

        return changes;
    }

    /// <summary>What a plan would move.</summary>
    internal static IReadOnlyList<RefChange> Planned(MirrorPlan plan, ForeignValues foreign) =>
        [
            .. plan.Changes.Select(c => new RefChange(
                c.Update.Name.ToString(),
                c.Kind,
                c.Update.IsCreate ? null : c.Update.Old.ToString(),
                c.Update.IsDelete ? null : c.Update.New.ToString(),
                IsForeign(c, foreign)
            )),
        ];

    private static bool IsForeign(PlannedChange change, ForeignValues foreign) =>
        change.Kind is RefChangeKind.Force or RefChangeKind.Delete && foreign.IsForeign(change.Update.Old);

    /// <summary>The changes by kind.</summary>
    internal RefCounts Count(IReadOnlyList<RefChange> changes) =>
        new()
        {
            Created = changes.Count(c => c.Kind == RefChangeKind.Create),
            Updated = changes.Count(c => c.Kind == RefChangeKind.Update),
            Forced = changes.Count(c => c.Kind == RefChangeKind.Force),
            Deleted = changes.Count(c => c.Kind == RefChangeKind.Delete),
            Kept = changes.Count(c => c.Kind == RefChangeKind.Keep),
            Unchanged = _unchanged ?? 0,
        };

    private static ObjectId? Value(IReadOnlyDictionary<RefName, ObjectId>? refs, RefName name) =>
        refs is not null && refs.TryGetValue(name, out var id) ? id : null;
}
