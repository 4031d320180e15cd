using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Runs;

/// <summary>Whether a wiki has pages, at hosts of which git does not tell.</summary>
internal static class WikiPages
{
    /// <summary>False for a wiki of which its host says that it has none; true for all else, repositories too.</summary>
    /// <exception cref="MirrorException">The host refused, or could not be reached.</exception>
    internal static async Task<bool> AnyAsync(IRepositorySource source, Repository repository, CancellationToken cancellationToken)
    {
        try
        {
            return !repository.IsWiki || await source.HasPagesAsync(repository, cancellationToken);
        }
        catch (HostException e)
        {
            throw new MirrorException(FailureTranslator.FromHost(e, isSource: true));
        }
    }
}
