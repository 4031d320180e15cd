using MirrorAction.Http;

namespace MirrorAction.Hosts.Bitbucket;

/// <summary>Workspaces of Bitbucket Cloud as the source: of a mirror, of a restore, or of a backup of the mirrors. Only reads. Thread-safe.</summary>
/// <param name="workspaceOf">Gives the client for a workspace, the same one each time; clients stay their maker's.</param>
public sealed class BitbucketSource(Func<string, BitbucketDestination> workspaceOf) : IRepositorySource
{
    private readonly HashSet<BitbucketDestination> _asked = [];

    /// <inheritdoc/>
    public HostDefinition Host => BitbucketHost.Definition;

    /// <inheritdoc/>
    public long Requests
    {
        get
        {
            lock (_asked)
            {
                return _asked.Sum(workspace => workspace.Requests);
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>In the order of the slugs.</remarks>
    public async Task<HostListing<HostedRepository>> ListAsync(string owner, CancellationToken cancellationToken)
    {
        var listed = await Of(owner).ListAsync(cancellationToken);
        return new(
            [.. listed.Repositories.OrderBy(repository => repository.Slug, StringComparer.Ordinal).Select(repository => Convert(repository, owner))],
            listed.Unusable
        );
    }

    /// <inheritdoc/>
    public async Task<bool> ExistsAsync(HostedRepository repository, CancellationToken cancellationToken) =>
        await Of(repository.Owner).FindAsync(repository.Name, cancellationToken) is { } found
        && string.Equals(found.Slug, repository.Name, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    /// <remarks>A UUID is looked for within a workspace: what was transferred to another one is out of reach.</remarks>
    public async Task<string?> FindFullNameAsync(string id, string fullName, CancellationToken cancellationToken) =>
        (await Of(fullName.Split('/')[0]).FindAsync($"{{{id}}}", cancellationToken))?.FullName;

    /// <inheritdoc/>
    public ICredentialProvider GitCredentialsFor(HostedRepository repository) => Of(repository.Owner).GitCredentials;

    /// <inheritdoc/>
    public HostFailure? Explain(int? status, string text)
    {
        BitbucketDestination? any;
        lock (_asked)
        {
            any = _asked.FirstOrDefault();
        }

        return any?.Explain(status, text);
    }

    /// <inheritdoc/>
    public async Task<HostDiagnostics> ExamineAsync(IReadOnlyList<string> owners, CancellationToken cancellationToken)
    {
        List<Diagnostic> findings = [];
        var isUsable = true;
        foreach (var owner in owners)
        {
            var said = await Of(owner).ExamineAsync([], cancellationToken);
            findings.AddRange(said.Findings);
            isUsable &= said.IsUsable;
        }

        return new(findings, isUsable);
    }

    /// <inheritdoc/>
    /// <remarks>Bitbucket tells nothing about a repository's contents that a mirror trips over.</remarks>
    public Task<IReadOnlyList<Diagnostic>> ExamineContentsAsync(IReadOnlyList<HostedRepository> repositories, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Diagnostic>>([]);

    private BitbucketDestination Of(string owner)
    {
        var workspace = workspaceOf(owner);
        lock (_asked)
        {
            _asked.Add(workspace);
        }

        return workspace;
    }

    private HostedRepository Convert(DestinationRepository repository, string owner) =>
        new()
        {
            Id = IdOf(repository),
            Owner = owner,
            Name = repository.Slug,
            Description = TextSanitizer.Clean(repository.Description),
            IsPrivate = repository.IsPrivate ?? true,
            IsVisibilityKnown = repository.IsPrivate is not null,
            IsFork = repository.IsFork,
            DefaultBranch = repository.MainBranch,
            SizeKiB = (repository.SizeBytes ?? 0) / 1024,
            GitUrl = repository.GitUrl,
            HostName = Host.NameAt(repository.WebUrl),
            WebUrl = repository.WebUrl,
        };

    /// <summary>The UUID without its braces; a repository without one goes by its path.</summary>
    private static string IdOf(DestinationRepository repository) =>
        repository.Uuid?.Trim('{', '}') is { Length: > 0 } uuid ? uuid.ToLowerInvariant() : repository.FullName;
}
