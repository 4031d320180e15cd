using MirrorAction.Http;

namespace MirrorAction.Hosts.Rest;

/// <summary>
/// Creates a repository by a request that must not be repeated blindly: after an attempt whose end is unknown it looks before it asks again, and a
/// repository that is there is success, whoever made it.
/// </summary>
/// <param name="retry">Repeats what failed for a passing reason.</param>
internal sealed class RepositoryCreation(Func<Func<CancellationToken, Task<Repository>>, CancellationToken, Task<Repository>> retry)
{
    /// <summary>Who may read it: holds where the answer to the creation does not say.</summary>
    public required bool IsPrivate { get; init; }

    /// <summary>Asks for the repository, once.</summary>
    public required Func<CancellationToken, Task<Repository>> Ask { get; init; }

    /// <summary>Looks for it, once; null when it is not there.</summary>
    public required Func<CancellationToken, Task<Repository?>> Find { get; init; }

    /// <summary>Statuses by which the host may say that it is there; the words may be translated, so whether it is there decides.</summary>
    public required IReadOnlyList<int> StatusesOfExisting { get; init; }

    /// <summary>Creates it.</summary>
    /// <exception cref="HostException">The host refused, or could not be reached.</exception>
    public async Task<Repository> RunAsync(CancellationToken cancellationToken)
    {
        var isUnsure = false;
        try
        {
            return await retry(
                async token =>
                {
                    if (isUnsure && await Find(token) is { } made)
                    {
                        return made;
                    }

                    isUnsure = true;
                    return await AskOnceAsync(token);
                },
                cancellationToken
            );
        }
        catch (HostException e) when (e.Failure.Kind != HostFailureKind.RateLimited && (e.IsTransient || e.Status == 404))
        {
            // It happened that a refusal was all there was to see of a creation that took place.
            if (await LookAfterwardsAsync(cancellationToken) is { } made)
            {
                return made;
            }

            throw;
        }
    }

    private async Task<Repository> AskOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            var made = await Ask(cancellationToken);
            return made.Visibility == Visibility.Unknown ? made with { Visibility = Repository.VisibilityOf(IsPrivate) } : made;
        }
        catch (HostException e) when (e.IsUnreadableSuccess)
        {
            if (await Find(cancellationToken) is { } there)
            {
                return there;
            }

            throw;
        }
        catch (HostException e) when (e.Status is { } status && StatusesOfExisting.Contains(status) && !e.IsTransient)
        {
            if (await Find(cancellationToken) is { } there)
            {
                return there with { WasThere = true };
            }

            throw;
        }
    }

    private async Task<Repository?> LookAfterwardsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Find(cancellationToken);
        }
        catch (HostException)
        {
            return null; // The refusal of the creation says more.
        }
    }
}
