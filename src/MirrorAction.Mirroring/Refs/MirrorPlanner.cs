using MirrorAction.Git.Model;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Refs;

/// <summary>Compares the refs of both sides. Pure: the same refs give the same plan, and the plan applied leaves nothing to plan.</summary>
public static class MirrorPlanner
{
    /// <summary>Tips that one run deletes because their time is over, the oldest first: ten pushes. The next run goes on.</summary>
    internal const int MaxExpired = 20_000;

    /// <summary>The refs that get another value of the source, in any order: what a plan creates, updates and forces.</summary>
    internal static IReadOnlyList<RefUpdate> Updates(
        IReadOnlyDictionary<RefName, ObjectId> source,
        IReadOnlyDictionary<RefName, ObjectId> destination,
        RefPatternSet patterns
    ) =>
        [
            .. source
                .Where(s => patterns.Includes(s.Key) && !(destination.TryGetValue(s.Key, out var there) && there == s.Value))
                .Select(s => new RefUpdate(s.Key, destination.GetValueOrDefault(s.Key, ObjectId.Zero(s.Value.Format)), s.Value)),
        ];

    /// <summary>
    /// Updates of refs that are not tags, for which it must be found out whether they move forward before <see cref="Plan"/> can tell an update from
    /// a rewrite.
    /// </summary>
    public static IReadOnlyList<RefUpdate> UpdatesToProve(
        IReadOnlyDictionary<RefName, ObjectId> source,
        IReadOnlyDictionary<RefName, ObjectId> destination,
        RefPatternSet patterns
    ) => [.. Updates(source, destination, patterns).Where(update => !update.Name.IsTag && !update.IsCreate)];

    /// <summary>Plans the changes.</summary>
    /// <param name="source">All refs that the source listed.</param>
    /// <param name="destination">All refs that the destination advertised.</param>
    /// <param name="fastForwards">The updates that are proven to move forward; any other counts as rewritten.</param>
    /// <param name="options">The rules.</param>
    /// <param name="now">The time that kept tips are named after.</param>
    /// <param name="earlierTips">Where earlier attempts of the same run have kept values of refs: they need not be kept twice.</param>
    public static MirrorPlan Plan(
        IReadOnlyDictionary<RefName, ObjectId> source,
        IReadOnlyDictionary<RefName, ObjectId> destination,
        IReadOnlySet<RefUpdate> fastForwards,
        RefOptions options,
        DateTimeOffset now,
        IReadOnlyDictionary<RefName, RefName>? earlierTips = null
    )
    {
        bool IsEqual(RefName name, ObjectId id) => destination.TryGetValue(name, out var there) && there == id;
        var folder = options.KeepOverwritten ? KeptFolder.New(now, destination) : null;
        void AddKept(List<PlannedChange> to, RefUpdate update, RefChangeKind kind) =>
            to.AddRange(Kept(update, kind, folder?.Path, EarlierTip(update)));
        RefName? EarlierTip(RefUpdate update) =>
            earlierTips is not null && earlierTips.TryGetValue(update.Name, out var tip) && IsEqual(tip, update.Old) ? tip : null;

        var changes = new List<PlannedChange>();
        foreach (var name in source.Where(r => options.Patterns.Includes(r.Key) && !IsEqual(r.Key, r.Value)).Select(r => r.Key).Order())
        {
            var id = source[name];
            if (!destination.TryGetValue(name, out var old))
            {
                changes.Add(new PlannedChange(new RefUpdate(name, ObjectId.Zero(id.Format), id), RefChangeKind.Create));
                continue;
            }

            var update = new RefUpdate(name, old, id);
            if (fastForwards.Contains(update))
            {
                changes.Add(new PlannedChange(update, RefChangeKind.Update));
            }
            else
            {
                AddKept(changes, update, RefChangeKind.Force);
            }
        }

        RefName[] gone = options.Prune ? [.. destination.Keys.Where(n => options.Patterns.Includes(n) && !source.ContainsKey(n)).Order()] : [];
        foreach (var name in gone)
        {
            var old = destination[name];
            AddKept(changes, new RefUpdate(name, old, ObjectId.Zero(old.Format)), RefChangeKind.Delete);
        }

        var isKeeping = folder is not null && changes.Exists(c => c.Kind == RefChangeKind.Keep);
        if (isKeeping && destination.TryGetValue(RefName.FromText(RefPatternSet.KeptTagName), out var tag))
        {
            var zero = ObjectId.Zero(tag.Format);
            changes.Add(new PlannedChange(new RefUpdate(folder!.Aside, zero, tag), RefChangeKind.Keep));
            changes.Add(new PlannedChange(new RefUpdate(RefName.FromText(RefPatternSet.KeptTagName), tag, zero), RefChangeKind.Delete, folder.Aside));
            AddKept(changes, new RefUpdate(folder.Aside, tag, zero), RefChangeKind.Delete);
        }

        changes.AddRange(
            destination
                .Where(r => KeptRefs.IsExpired(r.Key, now, options.KeepFor) || r.Key.Raw == RefPatternSet.PartTagName) // A run was interrupted.
                .OrderBy(r => KeptRefs.IsKept(r.Key))
                .ThenBy(r => r.Key)
                .Take(MaxExpired)
                .Select(r => new PlannedChange(new RefUpdate(r.Key, r.Value, ObjectId.Zero(r.Value.Format)), RefChangeKind.Delete))
        );

        return new MirrorPlan
        {
            Changes = InPushOrder(changes),
            Unchanged = source.Count(r => options.Patterns.Includes(r.Key) && IsEqual(r.Key, r.Value)),
            DestinationRefs = destination.Keys.Count(options.Patterns.Includes),
            Deletions = gone.Length,
            KeptFolder = isKeeping ? folder!.Path : null,
        };
    }

    /// <summary>A change that overwrites, and before it the one that keeps the old value, unless that is there already.</summary>
    private static IEnumerable<PlannedChange> Kept(RefUpdate update, RefChangeKind kind, string? folder, RefName? earlierTip)
    {
        if (folder is null || earlierTip is not null)
        {
            return [new PlannedChange(update, kind, earlierTip)];
        }

        var kept = new RefUpdate(KeptFolder.NameFor(update.Name, folder), ObjectId.Zero(update.Old.Format), update.Old);
        return [new PlannedChange(kept, RefChangeKind.Keep), new PlannedChange(update, kind, kept.Name)];
    }

    /// <summary>
    /// A deletion comes before everything when it makes room for a creation, as <c>x</c> for <c>x/y</c>, and after everything otherwise. What keeps
    /// old values comes before all.
    /// </summary>
    private static List<PlannedChange> InPushOrder(List<PlannedChange> changes)
    {
        if (changes.TrueForAll(c => c.Kind != RefChangeKind.Keep && !c.Update.IsDelete))
        {
            return changes; // A first mirror, of any number of refs.
        }

        var inTheWay = DeletionsInTheWay(changes.Select(c => c.Update));
        return
        [
            .. changes.OrderBy(c =>
                c.Kind == RefChangeKind.Keep ? (KeptRefs.IsKept(c.Update.Name) ? 2 : 0)
                : c.Update.Name.Raw == RefPatternSet.KeptTagName ? 1
                : inTheWay.Contains(c.Update.Name) ? 3
                : c.Update.IsDelete ? 5
                : 4
            ),
        ]; // OrderBy is stable: within a group the names stay in order.
    }

    /// <summary>The refs whose deletion makes room for a creation.</summary>
    internal static HashSet<RefName> DeletionsInTheWay(IEnumerable<RefUpdate> updates)
    {
        var deleted = updates.Where(u => u.IsDelete).Select(u => u.Name.Raw).ToHashSet(StringComparer.Ordinal);
        if (deleted.Count == 0)
        {
            return [];
        }

        var created = updates.Where(u => u.IsCreate).Select(u => u.Name.Raw).ToHashSet(StringComparer.Ordinal);
        var (deletedFolders, createdFolders) = (deleted.GetAlternateLookup<ReadOnlySpan<char>>(), created.GetAlternateLookup<ReadOnlySpan<char>>());
        var inTheWay = deleted
            .Where(name => Slashes(name).Any(slash => createdFolders.Contains(name.AsSpan(0, slash))))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var name in created)
        {
            foreach (var slash in Slashes(name))
            {
                if (deletedFolders.TryGetValue(name.AsSpan(0, slash), out var folder))
                {
                    inTheWay.Add(folder);
                }
            }
        }

        return [.. updates.Where(u => u.IsDelete && inTheWay.Contains(u.Name.Raw)).Select(u => u.Name)];
    }

    /// <summary>Where the folders of a name end, the longest first.</summary>
    private static IEnumerable<int> Slashes(string name)
    {
        for (var slash = name.LastIndexOf('/'); slash > 0; slash = name.LastIndexOf('/', slash - 1))
        {
            yield return slash;
        }
    }
}
