using MirrorAction.Git;
using MirrorAction.Mirroring.Reporting;

namespace MirrorAction.Mirroring.Planning;

/// <summary>Compares the refs of both sides. Pure: the same refs give the same plan, and the plan applied leaves nothing to plan.</summary>
public static class MirrorPlanner
{
    /// <summary>
    /// Updates of refs that are not tags, for which it must be found out whether they move forward before <see cref="Plan"/> can tell an update from a rewrite.
    /// </summary>
    public static IReadOnlyList<RefUpdate> UpdatesToProve(
        IReadOnlyDictionary<RefName, ObjectId> source, IReadOnlyDictionary<RefName, ObjectId> destination, RefPatternSet patterns) =>
        [.. source
            .Where(s => patterns.Includes(s.Key) && !s.Key.IsTag && destination.TryGetValue(s.Key, out var old) && old != s.Value)
            .Select(s => new RefUpdate(s.Key, destination[s.Key], s.Value))];

    /// <summary>Plans the changes.</summary>
    /// <param name="source">All refs that the source listed.</param>
    /// <param name="destination">All refs that the destination advertised.</param>
    /// <param name="fastForwards">The updates that are proven to move forward; any other counts as rewritten.</param>
    /// <param name="options">The rules.</param>
    /// <param name="now">The time that kept tips are named after.</param>
    public static MirrorPlan Plan(
        IReadOnlyDictionary<RefName, ObjectId> source,
        IReadOnlyDictionary<RefName, ObjectId> destination,
        IReadOnlySet<RefUpdate> fastForwards,
        RefOptions options,
        DateTimeOffset now)
    {
        var wanted = source.Where(r => options.Patterns.Includes(r.Key)).ToDictionary();
        var present = destination.Where(r => options.Patterns.Includes(r.Key)).ToDictionary();
        var folder = options.KeepOverwritten ? KeptRefs.NewFolder(now, destination.Keys) : null;

        var changes = new List<PlannedChange>();
        foreach (var (name, id) in wanted.OrderBy(r => r.Key))
        {
            if (!present.TryGetValue(name, out var old))
            {
                changes.Add(new PlannedChange(new RefUpdate(name, ObjectId.Zero(id.Format), id), RefChangeKind.Create));
            }
            else if (old != id)
            {
                var update = new RefUpdate(name, old, id);
                if (fastForwards.Contains(update))
                {
                    changes.Add(new PlannedChange(update, RefChangeKind.Update));
                }
                else
                {
                    AddKept(changes, update, RefChangeKind.Force, folder);
                }
            }
        }

        var gone = options.Prune ? present.Where(r => !wanted.ContainsKey(r.Key)).OrderBy(r => r.Key).ToArray() : [];
        foreach (var (name, old) in gone)
        {
            AddKept(changes, new RefUpdate(name, old, ObjectId.Zero(old.Format)), RefChangeKind.Delete, folder);
        }

        changes.AddRange(destination
            .Where(r => KeptRefs.IsExpired(r.Key, now, options.KeepFor) || r.Key.Raw == RefPatternSet.PartTag) // A run was interrupted.
            .OrderBy(r => r.Key)
            .Select(r => new PlannedChange(new RefUpdate(r.Key, r.Value, ObjectId.Zero(r.Value.Format)), RefChangeKind.Delete)));

        var values = wanted.Values.ToHashSet();
        return new MirrorPlan
        {
            Changes = InPushOrder(changes),
            Unchanged = wanted.Count(w => present.TryGetValue(w.Key, out var id) && id == w.Value),
            DestinationRefs = present.Count,
            Deletions = gone.Length,
            SharesValue = present.Values.Any(values.Contains),
        };
    }

    /// <summary>The old value first, so that there is no moment without it.</summary>
    private static void AddKept(List<PlannedChange> changes, RefUpdate update, RefChangeKind kind, string? folder)
    {
        if (folder is not null && KeptRefs.CanKeep(update.Name))
        {
            var kept = new RefUpdate(KeptRefs.NameFor(update.Name, folder), ObjectId.Zero(update.Old.Format), update.Old);
            changes.Add(new PlannedChange(kept, RefChangeKind.Keep));
            update = update with { KeptAs = kept.Name };
        }

        changes.Add(new PlannedChange(update, kind));
    }

    /// <summary>
    /// A deletion comes before everything when it makes room for a creation, as <c>x</c> for <c>x/y</c>, and after everything otherwise. Kept tips
    /// come before all: a server that stops halfway has lost nothing.
    /// </summary>
    private static List<PlannedChange> InPushOrder(List<PlannedChange> changes)
    {
        var inTheWay = DeletionsInTheWay(changes.Select(c => c.Update));
        return [.. changes.OrderBy(c =>
            c.Kind == RefChangeKind.Keep ? 0 :
            inTheWay.Contains(c.Update.Name) ? 1 :
            c.Update.IsDelete ? 3 : 2)]; // OrderBy is stable: within a group the names stay in order.
    }

    /// <summary>The refs whose deletion makes room for a creation.</summary>
    internal static HashSet<RefName> DeletionsInTheWay(IEnumerable<RefUpdate> updates)
    {
        var all = updates.ToArray();
        var deleted = all.Where(u => u.IsDelete).Select(u => u.Name.Raw).ToHashSet(StringComparer.Ordinal);
        var created = all.Where(u => u.IsCreate).Select(u => u.Name.Raw).ToHashSet(StringComparer.Ordinal);
        var inTheWay = created.SelectMany(Folders).Where(deleted.Contains).ToHashSet(StringComparer.Ordinal);
        inTheWay.UnionWith(deleted.Where(d => Folders(d).Any(created.Contains)));
        return [.. all.Where(u => u.IsDelete && inTheWay.Contains(u.Name.Raw)).Select(u => u.Name)];
    }

    private static IEnumerable<string> Folders(string name)
    {
        for (var slash = name.LastIndexOf('/'); slash > 0; slash = name.LastIndexOf('/', slash - 1))
        {
            yield return name[..slash];
        }
    }
}
