using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;

namespace MirrorAction.Git.Lfs;

/// <summary>Finds out which values of refs need certain files, by a fetch of the commits and folders that the receiver lacks.</summary>
/// <param name="source">Who is asked, after it has listed its refs.</param>
public sealed class LfsDependents(IFetchSource source)
{
    /// <summary>Those of the wants from which one of the files is reached, by a way that does not lead through the haves.</summary>
    /// <param name="wants">Values of refs that the source lists.</param>
    /// <param name="haves">Objects that need not be looked at, with everything they reach.</param>
    /// <param name="files">The files, by the ids that git has for them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null when the history is too large to be looked at.</returns>
    /// <exception cref="GitException">The source refused, or could not be reached.</exception>
    public async Task<IReadOnlySet<ObjectId>?> FindAsync(
        IReadOnlyCollection<ObjectId> wants,
        IReadOnlyCollection<ObjectId> haves,
        IReadOnlySet<ObjectId> files,
        CancellationToken cancellationToken
    )
    {
        var request = new FetchRequest
        {
            Wants = wants,
            Haves = haves,
            OfsDelta = true,
            Filter = source.CanFilter ? ObjectFilter.NoBlobs : ObjectFilter.None,
        };
        try
        {
            return await FindAsync(request, files, cancellationToken);
        }
        catch (GitException e) when (request.Filter != ObjectFilter.None && LfsPointerSearch.IsNoAnswer(e))
        {
            return await FindAsync(request with { Filter = ObjectFilter.None }, files, cancellationToken);
        }
    }

    private async Task<IReadOnlySet<ObjectId>?> FindAsync(FetchRequest request, IReadOnlySet<ObjectId> files, CancellationToken cancellationToken)
    {
        if (await SmallPack.ReadAsync(source, request, cancellationToken) is not { } objects)
        {
            return null;
        }

        // From the files upwards: who names one of them, who names those, and so on.
        var namedBy = new Dictionary<ObjectId, List<ObjectId>>();
        foreach (var (id, type, data) in objects)
        {
            foreach (var named in NamesIn(type, data, id.Format))
            {
                (namedBy.TryGetValue(named, out var names) ? names : namedBy[named] = []).Add(id);
            }
        }

        var reached = new HashSet<ObjectId>(files);
        var open = new Stack<ObjectId>(files);
        while (open.TryPop(out var id))
        {
            foreach (var parent in namedBy.GetValueOrDefault(id, []).Where(reached.Add))
            {
                open.Push(parent);
            }
        }

        reached.IntersectWith(request.Wants);
        return reached;
    }

    private static IEnumerable<ObjectId> NamesIn(PackObjectType type, byte[] data, ObjectFormat format) =>
        type switch
        {
            PackObjectType.Tree => TreeEntry.Read(data, format).Where(entry => !entry.IsSubmodule).Select(entry => entry.Id),
            PackObjectType.Commit => [.. PackReader.TargetOf(data, "tree "u8), .. PackReader.ParentsOf(data)],
            PackObjectType.Tag => PackReader.TargetOf(data, "object "u8),
            _ => [],
        };
}
