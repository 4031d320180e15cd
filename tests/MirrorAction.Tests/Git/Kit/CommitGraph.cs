using System.Text;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Git.Kit;

/// <summary>Commits and their parents, and a source that answers a fetch for commits alone as git does.</summary>
internal sealed class CommitGraph
{
    private readonly List<(ObjectId Id, byte[] Data, ObjectId[] Parents)> _commits = [];

    /// <summary>Adds a commit on top of others; returns its id.</summary>
    internal ObjectId Add(params ObjectId[] parents)
    {
        var data = PackBuilder.Commit($"Commit {_commits.Count}", parents);
        _commits.Add((PackBuilder.IdOf("commit", data), data, parents));
        return _commits[^1].Id;
    }

    internal bool IsAncestor(ObjectId old, ObjectId tip) => Reachable([tip]).Contains(old) && old != tip;

    /// <summary>Answers fetches by the commits that are reachable from the wants and not from the haves.</summary>
    internal WireAnswer Answer(WireRequest request)
    {
        var lines = Encoding.ASCII.GetString(request.Content);
        lines.ShouldContain("filter tree:0\n");
        lines.ShouldNotContain("thin-pack");
        var left = Reachable(Ids(lines, "want "));
        left.ExceptWith(Reachable(Ids(lines, "have ")));
        var pack = new PackBuilder();
        foreach (var commit in _commits.Where(c => left.Contains(c.Id)).Reverse())
            pack.Add(PackObjectType.Commit, commit.Data);
        return new WireAnswer(
            200,
            "application/x-git-upload-pack-result",
            [.. Wire.Packets("packfile"), .. Transcript.Packet([1, .. pack.Build()]), .. "0000"u8]
        );
    }

    private static IEnumerable<ObjectId> Ids(string lines, string key) => lines.Split(key).Skip(1).Select(rest => ObjectId.Parse(rest[..40]));

    private HashSet<ObjectId> Reachable(IEnumerable<ObjectId> tips)
    {
        var seen = new HashSet<ObjectId>(tips);
        foreach (var (id, _, parents) in Enumerable.Reverse(_commits))
        {
            if (seen.Contains(id))
                seen.UnionWith(parents);
        }

        return seen;
    }
}
