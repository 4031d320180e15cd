using System.Collections.Concurrent;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.Gitea;

/// <summary>An organisation, or the token's own user, of a server of Gitea or Forgejo as the destination. Thread-safe.</summary>
/// <param name="client">Asks, by a token that may write; stays its maker's.</param>
/// <param name="owner">The organisation or user.</param>
internal sealed class GiteaDestination(GiteaClient client, string owner) : IRepositoryDestination
{
    /// <summary>"The repository with the same name already exists."</summary>
    private const int ExistsAlready = 409;

    private readonly ConcurrentDictionary<string, bool> _runsActions = new(StringComparer.OrdinalIgnoreCase);
    private GiteaOwner? _place;

    /// <inheritdoc/>
    public HostDefinition Host => GiteaHost.Definition;

    /// <inheritdoc/>
    public long Requests => client.Requests;

    /// <inheritdoc/>
    /// <remarks>The software limits nobody; the waits that a server asks for are kept.</remarks>
    public int? RequestsPerHour => null;

    /// <inheritdoc/>
    public string Workspace => owner;

    /// <inheritdoc/>
    public IOwnWikis OwnWikis => field ??= new GiteaWikis(client, owner);

    /// <inheritdoc/>
    public ICredentialProvider GitCredentials => client.GitCredentials;

    /// <inheritdoc/>
    /// <exception cref="HostException">Also when nothing can be created there.</exception>
    public async Task<HostListing<Repository>> ListAsync(CancellationToken cancellationToken)
    {
        var listing = await client.ListAsync(await FindPlaceAsync(cancellationToken), cancellationToken);
        foreach (var entry in listing.Repositories)
        {
            _runsActions[entry.Repository.Name] = entry.RunsActions;
        }

        return new([.. listing.Repositories.Select(entry => entry.Repository)], listing.Unusable);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// One more request switches off what a mirror, where nobody works, has no use for: issues, pull requests, and Actions, by which the source's
    /// workflows would run.
    /// </remarks>
    public async Task<Repository> CreateAsync(NewRepository repository, CancellationToken cancellationToken)
    {
        var place = await FindPlaceAsync(cancellationToken);
        var description = TextSanitizer.Clean(repository.Description, GiteaClient.MaxDescription);
        var creation = new GiteaCreation(HostUrl.RequireSegment(repository.Slug), description, repository.IsPrivate, AutoInit: false);
        var made = await new RepositoryCreation(client.RetryAsync)
        {
            IsPrivate = repository.IsPrivate,
            Ask = async token =>
                Read(
                    place.IsOrganization
                        ? await client.Once.CreateForOrganizationAsync(HostUrl.RequireSegment(place.Login), creation, token)
                        : await client.Once.CreateForUserAsync(creation, token),
                    repository.Slug
                ),
            Find = token => FindAsync(repository.Slug, token),
            StatusesOfExisting = [ExistsAlready],
        }.RunAsync(cancellationToken);
        if (repository.IsMirror && !made.WasThere)
        {
            await SwitchOffAsync(made, cancellationToken);
        }

        return made;
    }

    /// <inheritdoc/>
    public Task SetMainBranchAsync(string slug, string branch, CancellationToken cancellationToken) =>
        ChangeAsync(slug, new GiteaChange { DefaultBranch = branch }, cancellationToken);

    /// <inheritdoc/>
    public async Task<Visibility> SetVisibilityAsync(string slug, bool isPrivate, CancellationToken cancellationToken)
    {
        using var changed = await SendAsync(slug, new GiteaChange { Private = isPrivate }, cancellationToken);
        return Repository.VisibilityOf(RestResponse.Of(changed).Make(body => JsonForm.Read(body, GiteaJson.Default.GiteaRepository)).Private);
    }

    /// <inheritdoc/>
    public Task SetDescriptionAsync(string slug, string description, CancellationToken cancellationToken) =>
        ChangeAsync(slug, new GiteaChange { Description = TextSanitizer.Clean(description, GiteaClient.MaxDescription) }, cancellationToken);

    /// <inheritdoc/>
    public Task<Repository> RenameAsync(Repository repository, string slug, string description, CancellationToken cancellationToken) =>
        RepositoryRename.RunAsync(
            repository,
            async token =>
            {
                var text = TextSanitizer.Clean(description, GiteaClient.MaxDescription);
                using var changed = await SendAsync(
                    repository.Name,
                    new GiteaChange { Name = HostUrl.RequireSegment(slug), Description = text },
                    token
                );
                return Read(RestResponse.Of(changed).Make(body => JsonForm.Read(body, GiteaJson.Default.GiteaRepository)), slug);
            },
            token => FindAsync(slug, token),
            cancellationToken
        );

    /// <inheritdoc/>
    public string SlugFor(string name) => GiteaName.For(name);

    /// <inheritdoc/>
    public Repository Describe(string slug)
    {
        var web = client.WebUrlOf(owner, slug);
        return new Repository
        {
            Owner = owner,
            Name = slug,
            Visibility = Visibility.Private,
            GitUrl = new Uri(web.AbsoluteUri + ".git"),
            HostName = Host.NameAt(web),
            WebUrl = web,
        };
    }

    /// <inheritdoc/>
    public HostFailure? Explain(int? status, string text) => client.Explain(status, text);

    /// <inheritdoc/>
    /// <remarks>The host has no projects that repositories are in.</remarks>
    public Task<HostDiagnostics> ExamineAsync(IReadOnlyCollection<string> projects, CancellationToken cancellationToken) =>
        new GiteaDiagnostics(client).RunAsync([owner], isDestination: true, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Diagnostic>> ExamineMirrorsAsync(IReadOnlyList<Repository> mirrors, CancellationToken cancellationToken) =>
        new GiteaMirrorCheck(client, owner, mirrors, mirror => _runsActions.GetValueOrDefault(mirror.Name)).RunAsync(cancellationToken);

    private async Task<GiteaOwner> FindPlaceAsync(CancellationToken cancellationToken)
    {
        var place = _place ??= await client.FindOwnerAsync(owner, cancellationToken);
        return place.IsOrganization || place.IsSelf ? place : throw GiteaDiagnostics.NoPlace(client.Settings, place);
    }

    private async Task SwitchOffAsync(Repository made, CancellationToken cancellationToken)
    {
        var change = new GiteaChange
        {
            HasIssues = false,
            HasPullRequests = false,
            HasActions = false,
        };
        try
        {
            try
            {
                await ChangeAsync(made.Name, change, cancellationToken);
            }
            catch (HostException e) when (e.Status == 422)
            {
                // A version without Actions has nothing that could run.
                await ChangeAsync(made.Name, change with { HasActions = null }, cancellationToken);
            }
        }
        catch (HostException e)
        {
            client.Say(
                $"Issues, pull requests and Actions could not be switched off in {made.FullName}, so that workflows of the source may run there: "
                    + $"{e.Message} Switch them off under Settings > Units of the repository."
            );
        }
    }

    private async Task<Repository?> FindAsync(string slug, CancellationToken cancellationToken)
    {
        var found = await RestAnswer.OrNothingAsync(() =>
            client.Once.GetRepositoryAsync(HostUrl.RequireSegment(owner), HostUrl.RequireSegment(slug), cancellationToken)
        );

        // A repository that was renamed answers under its old name, which is free for a new one.
        return found is not null && Read(found, slug) is var read && read.Name.Equals(slug, StringComparison.OrdinalIgnoreCase) ? read : null;
    }

    private async Task ChangeAsync(string slug, GiteaChange change, CancellationToken cancellationToken)
    {
        using var changed = await SendAsync(slug, change, cancellationToken);
    }

    private Task<HttpResponseMessage> SendAsync(string slug, GiteaChange change, CancellationToken cancellationToken) =>
        client.Api.ChangeRepositoryAsync(HostUrl.RequireSegment(owner), HostUrl.RequireSegment(slug), change, cancellationToken);

    private Repository Read(GiteaRepository? entry, string slug)
    {
        try
        {
            return GiteaEntry.Read(entry ?? throw new FormatException("there is nothing in it"), owner, client).Repository;
        }
        catch (FormatException e)
        {
            throw RestResponse.NotUnderstood($"{Host.Name}: the request for {owner}/{slug}", e.Message);
        }
    }
}
