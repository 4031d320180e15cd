using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Refs;

/// <summary>How the mirrored refs of two repositories differ. Pure data: the differences, made at the mirror, make it equal.</summary>
public sealed record RefDiff
{
    /// <summary>One entry for each ref that differs, by name: what would have to happen at the mirror.</summary>
    public required IReadOnlyList<RefChange> Differences { get; init; }

    /// <summary>Values that both sides have under the same name, each once.</summary>
    public required IReadOnlyList<ObjectId> Common { get; init; }

    /// <summary>Refs with the same value on both sides.</summary>
    public required int Unchanged { get; init; }

    /// <summary>Nothing differs.</summary>
    public bool IsEqual => Differences.Count == 0;

    /// <summary>The differences by kind.</summary>
    public RefCounts Counts =>
        new()
        {
            Created = Differences.Count(d => d.Kind == RefChangeKind.Create),
            Updated = Differences.Count(d => d.Kind == RefChangeKind.Update),
            Deleted = Differences.Count(d => d.Kind == RefChangeKind.Delete),
            Unchanged = Unchanged,
        };

    /// <summary>Compares; what the mirror alone has counts unless nothing is ever deleted there.</summary>
    public static RefDiff Of(IReadOnlyDictionary<RefName, ObjectId> source, IReadOnlyDictionary<RefName, ObjectId> mirror, RefOptions options)
    {
        var differences = new List<RefChange>();
        var common = new HashSet<ObjectId>();
        var unchanged = 0;
        foreach (var name in source.Keys.Union(mirror.Keys).Where(options.Patterns.Includes).Order())
        {
            ObjectId? wanted = source.TryGetValue(name, out var id) ? id : null;
            ObjectId? found = mirror.TryGetValue(name, out id) ? id : null;
            if (wanted is { } same && wanted == found)
            {
                common.Add(same);
                unchanged++;
            }
            else if (wanted is not null || options.Prune)
            {
                var kind =
                    found is null ? RefChangeKind.Create
                    : wanted is null ? RefChangeKind.Delete
                    : RefChangeKind.Update;
                differences.Add(new RefChange(name.ToString(), kind, found?.ToString(), wanted?.ToString()));
            }
        }

        return new RefDiff
        {
            Differences = differences,
            Common = [.. common],
            Unchanged = unchanged,
        };
    }

    /// <summary>Whether <see cref="Of"/> would find no difference; needs no memory, however many refs there are.</summary>
    public static bool AreEqual(IReadOnlyDictionary<RefName, ObjectId> source, IReadOnlyDictionary<RefName, ObjectId> mirror, RefOptions options) =>
        source.All(r => !options.Patterns.Includes(r.Key) || (mirror.TryGetValue(r.Key, out var id) && id == r.Value))
        && (!options.Prune || mirror.Keys.All(name => !options.Patterns.Includes(name) || source.ContainsKey(name)));

    /// <summary>The source's default branch when it is there and mirrored, and so has to be the mirror's main branch; null otherwise.</summary>
    public static RefName? DefaultBranchOf(RemoteRefs source, RefPatternSet patterns) =>
        source.Head is { IsBranch: true } head && source.Refs.ContainsKey(head) && patterns.Includes(head) ? head : null;
}
