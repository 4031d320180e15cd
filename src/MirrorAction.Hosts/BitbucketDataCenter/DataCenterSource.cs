using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.BitbucketDataCenter;

/// <summary>Projects and users of a Bitbucket Data Center as the source. Only reads. Thread-safe.</summary>
public sealed class DataCenterSource : IRepositorySource
{
    /// <summary>What is kept of a description.</summary>
    private const int MaxDescription = 350;

    private readonly DataCenterClient _client;

    internal DataCenterSource(DataCenterClient client) => _client = client;

    /// <inheritdoc/>
    public HostDefinition Host => DataCenterHost.Definition;

    /// <inheritdoc/>
    public long Requests => _client.Requests;

    /// <inheritdoc/>
    public Task<HostListing<Repository>> ListAsync(string owner, CancellationToken cancellationToken) =>
        _client.ListAsync(owner, entry => Convert(entry, owner), repository => repository.Id, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> ExistsAsync(Repository repository, CancellationToken cancellationToken) =>
        await _client.RetryAsync(token => _client.FindOnceAsync(repository.Owner, repository.Name, token), cancellationToken) is not null;

    /// <inheritdoc/>
    /// <remarks>
    /// Nothing is found by an id alone. A repository that was renamed or moved answers under its last name, by a redirect, until that is used again.
    /// </remarks>
    public async Task<string?> FindFullNameAsync(string id, string fullName, CancellationToken cancellationToken)
    {
        var parts = fullName.Split('/');
        try
        {
            var found = await _client.Api.GetRepositoryAsync(HostUrl.RequireSegment(parts[0]), HostUrl.RequireSegment(parts[^1]), cancellationToken);
            var now = Convert(found ?? throw new FormatException("there is nothing in it"), found?.Project?.Key ?? parts[0]);
            return now.Id == id ? now.FullName : null;
        }
        catch (FormatException e)
        {
            throw RestResponse.NotUnderstood($"{Host.Name}: the request for {fullName}", e.Message);
        }
        catch (HostException e) when (e.Status == 404 && !e.IsTransient)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public ICredentialProvider GitCredentialsFor(Repository repository) => _client.Login;

    /// <inheritdoc/>
    public HostFailure? Explain(int? status, string text) => _client.Failures.Explain(status, text);

    /// <inheritdoc/>
    public Task<HostDiagnostics> ExamineAsync(IReadOnlyList<string> owners, CancellationToken cancellationToken) =>
        new DataCenterDiagnostics(_client).RunAsync(owners, [], cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Data Center tells nothing about a repository's contents that a mirror trips over.</remarks>
    public Task<IReadOnlyList<Diagnostic>> ExamineContentsAsync(IReadOnlyList<Repository> repositories, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Diagnostic>>([]);

    private Repository Convert(DataCenterRepository entry, string asked)
    {
        var repository = _client.Read(entry, DataCenterClient.Spelled(asked, entry));
        return repository with { Description = TextSanitizer.Clean(repository.Description, MaxDescription) };
    }
}
