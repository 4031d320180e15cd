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
    public async Task<HostListing<Repository>> ListAsync(string owner, CancellationToken cancellationToken)
    {
        var listed = await Of(owner).ListAsync(cancellationToken);
        return new(
            [
                .. from repository in listed.Repositories
                orderby repository.Name
                select repository with
                {
                    Owner = owner,
                    Description = TextSanitizer.Clean(repository.Description),
                },
            ],
            listed.Unusable
        );
    }

    /// <inheritdoc/>
    public async Task<bool> ExistsAsync(Repository repository, CancellationToken cancellationToken) =>
        await Of(repository.Owner).FindAsync(repository.Name, cancellationToken) is { } found
        && string.Equals(found.Name, repository.Name, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    /// <remarks>A UUID is looked for within a workspace: what was transferred to another one is out of reach.</remarks>
    public async Task<string?> FindFullNameAsync(string id, string fullName, CancellationToken cancellationToken) =>
        (await Of(fullName.Split('/')[0]).FindAsync($"{{{id}}}", cancellationToken))?.FullName;

    /// <inheritdoc/>
    public ICredentialProvider GitCredentialsFor(Repository repository) => Of(repository.Owner).GitCredentials;

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
    public Task<IReadOnlyList<Diagnostic>> ExamineContentsAsync(IReadOnlyList<Repository> repositories, CancellationToken cancellationToken) =>
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
}
