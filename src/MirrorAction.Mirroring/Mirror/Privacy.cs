using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Mirroring.Mirror;

/// <summary>What is private at the source goes to where nobody else can read it, or nowhere.</summary>
internal static class Privacy
{
    /// <summary>Whether more people may read the repository than the source. A host that does not say counts as one that shows everything.</summary>
    internal static bool IsExposed(Repository source, Repository destination) => source.IsPrivate && destination.Visibility != Visibility.Private;

    /// <summary>Makes the repository private, and believes that only when the host says so.</summary>
    /// <param name="host">The destination.</param>
    /// <param name="repository">What is public there.</param>
    /// <param name="source">The name of what is private.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="MirrorException">The host refused, or could not be reached.</exception>
    internal static async Task HideAsync(IRepositoryDestination host, Repository repository, string source, CancellationToken cancellationToken)
    {
        const string cure = "Make it private by hand, or give the credentials the right to (admin); or leave it out with 'exclude'.";
        var what = $"{repository.FullName} is public, but {source} is private, and it could not be made private";
        bool isPrivate;
        try
        {
            isPrivate = await host.SetVisibilityAsync(repository.Name, isPrivate: true, cancellationToken);
        }
        catch (HostException e)
        {
            var error = FailureTranslator.FromHost(e, isSource: false);
            throw new MirrorException(error.Code, $"{what}: {error.Message} Nothing was pushed.", $"{error.Hint} {cure}".TrimStart());
        }

        if (!isPrivate)
        {
            throw new MirrorException(
                ErrorCode.DestinationForbidden,
                $"{what}: {host.Host.Name} was asked to, and does not say that it is. Nothing was pushed.",
                cure
            );
        }
    }
}
