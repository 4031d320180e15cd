using System.Collections.Concurrent;
using System.Text.Json;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.BitbucketDataCenter;

/// <summary>A project, or a user, of a Bitbucket Data Center as the destination. Thread-safe.</summary>
public sealed class DataCenterDestination : IRepositoryDestination
{
    /// <summary>
    /// "Conflict", by which the server says that the address is taken; the sentence with it is in the language of the token's user.
    /// </summary>
    private const int ExistsAlready = 409;

    private readonly DataCenterClient _client;
    private readonly string _owner;

    private volatile Age _age;

    /// <summary>Where the server has the default branch.</summary>
    private enum Age
    {
        /// <summary>Not known yet.</summary>
        Unknown,

        /// <summary>7.7 or newer: at <c>default-branch</c>.</summary>
        Current,

        /// <summary>At <c>branches/default</c>.</summary>
        Old,
    }

    internal DataCenterDestination(DataCenterClient client, string owner) => (_client, _owner) = (client, owner);

    /// <inheritdoc/>
    public HostDefinition Host => DataCenterHost.Definition;

    /// <inheritdoc/>
    public long Requests => _client.Requests;

    /// <inheritdoc/>
    /// <remarks>A server limits requests, if at all, by a bucket that is refilled every second; its answer says how long to wait.</remarks>
    public int? RequestsPerHour => null;

    /// <inheritdoc/>
    /// <remarks>The key of the project, or <c>~user</c>.</remarks>
    public string Workspace => _owner;

    /// <inheritdoc/>
    public async Task<HostListing<Repository>> ListAsync(CancellationToken cancellationToken) =>
        await _client.ListAsync(_owner, entry => _client.Read(entry, _owner), repository => repository.Name, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>There are no projects within a project: the one of a rule is not looked at.</remarks>
    public async Task<Repository> CreateAsync(NewRepository repository, CancellationToken cancellationToken)
    {
        var slug = HostUrl.RequireSegment(repository.Slug);
        var creation = new DataCenterCreation(slug, "git", Forkable: false, Public: !repository.IsPrivate, repository.Description);
        return await new RepositoryCreation(_client.RetryAsync)
        {
            IsPrivate = repository.IsPrivate,
            Ask = async token => Convert(await _client.Once.CreateRepositoryAsync(Project, creation, token), slug),
            Find = async token => await _client.FindOnceAsync(_owner, slug, token) is { } found ? Convert(found, slug) : null,
            StatusesOfExisting = [ExistsAlready],
        }.RunAsync(cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The listing does not tell the default branch, so this is also called where nothing is to be changed: it looks before it writes.
    /// </remarks>
    public async Task SetMainBranchAsync(string slug, string branch, CancellationToken cancellationToken)
    {
        var wanted = new DataCenterBranch(DataCenterClient.Heads + branch);
        if (await FindDefaultBranchAsync(slug, asksBoth: false, cancellationToken) == wanted.Id)
        {
            return;
        }

        try
        {
            using var changed =
                _age == Age.Old
                    ? await _client.Api.SetFormerDefaultBranchAsync(Project, slug, wanted, cancellationToken)
                    : await _client.Api.SetDefaultBranchAsync(Project, slug, wanted, cancellationToken);
            _age = _age == Age.Unknown ? Age.Current : _age;
        }
        catch (HostException e) when (IsMissing(e) && _age == Age.Unknown)
        {
            if (!await TrySetFormerAsync(slug, wanted, cancellationToken))
            {
                throw;
            }

            _age = Age.Old;
        }
    }

    /// <inheritdoc/>
    public async Task<string?> FindMainBranchAsync(string slug, CancellationToken cancellationToken) =>
        DataCenterClient.NameOf(await FindDefaultBranchAsync(slug, asksBoth: true, cancellationToken));

    /// <inheritdoc/>
    /// <remarks>In a public project it stays public, whatever is asked for.</remarks>
    public async Task<Visibility> SetVisibilityAsync(string slug, bool isPrivate, CancellationToken cancellationToken)
    {
        using var changed = await SendAsync(slug, new DataCenterChange { Public = !isPrivate }, cancellationToken);
        var said = RestResponse.Of(changed).Make(body => JsonForm.Read(body, DataCenterJson.Default.DataCenterRepository));
        return Repository.VisibilityOf(DataCenterClient.IsPrivate(said));
    }

    /// <inheritdoc/>
    public async Task SetDescriptionAsync(string slug, string description, CancellationToken cancellationToken)
    {
        using var changed = await SendAsync(slug, new DataCenterChange { Description = description }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Repository> RenameAsync(Repository repository, string slug, string description, CancellationToken cancellationToken) =>
        RepositoryRename.RunAsync(
            repository,
            async token =>
            {
                var change = new DataCenterChange { Name = HostUrl.RequireSegment(slug), Description = description };
                using var changed = await SendAsync(repository.Name, change, token);
                return Convert(RestResponse.Of(changed).Make(body => JsonForm.Read(body, DataCenterJson.Default.DataCenterRepository)), slug);
            },
            async token => await _client.FindOnceAsync(_owner, slug, token) is { } found ? Convert(found, slug) : null,
            cancellationToken
        );

    /// <inheritdoc/>
    public string SlugFor(string name) => DataCenterName.For(name);

    /// <inheritdoc/>
    public Repository Describe(string slug) =>
        new()
        {
            Owner = _owner,
            Name = slug,
            Visibility = Visibility.Private,
            GitUrl = _client.GitUrlOf(_owner, slug),
            HostName = Host.NameAt(_client.Settings.WebUrl),
            WebUrl = _client.WebUrlOf(_owner, slug),
        };

    /// <inheritdoc/>
    public ICredentialProvider GitCredentials => _client.Login;

    /// <inheritdoc/>
    public HostFailure? Explain(int? status, string text) => _client.Failures.Explain(status, text);

    /// <inheritdoc/>
    public Task<HostDiagnostics> ExamineAsync(IReadOnlyCollection<string> projects, CancellationToken cancellationToken) =>
        new DataCenterDiagnostics(_client).RunAsync([_owner], projects, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Diagnostic>> ExamineMirrorsAsync(IReadOnlyList<Repository> mirrors, CancellationToken cancellationToken) =>
        new DataCenterRestrictionCheck(_client, _owner, mirrors).RunAsync(cancellationToken);

    private string Project => HostUrl.RequireSegment(_owner);

    private Task<HttpResponseMessage> SendAsync(string slug, DataCenterChange change, CancellationToken cancellationToken) =>
        _client.Api.ChangeRepositoryAsync(Project, HostUrl.RequireSegment(slug), change, cancellationToken);

    /// <summary>The full name of the default branch; null where there is none.</summary>
    /// <param name="slug">The repository.</param>
    /// <param name="asksBoth">Where a server is of unknown age and knows of no branch, it is asked as an older one too.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    private async Task<string?> FindDefaultBranchAsync(string slug, bool asksBoth, CancellationToken cancellationToken)
    {
        slug = HostUrl.RequireSegment(slug);
        if (_age != Age.Old)
        {
            try
            {
                using var message = await _client.Api.GetDefaultBranchAsync(Project, slug, cancellationToken);
                _age = Age.Current;
                return Read(message);
            }
            catch (HostException e) when (IsMissing(e))
            {
                if (_age == Age.Current || !asksBoth)
                {
                    return null;
                }
            }
        }

        // A server that is older, or a repository without a branch: one that has a branch tells which.
        try
        {
            using var message = await _client.Api.GetFormerDefaultBranchAsync(Project, slug, cancellationToken);
            var found = Read(message);
            _age = found is null ? _age : Age.Old;
            return found;
        }
        catch (HostException e) when (IsMissing(e))
        {
            return null;
        }
    }

    private static string? Read(HttpResponseMessage message)
    {
        var response = RestResponse.Of(message);
        return response.Body.Length == 0 ? null : response.Make(body => JsonForm.Read(body, DataCenterJson.Default.DataCenterBranch)).Id;
    }

    /// <summary>Not there; a server that knows the address for something else answers 405.</summary>
    private static bool IsMissing(HostException e) => e.Status is 404 or 405 && !e.IsTransient;

    private async Task<bool> TrySetFormerAsync(string slug, DataCenterBranch branch, CancellationToken cancellationToken)
    {
        try
        {
            using var changed = await _client.Api.SetFormerDefaultBranchAsync(Project, slug, branch, cancellationToken);
            return true;
        }
        catch (HostException e) when (IsMissing(e))
        {
            return false; // What today's address answered says more.
        }
    }

    private Repository Convert(DataCenterRepository? entry, string slug)
    {
        try
        {
            return _client.Read(entry ?? throw new FormatException("there is nothing in it"), _owner);
        }
        catch (FormatException e)
        {
            throw RestResponse.NotUnderstood($"{Host.Name}: the request for {_owner}/{slug}", e.Message);
        }
    }
}
