using MirrorAction.Http;

namespace MirrorAction.Hosts.Rest;

/// <summary>Renames a repository. After a request whose end is unknown it looks whether the repository has the new name.</summary>
internal static class RepositoryRename
{
    /// <summary>Renames it.</summary>
    /// <param name="repository">The repository under its present name.</param>
    /// <param name="ask">Asks for the new name; a repetition does no harm.</param>
    /// <param name="find">Looks for what has the new name, once; null when nothing has.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="HostException">The host refused, or could not be reached.</exception>
    public static async Task<Repository> RunAsync(
        Repository repository,
        Func<CancellationToken, Task<Repository>> ask,
        Func<CancellationToken, Task<Repository?>> find,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await ask(cancellationToken);
        }
        catch (HostException e) when (e.Failure.Kind != HostFailureKind.RateLimited && (e.IsTransient || e.IsUnreadableSuccess || IsOfFormerName(e)))
        {
            if (await LookAsync(repository, find, cancellationToken) is { } renamed)
            {
                return renamed;
            }

            throw;
        }
    }

    /// <summary>A repetition of what took place finds nothing under the former name, or a redirect that no change may follow.</summary>
    private static bool IsOfFormerName(HostException e) => e.Status is 301 or 302 or 404 or 405;

    private static async Task<Repository?> LookAsync(
        Repository repository,
        Func<CancellationToken, Task<Repository?>> find,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await find(cancellationToken) is { Id: { Length: > 0 } id } found && id == repository.Id ? found : null;
        }
        catch (HostException)
        {
            return null; // The refusal of the renaming says more.
        }
    }
}
