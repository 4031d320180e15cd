using System.Collections.Concurrent;
using System.Text.Json;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.GitLab;

/// <summary>Groups, with the groups below them, and users of GitLab as the source. Only reads. Thread-safe.</summary>
internal sealed class GitLabSource : IRepositorySource
{
    private readonly GitLabClient _client;
    private readonly GitLabDiagnostics _diagnostics;

    /// <summary>Whether an owner is a user, once that was found out.</summary>
    private readonly ConcurrentDictionary<string, bool> _isUser = new(StringComparer.OrdinalIgnoreCase);

    public GitLabSource(GitLabClient client)
    {
        _client = client;
        _diagnostics = new GitLabDiagnostics(client);
    }

    /// <inheritdoc/>
    public HostDefinition Host => GitLabHost.Definition;

    /// <inheritdoc/>
    public long Requests => _client.Requests;

    /// <inheritdoc/>
    /// <remarks>
    /// In the order of the ids: pages in another order shift while they are read. A project that is marked for deletion is still listed, and still
    /// readable.
    /// </remarks>
    public async Task<HostListing<Repository>> ListAsync(string owner, CancellationToken cancellationToken)
    {
        var group = _client.ProjectsOfGroup(owner, withSubgroups: true);
        var user = _client.ProjectsOfUser(owner);
        var isNested = owner.Contains('/', StringComparison.Ordinal);
        if (_isUser.TryGetValue(owner, out var isUser) || isNested)
        {
            return await ListAsync(isUser ? user : group, owner, cancellationToken);
        }

        try
        {
            var listing = await ListAsync(group, owner, cancellationToken);
            _isUser[owner] = false;
            return listing;
        }
        catch (HostException e) when (IsMissing(e))
        {
            try
            {
                var listing = await ListAsync(user, owner, cancellationToken);
                _isUser[owner] = true;
                return listing;
            }
            catch (HostException other) when (IsMissing(other))
            {
                throw e; // Neither: the group was the likelier one.
            }
        }
    }

    /// <inheritdoc/>
    public async Task<bool> ExistsAsync(Repository repository, CancellationToken cancellationToken) =>
        await GitLabClient.FindAsync(_client.Api, repository.FullName, cancellationToken) is not null;

    /// <inheritdoc/>
    public async Task<string?> FindFullNameAsync(string id, string fullName, CancellationToken cancellationToken)
    {
        try
        {
            var found = await _client.Api.GetProjectAsync(HostUrl.RequireSegment(id), cancellationToken);
            return GitLabClient.PathOf(found ?? throw new FormatException("there is nothing in it"));
        }
        catch (FormatException e)
        {
            throw RestResponse.NotUnderstood($"GitLab: the request for project {id}", e.Message);
        }
        catch (HostException e) when (IsMissing(e))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public ICredentialProvider GitCredentialsFor(Repository repository) => _client.GitCredentials;

    /// <inheritdoc/>
    public HostFailure? Explain(int? status, string text) => _client.Failures.Explain(status, text);

    /// <inheritdoc/>
    public Task<HostDiagnostics> ExamineAsync(IReadOnlyList<string> owners, CancellationToken cancellationToken) =>
        _diagnostics.RunAsync(owners, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>GitLab tells nothing about a repository's contents that a mirror trips over.</remarks>
    public Task<IReadOnlyList<Diagnostic>> ExamineContentsAsync(IReadOnlyList<Repository> repositories, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Diagnostic>>([]);

    private Task<HostListing<Repository>> ListAsync(Uri first, string owner, CancellationToken cancellationToken) =>
        _client.ListAsync(first, owner, entry => Convert(entry, owner), repository => repository.Id, cancellationToken);

    private static bool IsMissing(HostException e) => e.Status == 404 && !e.IsTransient;

    private Repository Convert(GitLabProject entry, string owner)
    {
        var repository = _client.Read(entry, owner);
        return repository with { Description = TextSanitizer.Clean(repository.Description) };
    }
}
