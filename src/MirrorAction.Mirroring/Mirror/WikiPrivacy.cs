using System.Net;
using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;
using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Mirroring.Mirror;

/// <summary>
/// The wiki that a mirror has itself becomes public with the mirror, and with the wiki the old values that it keeps: they may be of a time when the
/// source was private.
/// </summary>
internal static class WikiPrivacy
{
    /// <summary>Why the mirror has to stay private for its wiki's sake, as the rest of a sentence; null where nothing speaks against it.</summary>
    internal static async Task<string?> FindReasonAsync(RunContext context, DestinationRepository mirror, CancellationToken cancellationToken)
    {
        try
        {
            var host = context.Destination;
            if (host.OwnWikis is not { } wikis || !await wikis.IsReadyAsync(mirror, cancellationToken))
            {
                return null;
            }

            var wiki = new GitEndpoint(mirror.ToWiki().GitUrl, new HostCredentials(host.GitCredentials, isSource: false));
            var listed = await new UploadPackClient(context.Git, wiki, new TransferCounter()).ListRefsAsync(
                [RefPatternSet.KeptPrefix],
                cancellationToken
            );
            return listed.Refs.Keys.Any(KeptRefs.IsKept)
                ? $"its wiki keeps old values under {RefPatternSet.KeptPrefix}, which may never have been public."
                : null;
        }
        catch (GitRemoteException e) when (e.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            return null;
        }
        catch (Exception e) when (e is GitException or HostException)
        {
            return $"whether its wiki keeps old values could not be found out: {e.Message}";
        }
    }
}
