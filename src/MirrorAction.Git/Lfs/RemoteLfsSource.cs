using System.Collections.Concurrent;
using System.Net;
using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;
using MirrorAction.Http;

namespace MirrorAction.Git.Lfs;

/// <summary>A repository whose server has its LFS objects.</summary>
/// <param name="http">The connections; stay the caller's.</param>
/// <param name="repository">The repository.</param>
/// <param name="counter">Where requests and bytes are counted.</param>
/// <param name="service">Which side of a relay it is: a mirror that is verified is read, too.</param>
public sealed class RemoteLfsSource(GitHttp http, GitEndpoint repository, TransferCounter counter, GitService service = GitService.UploadPack)
    : ILfsSource
{
    private readonly LfsServer _server = new(new LfsHttp(http, repository, service, counter));
    private readonly ConcurrentDictionary<LfsPointer, LfsObjectAnswer> _known = [];

    /// <inheritdoc/>
    public string Name => _server.Http.Peer;

    /// <inheritdoc/>
    public string Account => _server.Http.Account;

    /// <inheritdoc/>
    public async Task PrepareAsync(IReadOnlyCollection<LfsPointer> objects, CancellationToken cancellationToken)
    {
        foreach (var (pointer, answer) in await _server.AskAsync("download", objects, cancellationToken))
        {
            _known[pointer] = answer;
        }
    }

    /// <summary>Those of some objects that it says it does not have; a server without LFS has none.</summary>
    /// <exception cref="GitException">It refused for another reason, or could not be reached.</exception>
    public async Task<HashSet<LfsPointer>> FindLackingAsync(IReadOnlyCollection<LfsPointer> objects, CancellationToken cancellationToken)
    {
        try
        {
            await PrepareAsync(objects, cancellationToken);
        }
        catch (LfsException e) when (e.Fault == LfsFault.NotServed)
        {
            // Who has no LFS lacks everything.
        }

        return [.. objects.Where(o => !Has(o))];
    }

    /// <inheritdoc/>
    public bool Has(LfsPointer pointer) => _known.TryGetValue(pointer, out var answer) && answer is { Error: null, Actions.Download: not null };

    /// <inheritdoc/>
    public async Task<Stream> OpenAsync(LfsPointer pointer, bool isAgain, CancellationToken cancellationToken)
    {
        var link = isAgain ? null : LinkTo(pointer);
        if (link?.IsExpired(_server.Http.Time.GetUtcNow()) != false)
        {
            await PrepareAsync([pointer], cancellationToken);
            link = LinkTo(pointer)!;
        }

        try
        {
            var contents = await _server.Http.GetAsync(link, pointer, cancellationToken);
            _known.TryRemove(pointer, out _); // A repository may have a hundred thousand of them.
            return contents;
        }
        catch (GitRemoteException e) when (e.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            throw new LfsObjectException($"{Name} no longer has the LFS object {pointer.Oid}", isMissing: true);
        }
    }

    /// <summary>The link that the server gave for an object; null when it was not asked.</summary>
    private LfsLink? LinkTo(LfsPointer pointer)
    {
        if (!_known.TryGetValue(pointer, out var answer))
        {
            return null;
        }

        if (answer.Error is null && answer.Actions?.Download is { } action)
        {
            return LfsLink.Read(action, answer.Authenticated == true, repository, _server.Http.Time.GetUtcNow());
        }

        var code = answer.Error?.Code;
        var said = TextSanitizer.Clean(answer.Error?.Message);
        throw code is null or 404 or 410
            ? new LfsObjectException($"{Name} no longer has the LFS object {pointer.Oid} ({said})", isMissing: true)
            : LfsRefusal.OfObject(pointer, Name, code.Value, said, service);
    }
}
