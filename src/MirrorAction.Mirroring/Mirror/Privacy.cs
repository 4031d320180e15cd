using System.Net;
using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;
using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Mirroring.Mirror;

/// <summary>What is private at the source goes to where nobody else can read it, or nowhere.</summary>
internal static class Privacy
{
    /// <summary>Whether more people may read the repository than the source. A host that does not say counts as one that shows everything.</summary>
    internal static bool IsExposed(Repository source, Repository destination) => source.IsPrivate && destination.Visibility != Visibility.Private;

    /// <summary>Makes the repository private, and believes that when the host says so. One that tells of no visibility at all is believed when it
    /// accepts the change.</summary>
    /// <param name="host">The destination.</param>
    /// <param name="repository">What is public there, or not known to be private.</param>
    /// <param name="source">The name of what is private.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="MirrorException">The host refused, or could not be reached.</exception>
    internal static async Task HideAsync(IRepositoryDestination host, Repository repository, string source, CancellationToken cancellationToken)
    {
        const string cure = "Make it private by hand, or give the credentials the right to (admin); or leave it out with 'exclude'.";
        var isSilent = repository.Visibility == Visibility.Unknown;
        var what = $"{repository.FullName} {(isSilent ? "may be" : "is")} public, but {source} is private, and it could not be made private";
        Visibility now;
        try
        {
            now = await host.SetVisibilityAsync(repository.Name, isPrivate: true, cancellationToken);
        }
        catch (HostException e)
        {
            var error = FailureTranslator.FromHost(e, isSource: false);
            throw new MirrorException(error.Code, $"{what}: {error.Message} Nothing was pushed.", $"{error.Hint} {cure}".TrimStart());
        }

        if (now != Visibility.Private && !(isSilent && now == Visibility.Unknown))
        {
            throw new MirrorException(
                ErrorCode.DestinationForbidden,
                $"{what}: {host.Host.Name} was asked to, and does not say that it is. Nothing was pushed.",
                cure
            );
        }
    }
}

/// <summary>
/// The wiki that a mirror has itself becomes public with the mirror, and with the wiki everything in it: pages and kept values of a time when the
/// source was private.
/// </summary>
internal static class WikiPrivacy
{
    /// <summary>Why the mirror has to stay private for its wiki's sake, as the rest of a sentence; null where nothing speaks against it.</summary>
    internal static async Task<string?> FindReasonAsync(RunContext context, Repository source, Repository mirror, CancellationToken cancellationToken)
    {
        try
        {
            var host = context.Destination;
            if (host.OwnWikis is not { } wikis || !await wikis.IsReadyAsync(mirror, cancellationToken))
            {
                return null;
            }

            var held = await ListAsync(context, mirror.ToWiki().GitUrl, new HostCredentials(host.GitCredentials, isSource: false), cancellationToken);
            if (held.Keys.Any(KeptRefs.IsKept))
            {
                return $"its wiki keeps old values under {RefPatternSet.KeptPrefix}, which may never have been public.";
            }

            if (held.Count == 0)
            {
                return null;
            }

            // What the source's wiki does not list may never have been public either.
            var wiki = source.ToWiki();
            var credentials = new HostCredentials(context.Source.GitCredentialsFor(source), isSource: true);
            var shown =
                wiki is { IsPrivate: false } && source.HasWiki
                    ? await ListAsync(context, wiki.GitUrl, credentials, cancellationToken)
                    : new Dictionary<RefName, ObjectId>();
            return held.All(r => shown.TryGetValue(r.Key, out var id) && id == r.Value)
                ? null
                : "its wiki holds something that the source's wiki does not show; once both are equal, the next run makes it public.";
        }
        catch (Exception e) when (e is GitException or HostException)
        {
            return $"what its wiki holds could not be found out: {e.Message}";
        }
    }

    /// <summary>The branches and tags of a wiki; none where git finds none.</summary>
    private static async Task<IReadOnlyDictionary<RefName, ObjectId>> ListAsync(
        RunContext context,
        Uri url,
        HostCredentials credentials,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var client = new UploadPackClient(context.Git, new GitEndpoint(url, credentials), new TransferCounter());
            return (await client.ListRefsAsync(["refs/heads/", "refs/tags/"], cancellationToken)).Refs;
        }
        catch (GitRemoteException e) when (e.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            return new Dictionary<RefName, ObjectId>();
        }
    }
}
