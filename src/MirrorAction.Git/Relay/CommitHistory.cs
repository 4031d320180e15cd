using System.Globalization;
using System.Text;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;

namespace MirrorAction.Git.Relay;

/// <summary>
/// The commits and annotated tags that one side has beyond the other, read by a fetch for commits alone (<c>filter tree:0</c>). An annotated tag
/// counts as a child of what it points to. Immutable.
/// </summary>
internal sealed class CommitHistory
{
    private readonly Dictionary<ObjectId, (ObjectId[] Parents, long Time)> _commits;

    private CommitHistory(Dictionary<ObjectId, (ObjectId[] Parents, long Time)> commits) => _commits = commits;

    /// <summary>Of which nothing is known.</summary>
    internal static CommitHistory Unknown { get; } = new([]);

    /// <summary>Reads what is reachable from the wants and not from the haves; null when it is too much to be read.</summary>
    /// <exception cref="GitException">The source knows no filter, refused, or could not be reached.</exception>
    internal static async Task<CommitHistory?> ReadAsync(
        IFetchSource source,
        IReadOnlyCollection<ObjectId> wants,
        IReadOnlyCollection<ObjectId> haves,
        CancellationToken cancellationToken
    )
    {
        var request = new FetchRequest
        {
            Wants = wants,
            Haves = haves,
            Filter = ObjectFilter.CommitsOnly,
        };
        return await SmallPack.ReadAsync(source, request, cancellationToken) is { } objects ? Of(objects) : null;
    }

    /// <summary>What a pack brings of it, as far as it can be read without the objects that only its receiver has.</summary>
    internal static CommitHistory Of(WholePack pack)
    {
        using var scan = new CommitScan(pack.Format);
        return pack.TryScan(scan) ? Of(scan.Found) : Unknown;
    }

    /// <summary>Whether the object is a commit or tag that was read.</summary>
    internal bool Contains(ObjectId id) => _commits.ContainsKey(id);

    /// <summary>The parents of a commit, the first one first, or what a tag points to; nothing for what was not read.</summary>
    internal IReadOnlyList<ObjectId> ParentsOf(ObjectId id) => _commits.TryGetValue(id, out var commit) ? commit.Parents : [];

    /// <summary>When it was made, in seconds of Unix time; the end of all time for what was not read.</summary>
    internal long TimeOf(ObjectId id) => _commits.TryGetValue(id, out var commit) ? commit.Time : long.MaxValue;

    /// <summary>All that was read, each after its parents, in an order that follows one line of history after the other.</summary>
    /// <param name="tips">Where the lines end.</param>
    internal List<ObjectId> ParentsFirst(IEnumerable<ObjectId> tips)
    {
        var order = new List<ObjectId>(_commits.Count);
        var seen = new HashSet<ObjectId>();
        var open = new Stack<(ObjectId Id, bool IsDone)>(tips.Reverse().Select(tip => (tip, false)));
        while (open.TryPop(out var next))
        {
            if (next.IsDone)
            {
                order.Add(next.Id);
            }
            else if (Contains(next.Id) && seen.Add(next.Id))
            {
                open.Push((next.Id, true));
                foreach (var parent in ParentsOf(next.Id).Reverse())
                {
                    open.Push((parent, false));
                }
            }
        }

        return order;
    }

    /// <summary>What paths lead back to from some commits, one step beyond what was read; each once.</summary>
    internal IEnumerable<ObjectId> AncestorsOf(IEnumerable<ObjectId> commits) => AncestorsOf(commits, new HashSet<ObjectId>().Add);

    /// <summary>The same as far as it is wanted: no path is followed beyond what is not.</summary>
    internal IEnumerable<ObjectId> AncestorsOf(IEnumerable<ObjectId> commits, Func<ObjectId, bool> isWanted)
    {
        var open = new Stack<ObjectId>(commits);
        while (open.TryPop(out var commit))
        {
            foreach (var parent in ParentsOf(commit).Where(isWanted))
            {
                yield return parent;
                open.Push(parent);
            }
        }
    }

    /// <summary>Whether the one is the other, or a path of parents leads from it back to the other.</summary>
    internal bool Reaches(ObjectId from, ObjectId to) => from == to || AncestorsOf([from]).Contains(to);

    private static CommitHistory Of(IEnumerable<(ObjectId Id, PackObjectType Type, byte[] Data)> objects) =>
        new(
            objects
                .Where(o => o.Type is PackObjectType.Commit or PackObjectType.Tag)
                .DistinctBy(o => o.Id)
                .ToDictionary(o => o.Id, o => (BasesOf(o.Type, o.Data), TimeOf(o.Data)))
        );

    private static ObjectId[] BasesOf(PackObjectType type, byte[] data) =>
        type == PackObjectType.Commit ? [.. PackReader.ParentsOf(data)] : PackReader.TargetOf(data, "object "u8);

    /// <summary>The time of the line <c>committer</c> or <c>tagger</c>; 0 where there is none, as in very old tags.</summary>
    private static long TimeOf(byte[] data)
    {
        for (var at = 0; at < data.Length && data[at] != '\n'; )
        {
            var line = Line(data, at);
            at += line.Length + 1;
            if (line.StartsWith("committer ", StringComparison.Ordinal) || line.StartsWith("tagger ", StringComparison.Ordinal))
            {
                var words = line.Split(' ');
                return long.TryParse(words[^2], NumberStyles.None, CultureInfo.InvariantCulture, out var time) ? time : 0;
            }
        }

        return 0;
    }

    private static string Line(byte[] data, int at)
    {
        var length = data.AsSpan(at).IndexOf((byte)'\n');
        return Encoding.Latin1.GetString(data, at, length < 0 ? data.Length - at : length);
    }
}
