using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;

namespace MirrorAction.Git.Bundles;

/// <summary>
/// A chain of bundles as a repository that is read: it lists the refs of the last bundle, and gives what is asked of it out of the packs of all,
/// straight from the files. Nothing is unpacked; in memory are the indexes, and a bit for each object.
/// </summary>
/// <param name="name">What the chain is, for messages.</param>
/// <param name="last">What the last bundle says.</param>
/// <param name="head">The default branch; null where there is none.</param>
/// <param name="packs">The packs of the chain, in order; stay the caller's, and are read by nobody else meanwhile.</param>
/// <param name="options">How much of a pack is held and written at a time.</param>
public sealed class BundleRepository(string name, BundleHeader last, RefName? head, IReadOnlyList<PackFile> packs, GitHttpOptions options)
    : IFetchSource
{
    /// <summary>Of trees and commits that deltas of others stand on.</summary>
    private const long CacheBytes = 32 << 20;

    private readonly PackStore _store = new(packs, CacheBytes);
    private readonly PackMarks _present = new(packs);

    /// <inheritdoc/>
    public string Peer => name;

    /// <inheritdoc/>
    public GitHttpOptions Options => options;

    /// <inheritdoc/>
    public bool CanFilter => true;

    /// <inheritdoc/>
    /// <remarks>Limits of depth are wishes: more than was asked for is given.</remarks>
    public bool GivesTipsOnly => true;

    /// <inheritdoc/>
    public bool GivesAnyObject => true;

    /// <inheritdoc/>
    public Task<RemoteRefs> ListRefsAsync(RefPatternSet patterns, CancellationToken cancellationToken) =>
        Task.FromResult(List(name => patterns.Includes(name)));

    /// <inheritdoc/>
    public Task<RemoteRefs> ListRefsAsync(IReadOnlyList<string> prefixes, CancellationToken cancellationToken) =>
        Task.FromResult(List(name => prefixes.Any(prefix => name.Raw.StartsWith(prefix, StringComparison.Ordinal))));

    /// <inheritdoc/>
    public async Task<FetchSession> FetchAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        try
        {
            // Walking a long history is work for a processor.
            var pack = await Task.Run(() => Select(request, cancellationToken), cancellationToken);
            return new FetchSession(pack.Read(last.ObjectFormat), last.ObjectFormat, name);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new GitProtocolException($"{name} can't be read: {e.Message}");
        }
        catch (GitException e) when (e.In(GitService.UploadPack))
        {
            throw;
        }
    }

    private RemoteRefs List(Func<RefName, bool> isTaken) =>
        new(last.Refs.Where(r => r.Name.Raw != "HEAD" && isTaken(r.Name)).ToDictionary(r => r.Name, r => r.Id), head, last.ObjectFormat, v0: null);

    private PackCopy Select(FetchRequest request, CancellationToken cancellationToken)
    {
        var walk = new ObjectWalk(_store, last.ObjectFormat, request.Filter, cancellationToken);
        var present = Present(request, walk);
        var wanted = new PackMarks(packs);
        walk.Mark(request.Wants, wanted, present, Missing);
        return new PackCopy(_store, wanted) { Bases = request.ThinPack ? present : null, OfsDelta = request.OfsDelta };
    }

    /// <summary>
    /// What the receiver has with what that reaches, as far as it is in the chain; null for nothing. Within a relay a receiver only gains, so that
    /// nothing is walked twice. A question by a filter is about part of it.
    /// </summary>
    private PackMarks? Present(FetchRequest request, ObjectWalk walk)
    {
        if (request.Haves.Count == 0)
        {
            return null;
        }

        var present = request.Filter != ObjectFilter.None ? new PackMarks(packs) : _present;
        walk.Mark(request.Haves, present, without: null, static (_, _, _) => { });
        return present;
    }

    /// <summary>The words of git, which say that it is about one object.</summary>
    private void Missing(ObjectId id, PackObjectType? type, ObjectId neededBy)
    {
        var kind = type?.ToString().ToLowerInvariant() ?? "unknown";
        throw id == neededBy
            ? new GitRemoteException($"{name} does not have {id}.") { RemoteMessage = $"upload-pack: not our ref {id}" }
            : new GitRemoteException($"{name} lacks an object: missing {kind} {id}, which {neededBy} needs.")
            {
                RemoteMessage = $"missing {kind} {id}",
            };
    }
}
