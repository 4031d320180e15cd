using MirrorAction.Http;

namespace MirrorAction.Hosts;

/// <summary>A host that repositories are written to. They are created there and never deleted.</summary>
public interface IRepositoryDestination : IDestinationDiagnostics
{
    /// <summary>What kind of host it is.</summary>
    HostDefinition Host { get; }

    /// <summary>REST requests made so far.</summary>
    long Requests { get; }

    /// <summary>
    /// REST requests that the host allows within any hour, for all runs with one credential together; null when it has no such limit.
    /// </summary>
    int? RequestsPerHour { get; }

    /// <summary>The largest pack that the host takes in one push, in bytes; null when it has no such limit, or none that is known.</summary>
    long? MaxPushBytes => null;

    /// <summary>The workspace that holds the mirrors.</summary>
    string Workspace { get; }

    /// <summary>
    /// All repositories of the workspace, from one paged listing; complete or an exception. One entry of which no repository can be made ends
    /// nothing.
    /// </summary>
    /// <exception cref="HostException">The host refused, or could not be reached.</exception>
    Task<HostListing<Repository>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Called before anything is written, when a repository is missing: whether one can be created, as far as that is known.</summary>
    /// <exception cref="HostException">The credentials can create nothing there.</exception>
    Task CheckCreationAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Creates a repository. One that is there already is success: another run may have been quicker, or an answer was lost. The result is what the
    /// host says it has, whose slug may differ from the one asked for.
    /// </summary>
    /// <exception cref="HostException">The host refused, or could not be reached.</exception>
    Task<Repository> CreateAsync(NewRepository repository, CancellationToken cancellationToken);

    /// <summary>Makes an existing branch the main branch.</summary>
    /// <param name="slug">The repository.</param>
    /// <param name="branch">The branch without <c>refs/heads/</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="HostException">The host refused, or could not be reached.</exception>
    Task SetMainBranchAsync(string slug, string branch, CancellationToken cancellationToken);

    /// <summary>
    /// Called when a mirror got its default branch from this run: what the host does by itself then, and what would stop the next run, is taken back.
    /// Most hosts do nothing. A refusal is told and ends nothing.
    /// </summary>
    /// <param name="slug">The mirror.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task FirstPushedAsync(string slug, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Called before branches of a mirror are rewritten or deleted: what the host protects by itself and an earlier run could not take back is taken
    /// back now. Most hosts do nothing. A refusal is told and ends nothing: the push says what is refused.
    /// </summary>
    /// <param name="slug">The mirror.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task BeforeRewriteAsync(string slug, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// The main branch, asked for where the listing does not tell it; without <c>refs/heads/</c>. Null where there is none, or the listing told it.
    /// </summary>
    /// <exception cref="HostException">The host refused, or could not be reached.</exception>
    Task<string?> FindMainBranchAsync(string slug, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <summary>Makes a repository private or public. Returns what the host says of it now.</summary>
    /// <exception cref="HostException">The host refused, or could not be reached.</exception>
    Task<Visibility> SetVisibilityAsync(string slug, bool isPrivate, CancellationToken cancellationToken);

    /// <summary>Replaces the free text by which a mirror is recognised.</summary>
    /// <exception cref="HostException">The host refused, or could not be reached.</exception>
    Task SetDescriptionAsync(string slug, string description, CancellationToken cancellationToken);

    /// <summary>
    /// Gives a repository another slug and description in one request; what it holds stays, and most hosts redirect its former address until that is
    /// used again. Addressed by its id where the host takes that. The result is what the host says it has, whose slug may differ from the one asked
    /// for.
    /// </summary>
    /// <param name="repository">The repository under its present slug.</param>
    /// <param name="slug">The slug that it gets; nothing has it.</param>
    /// <param name="description">The free text by which a mirror is recognised.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="HostException">The host refused, or could not be reached; the repository has its former slug.</exception>
    Task<Repository> RenameAsync(Repository repository, string slug, string description, CancellationToken cancellationToken);

    /// <summary>The slug under which a source repository of this name is mirrored (contract, rule 3).</summary>
    string SlugFor(string name);

    /// <summary>
    /// The slug that the host itself made of such a name when it was asked for one that it does not keep; null where that is the same.
    /// </summary>
    string? FormerSlugFor(string name) => null;

    /// <summary>The address and links that a repository of this slug has or would have.</summary>
    Repository Describe(string slug);

    /// <summary>
    /// The wikis that the host has for its repositories; null where it has none, so that the mirror of a wiki is a repository of its own beside the
    /// mirror.
    /// </summary>
    IOwnWikis? OwnWikis => null;

    /// <summary>The credentials for git over HTTPS, asked for before every request.</summary>
    ICredentialProvider GitCredentials { get; }

    /// <summary>What a refusal on the git channel means at this host; null when the host has no word of its own for it.</summary>
    /// <param name="status">The HTTP status, null when git itself refused.</param>
    /// <param name="text">What the server wrote: body, <c>remote:</c> lines, reasons.</param>
    HostFailure? Explain(int? status, string text);
}

/// <summary>What a missing repository is created with.</summary>
/// <param name="Slug">The name in URLs.</param>
/// <param name="Description">The text by which the mirror is recognised later.</param>
/// <param name="IsPrivate">Not readable by everyone.</param>
public sealed record NewRepository(string Slug, string Description, bool IsPrivate)
{
    /// <summary>It becomes a mirror, which is overwritten, and not a repository that people work in.</summary>
    public bool IsMirror { get; init; } = true;

    /// <summary>The key of its project; null takes the one of the destination's options, if any.</summary>
    public string? Project { get; init; }
}

/// <summary>Looks at a destination before a run relies on it. Only asks; refusals are findings.</summary>
public interface IDestinationDiagnostics
{
    /// <summary>
    /// Looks at what decides whether a mirror can write: the way to the host, whose the credentials are, what they may do, the workspace, the
    /// project.
    /// </summary>
    /// <param name="projects">Keys of the projects, besides the one for all, into which repositories are to go.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<HostDiagnostics> ExamineAsync(IReadOnlyCollection<string> projects, CancellationToken cancellationToken);

    /// <summary>Looks at existing mirrors for rules that would refuse a push, within a bounded number of requests. Refusals are findings.</summary>
    Task<IReadOnlyList<Diagnostic>> ExamineMirrorsAsync(IReadOnlyList<Repository> mirrors, CancellationToken cancellationToken);
}
