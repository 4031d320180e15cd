using MirrorAction.Http;

namespace MirrorAction.Hosts;

/// <summary>The wikis of a destination that has its own for every repository: git repositories beside them, which no listing names.</summary>
public interface IOwnWikis
{
    /// <summary>
    /// Whether the wiki of a repository can be pushed to as it is; asks the host where <see cref="Repository.TakesWiki"/> is not known.
    /// </summary>
    /// <exception cref="HostException">The host refused, or could not be reached.</exception>
    Task<bool> IsReadyAsync(Repository repository, CancellationToken cancellationToken) => Task.FromResult(repository.TakesWiki != false);

    /// <summary>Makes the wiki one that can be pushed to: switches it on, and makes the first page where the host needs one.</summary>
    /// <param name="slug">The repository.</param>
    /// <param name="branch">The branch that is going to hold the pages, without <c>refs/heads/</c>; null where it is not known.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Its first page was made: nobody's work is in it. False where it may hold pages of somebody.</returns>
    /// <exception cref="HostException">The host refused, or could not be reached.</exception>
    Task<bool> PrepareAsync(string slug, string? branch, CancellationToken cancellationToken);

    /// <summary>
    /// The branch that the host shows is its own affair, and can't be deleted: where the pages are on another one, it stays beside that.
    /// </summary>
    bool HasFixedBranch => true;

    /// <summary>What a person has to do where git finds no wiki; null where nobody has to do anything.</summary>
    string? HintOnMissing(Repository repository) => null;
}

/// <summary>How hosts call the git repository of a wiki: <c>NAME.wiki</c>, at <c>NAME.wiki.git</c>.</summary>
public static class WikiAddress
{
    /// <summary>What follows the name of the repository.</summary>
    public const string Suffix = ".wiki";

    private const string GitExtension = ".git";

    /// <summary>Whether a name or path is that of a wiki.</summary>
    public static bool Is(string name) => name.Length > Suffix.Length && name.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Where git finds the wiki of the repository at an address.</summary>
    internal static Uri OfGit(Uri repository)
    {
        var address = repository.AbsoluteUri;
        var stem = address.EndsWith(GitExtension, StringComparison.Ordinal) ? address[..^GitExtension.Length] : address;
        return new Uri(stem + Suffix + GitExtension);
    }
}
