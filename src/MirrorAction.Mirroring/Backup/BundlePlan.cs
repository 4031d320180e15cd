using MirrorAction.Git.Bundles;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Backup;

/// <summary>The bundle to write next. Immutable data; nothing has been asked of anyone.</summary>
internal sealed record BundlePlan
{
    /// <summary>
    /// More would make the header and the request long, and save nothing: the tips of a thousand branches reach nearly all that the others do.
    /// </summary>
    internal const int MaxPrerequisites = 1024;

    private static readonly RefName s_head = RefName.FromText("HEAD");

    /// <summary>What it holds.</summary>
    internal required BundleKind Kind { get; init; }

    /// <summary>Its refs, all that are there now, and what must be there before it.</summary>
    internal required BundleHeader Header { get; init; }

    /// <summary>What the source is asked for; empty when everything is in the chain already.</summary>
    internal required IReadOnlyList<ObjectId> Wants { get; init; }

    /// <summary>What moved since the last bundle; <c>HEAD</c> is not among it.</summary>
    internal required IReadOnlyList<RefChange> Changes { get; init; }

    /// <summary>Refs that are as they were; <c>HEAD</c> is not among them.</summary>
    internal required int Unchanged { get; init; }

    /// <summary>Refs and <c>HEAD</c> are those of the last bundle: there is nothing to write.</summary>
    internal required bool IsEmpty { get; init; }

    /// <summary>
    /// Refs that the source can't send, with its words. They stay as the last bundle has them, or out of it, so that the next plan takes them up
    /// again.
    /// </summary>
    internal required IReadOnlyDictionary<RefName, string> Unreadable { get; init; }

    /// <summary>The refs as numbers.</summary>
    internal RefCounts Counts =>
        new()
        {
            Created = Changes.Count(c => c.Kind == RefChangeKind.Create),
            Updated = Changes.Count(c => c.Kind == RefChangeKind.Update),
            Deleted = Changes.Count(c => c.Kind == RefChangeKind.Delete),
            Unchanged = Unchanged,
        };

    /// <summary>Plans the next bundle of a repository. Pure.</summary>
    /// <param name="last">The header of the last bundle, in the same object format; null when there is none to follow.</param>
    /// <param name="now">What the source lists.</param>
    /// <param name="patterns">Which of it is kept.</param>
    /// <param name="beginsChain">The last chain is as long as it may become.</param>
    /// <param name="unreadable">Values that the source can't send, with its words; null when none is known.</param>
    internal static BundlePlan Make(
        BundleHeader? last,
        RemoteRefs now,
        RefPatternSet patterns,
        bool beginsChain,
        IReadOnlyDictionary<ObjectId, string>? unreadable = null
    )
    {
        var before = last?.Refs.ToDictionary(r => r.Name, r => r.Id) ?? [];
        var kind = last is null || beginsChain ? BundleKind.Full : BundleKind.Incremental;
        var known = kind == BundleKind.Full ? [] : before.Values.ToHashSet();
        var selected = Select(now, patterns);
        var heldBack = selected.Where(r => unreadable?.ContainsKey(r.Id) == true && !known.Contains(r.Id)).ToList();
        var refs = selected
            .Except(heldBack)
            .Concat(heldBack.Where(r => before.ContainsKey(r.Name)).Select(r => r with { Id = before[r.Name] }))
            .OrderBy(r => r.Name == s_head)
            .ThenBy(r => r.Name)
            .ToList();
        var header = new BundleHeader
        {
            ObjectFormat = now.ObjectFormat,
            Refs = refs,
            Prerequisites = kind == BundleKind.Full ? [] : Prerequisites(before, refs),
        };
        return new BundlePlan
        {
            Kind = kind,
            Header = header,
            Wants = [.. refs.Select(r => r.Id).Distinct().Where(id => !known.Contains(id))],
            Changes = Compare(before, refs),
            Unchanged = refs.Count(r => r.Name != s_head && before.TryGetValue(r.Name, out var id) && id == r.Id),
            Unreadable = heldBack.Where(r => r.Name != s_head).ToDictionary(r => r.Name, r => unreadable![r.Id]),
            IsEmpty = before.Count == refs.Count && refs.All(r => before.TryGetValue(r.Name, out var id) && id == r.Id),
        };
    }

    /// <summary>What of the source's refs is kept, in the order of the names, and <c>HEAD</c> last.</summary>
    internal static IReadOnlyList<Ref> Select(RemoteRefs source, RefPatternSet patterns)
    {
        var refs = source.Refs.Where(r => patterns.Includes(r.Key)).OrderBy(r => r.Key).Select(r => new Ref(r.Key, r.Value)).ToList();
        if (RefDiff.DefaultBranchOf(source, patterns) is { } head)
        {
            refs.Add(new Ref(s_head, source.Refs[head]));
        }

        return refs;
    }

    /// <summary>
    /// Old tips of branches, those that moved first: from them the new ones are not far. Branches only, because what a bundle requires must be a
    /// commit.
    /// </summary>
    private static List<ObjectId> Prerequisites(Dictionary<RefName, ObjectId> before, IReadOnlyList<Ref> refs)
    {
        var now = refs.ToDictionary(r => r.Name, r => r.Id);
        int Rank(KeyValuePair<RefName, ObjectId> old) =>
            !now.TryGetValue(old.Key, out var id) ? 2
            : id == old.Value ? 1
            : 0;
        return [.. before.Where(r => r.Key.IsBranch).OrderBy(Rank).ThenBy(r => r.Key).Select(r => r.Value).Distinct().Take(MaxPrerequisites)];
    }

    private static List<RefChange> Compare(Dictionary<RefName, ObjectId> before, IReadOnlyList<Ref> refs)
    {
        var changes = new List<RefChange>();
        foreach (var (name, id) in refs.Where(r => r.Name != s_head))
        {
            if (!before.TryGetValue(name, out var old))
            {
                changes.Add(new RefChange(name.ToString(), RefChangeKind.Create, null, id.ToString()));
            }
            else if (old != id)
            {
                changes.Add(new RefChange(name.ToString(), RefChangeKind.Update, old.ToString(), id.ToString()));
            }
        }

        var names = refs.Select(r => r.Name).ToHashSet();
        changes.AddRange(
            before
                .Where(r => !names.Contains(r.Key) && r.Key != s_head)
                .OrderBy(r => r.Key)
                .Select(r => new RefChange(r.Key.ToString(), RefChangeKind.Delete, r.Value.ToString(), null))
        );
        return changes;
    }
}
