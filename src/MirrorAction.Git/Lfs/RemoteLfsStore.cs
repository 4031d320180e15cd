using System.Collections.Concurrent;
using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;
using MirrorAction.Http;

namespace MirrorAction.Git.Lfs;

/// <summary>A repository whose server stores LFS objects for it.</summary>
/// <param name="http">The connections; stay the caller's.</param>
/// <param name="repository">The repository.</param>
/// <param name="counter">Where requests and bytes are counted.</param>
/// <param name="progress">Called for bytes that went through; null for nobody.</param>
public sealed class RemoteLfsStore(GitHttp http, GitEndpoint repository, TransferCounter counter, Action<long>? progress = null) : ILfsStore
{
    private readonly LfsServer _server = new(new LfsHttp(http, repository, GitService.ReceivePack, counter));
    private readonly ConcurrentDictionary<LfsPointer, LfsObjectAnswer> _known = [];

    private LfsHttp Http => _server.Http;

    /// <inheritdoc/>
    public string Account => Http.Account;

    /// <inheritdoc/>
    public async Task<IReadOnlyCollection<LfsPointer>> FindMissingAsync(IReadOnlyCollection<LfsPointer> objects, CancellationToken cancellationToken)
    {
        var missing = new List<LfsPointer>();
        foreach (var (pointer, answer) in await _server.AskAsync("upload", objects, cancellationToken))
        {
            if (answer is { Error: null, Actions: null or { Upload: null } })
            {
                _known.TryRemove(pointer, out _);
            }
            else
            {
                _known[pointer] = answer;
                missing.Add(pointer);
            }
        }

        return missing;
    }

    /// <inheritdoc/>
    public async Task StoreAsync(LfsPointer pointer, Stream contents, string from, bool isAgain, CancellationToken cancellationToken)
    {
        var link = isAgain ? null : LinkTo(pointer, actions => actions.Upload);
        if (link?.IsExpired(Http.Time.GetUtcNow()) != false)
        {
            await FindMissingAsync([pointer], cancellationToken);
            link = LinkTo(pointer, actions => actions.Upload);
        }

        if (link is null)
        {
            return; // It has arrived since: another run, or a try whose answer was lost.
        }

        await Http.PutAsync(link, pointer, contents, from, progress, cancellationToken);
        if (LinkTo(pointer, actions => actions.Verify) is { } verify)
        {
            await Http.VerifyAsync(verify, pointer, cancellationToken);
        }

        _known.TryRemove(pointer, out _); // A repository may have a hundred thousand of them.
    }

    /// <summary>A link that the server gave for an object; null when it gave none.</summary>
    private LfsLink? LinkTo(LfsPointer pointer, Func<LfsActions, LfsAction?> which) =>
        !_known.TryGetValue(pointer, out var answer) ? null
        : answer.Error is { } error
            ? throw LfsRefusal.OfObject(pointer, Http.Peer, error.Code ?? 0, TextSanitizer.Clean(error.Message), GitService.ReceivePack)
        : answer.Actions is { } actions && which(actions) is { } action
            ? LfsLink.Read(action, answer.Authenticated == true, Http.Repository, Http.Time.GetUtcNow())
        : null;
}
