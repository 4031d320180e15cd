using MirrorAction.Http;

namespace MirrorAction.Hosts;

/// <summary>A host that repositories are read from. Nothing is ever written to it.</summary>
public interface IRepositorySource : ISourceDiagnostics
{
    /// <summary>What kind of host it is.</summary>
    HostDefinition Host { get; }

    /// <summary>REST requests made so far.</summary>
    long Requests { get; }

    /// <summary>
    /// All repositories of an organisation or user that the credentials reach, in the order of their names where the host has one; complete or an
    /// exception: a listing that failed midway throws, so that it can't be taken for a short one. One entry of which no repository can be made is
    /// named and ends nothing.
    /// </summary>
    /// <param name="owner">The login of the organisation or user; which of the two is found out.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="HostException">The host refused, or could not be reached.</exception>
    Task<HostListing<Repository>> ListAsync(string owner, CancellationToken cancellationToken);

    /// <summary>Whether a listed repository is still there under its name; one that was renamed since is not.</summary>
    /// <exception cref="HostException">The host refused, or could not be reached.</exception>
    Task<bool> ExistsAsync(Repository repository, CancellationToken cancellationToken);

    /// <summary>
    /// The full name that a repository has now, asked for by its id with one request; null where the host shows none of that id to these credentials:
    /// it was deleted, or is out of their reach. No redirect leaves the host.
    /// </summary>
    /// <param name="id">The host's own id.</param>
    /// <param name="fullName">The last full name that is known: whose credentials ask, and where to ask if the host finds nothing by an id.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="HostException">The host refused, or could not be reached.</exception>
    Task<string?> FindFullNameAsync(string id, string fullName, CancellationToken cancellationToken);

    /// <summary>
    /// Whether a wiki has pages, where git does not say that in a way of its own; true where git will tell.
    /// </summary>
    /// <exception cref="HostException">The host refused, or could not be reached.</exception>
    Task<bool> HasPagesAsync(Repository wiki, CancellationToken cancellationToken) => Task.FromResult(true);

    /// <summary>The credentials for git over HTTPS with one repository, asked for before every request.</summary>
    ICredentialProvider GitCredentialsFor(Repository repository);

    /// <summary>What a refusal on the git channel means at this host; null when the host has no word of its own for it.</summary>
    /// <param name="status">The HTTP status, null when git itself refused.</param>
    /// <param name="text">What the server wrote.</param>
    HostFailure? Explain(int? status, string text);
}

/// <summary>Looks at a source before a run relies on it. Only asks; refusals are findings.</summary>
public interface ISourceDiagnostics
{
    /// <summary>
    /// Looks at what decides whether a mirror can read: the way to the host, whose the credentials are, what they may do, how many requests they
    /// have.
    /// </summary>
    /// <param name="owners">Whose repositories are to be read, at least one.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<HostDiagnostics> ExamineAsync(IReadOnlyList<string> owners, CancellationToken cancellationToken);

    /// <summary>Looks into repositories for what a mirror trips over, within a bounded number of requests. Refusals are findings.</summary>
    Task<IReadOnlyList<Diagnostic>> ExamineContentsAsync(IReadOnlyList<Repository> repositories, CancellationToken cancellationToken);

    /// <summary>
    /// The states of a repository's workflows in the host's words, by the names of their files: <c>active</c>, <c>disabled_inactivity</c>, … Empty
    /// where the host has none, or does not tell these credentials.
    /// </summary>
    /// <param name="owner">Whose the repository is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyDictionary<string, string>> ListWorkflowStatesAsync(string owner, string name, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());
}
