using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.Gitea;

/// <summary>Organisations and users of a server of Gitea or Forgejo as the source. Only reads. Thread-safe.</summary>
internal sealed class GiteaSource(GiteaClient client) : IRepositorySource
{
    /// <inheritdoc/>
    public HostDefinition Host => GiteaHost.Definition;

    /// <inheritdoc/>
    public long Requests => client.Requests;

    /// <inheritdoc/>
    public async Task<HostListing<Repository>> ListAsync(string owner, CancellationToken cancellationToken)
    {
        var found = await client.FindOwnerAsync(owner, cancellationToken);
        if (client.Settings.Token is null)
        {
            client.Say($"Without source-token only public repositories of {found.Login} are listed.");
        }

        var listing = await client.ListAsync(found, cancellationToken);
        return new([.. listing.Repositories.Select(entry => entry.Repository)], listing.Unusable);
    }

    /// <inheritdoc/>
    public async Task<bool> ExistsAsync(Repository repository, CancellationToken cancellationToken)
    {
        var found = await RestAnswer.OrNothingAsync(() =>
            client.Api.GetRepositoryAsync(HostUrl.RequireSegment(repository.Owner), HostUrl.RequireSegment(repository.Name), cancellationToken)
        );

        // A renamed repository answers under its old name too, by a redirect.
        return string.Equals(found?.Name, repository.Name, StringComparison.OrdinalIgnoreCase);
    }

    /// <inheritdoc/>
    public async Task<string?> FindFullNameAsync(string id, string fullName, CancellationToken cancellationToken)
    {
        var found = await RestAnswer.OrNothingAsync(() => client.Api.GetRepositoryByIdAsync(HostUrl.RequireSegment(id), cancellationToken));
        try
        {
            return found is null ? null : GiteaEntry.Read(found, fullName.Split('/')[0], client).Repository.FullName;
        }
        catch (FormatException e)
        {
            throw RestResponse.NotUnderstood($"{Host.Name}: the request for repository {id}", e.Message);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Git answers nothing, with status 200, for a wiki without pages.</remarks>
    public Task<bool> HasPagesAsync(Repository wiki, CancellationToken cancellationToken) =>
        GiteaWikis.HasPagesAsync(client, wiki.Owner, wiki.Parent!.Name, cancellationToken);

    /// <inheritdoc/>
    public ICredentialProvider GitCredentialsFor(Repository repository) => client.GitCredentials;

    /// <inheritdoc/>
    public HostFailure? Explain(int? status, string text) => client.Explain(status, text);

    /// <inheritdoc/>
    public Task<HostDiagnostics> ExamineAsync(IReadOnlyList<string> owners, CancellationToken cancellationToken) =>
        new GiteaDiagnostics(client).RunAsync(owners, isDestination: false, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>The listing tells all that the host knows of a repository.</remarks>
    public Task<IReadOnlyList<Diagnostic>> ExamineContentsAsync(IReadOnlyList<Repository> repositories, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Diagnostic>>([]);
}
