using System.Globalization;
using System.Text.Json;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.GitHub;

/// <summary>GitHub, or a GitHub Enterprise Server, as the source. Only reads. Thread-safe.</summary>
public sealed class GitHubSource : IRepositorySource
{
    /// <summary>GitHub's longest description.</summary>
    internal const int MaxDescription = 350;

    private readonly GitHubOptions _options;
    private readonly IGitHubAccess _access;
    private readonly GitHubDiagnostics _examination;

    /// <summary>Reads over a client that the caller owns; <see cref="RestTransport.CreateClient"/> makes a fitting one.</summary>
    /// <param name="client">Follows no redirect by itself and has no time limit.</param>
    /// <param name="options">Where, and by which token or App.</param>
    /// <param name="time">The clock by which waits are measured and tokens grow old.</param>
    /// <param name="say">Called with what a user should know: waits, and what the credentials can't see.</param>
    /// <param name="hide">Called with each secret that is made on the way, before its first use; null for nobody.</param>
    public GitHubSource(HttpClient client, GitHubOptions options, TimeProvider time, Action<string> say, Action<string>? hide = null)
    {
        (_options, Say) = (options, say);
        var app = options.App is null ? null : new AppAccess(client, options, time, say, hide ?? (_ => { }));
        _access = app ?? (IGitHubAccess)new TokenAccess(client, options, time, say);
        _examination = new GitHubDiagnostics(options, app, _access, time);
    }

    /// <inheritdoc/>
    public HostDefinition Host => GitHubHost.Definition;

    /// <summary>REST requests sent so far.</summary>
    public long Requests => _access.Requests;

    /// <summary>Who asks, for one who also writes.</summary>
    internal IGitHubAccess Access => _access;

    /// <summary>Called with what a user should know.</summary>
    internal Action<string> Say { get; }

    /// <summary>It is an App that asks.</summary>
    internal bool HasApp => _options.App is not null;

    /// <inheritdoc/>
    public async Task<HostListing<Repository>> ListAsync(string owner, CancellationToken cancellationToken) =>
        (await FindAndListAsync(owner, cancellationToken)).Repositories;

    /// <summary>All repositories of an owner, and where they are listed.</summary>
    /// <exception cref="HostException">GitHub refused, or could not be reached.</exception>
    internal async Task<(GitHubListing Place, HostListing<Repository> Repositories)> FindAndListAsync(
        string owner,
        CancellationToken cancellationToken
    )
    {
        var likely = _access.LikelyListing(owner);
        try
        {
            var place = likely ?? await _access.FindListingAsync(owner, cancellationToken);
            return (place, await ListAsync(place, cancellationToken));
        }
        catch (HostException e) when (likely is not null && e.Status == 404)
        {
            var place = await _access.FindListingAsync(owner, cancellationToken);
            if (place.IsOrganization)
            {
                throw; // It is one, and shows these credentials nothing.
            }

            return (place, await ListAsync(place, cancellationToken));
        }
    }

    /// <summary>All repositories of a listing that was found out before.</summary>
    /// <exception cref="HostException">GitHub refused, or could not be reached.</exception>
    internal async Task<HostListing<Repository>> ListAsync(GitHubListing listing, CancellationToken cancellationToken)
    {
        var first = listing.Api.UrlOf(listing.Path);
        var trail = new Pagination(first);
        var entries = new EntryList<GitHubRepository, Repository>
        {
            Host = "GitHub",
            Type = GitHubJson.Default.GitHubRepository,
            Convert = entry => Convert(entry, listing.Owner),
            KeyOf = repository => repository.Id,
            Identify = Identify,
            Owner = listing.Owner,
        };
        for (var page = first; page is not null; )
        {
            var (read, response) = await listing.Api.GetPageAsync(page, cancellationToken);
            if (listing.IsOrganization && GitHubFailures.IsPartial(response))
            {
                throw GitHubFailures.PartialListing(response);
            }

            trail.Count(response, read);
            entries.Add(read);
            page = trail.Follow(LinkHeader.Next(response.Header("Link")));
        }

        var all = entries.Listing;
        List<Repository> repositories = [.. all.Repositories.Where(repository => listing.Holds(repository.Owner))];
        _access.Listed(listing, repositories.Exists(repository => repository.IsPrivate));
        return new(repositories, [.. all.Unusable.Where(entry => listing.Holds(entry.Owner))]);
    }

    /// <inheritdoc/>
    public async Task<bool> ExistsAsync(Repository repository, CancellationToken cancellationToken)
    {
        try
        {
            var api = await _access.OfAsync(repository.Owner, cancellationToken);
            var path = $"repos/{HostUrl.Segment(repository.Owner)}/{HostUrl.Segment(repository.Name)}";
            var (found, _) = await api.GetAsync<GitHubRepository>(path, cancellationToken);

            // A renamed repository answers under its old name too, by a redirect.
            return string.Equals(found.Name, repository.Name, StringComparison.OrdinalIgnoreCase);
        }
        catch (HostException e) when (e.Status == 404)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async Task<string?> FindFullNameAsync(string id, string fullName, CancellationToken cancellationToken)
    {
        var owner = fullName.Split('/')[0];
        try
        {
            var api = await _access.OfAsync(owner, cancellationToken);
            var (found, response) = await api.GetAsync<GitHubRepository>($"repositories/{HostUrl.Segment(id)}", cancellationToken);
            try
            {
                return Convert(found, owner).FullName;
            }
            catch (FormatException e)
            {
                throw response.NotUnderstood(e.Message);
            }
        }
        catch (HostException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public ICredentialProvider GitCredentialsFor(Repository repository) => GitCredentialsFor(repository.Owner);

    /// <summary>The credentials for git with an owner's repositories.</summary>
    internal ICredentialProvider GitCredentialsFor(string owner) =>
        new GitCredentials(async cancellationToken => (await _access.OfAsync(owner, cancellationToken)).Credentials, _options.GitUser);

    /// <inheritdoc/>
    public HostFailure? Explain(int? status, string text) => GitHubApi.Explain(_options, status, text);

    /// <inheritdoc/>
    public Task<HostDiagnostics> ExamineAsync(IReadOnlyList<string> owners, CancellationToken cancellationToken) =>
        _examination.RunAsync(owners, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Diagnostic>> ExamineContentsAsync(IReadOnlyList<Repository> repositories, CancellationToken cancellationToken) =>
        _examination.RunContentsAsync(repositories, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> ListWorkflowStatesAsync(string owner, string name, CancellationToken cancellationToken) =>
        _examination.ListWorkflowStatesAsync(owner, name, cancellationToken);

    private static (string? Owner, string? Name, string? Id) Identify(JsonElement entry)
    {
        var owner = entry.TryGetProperty("owner", out var account) ? account.Text("login") : null;
        return (owner, entry.Text("name"), entry.Number("id") is > 0 and var id ? id.ToString(CultureInfo.InvariantCulture) : null);
    }

    /// <summary>What an entry says of a repository.</summary>
    /// <exception cref="FormatException">Something of it is impossible.</exception>
    internal Repository Convert(GitHubRepository entry, string listedOwner)
    {
        var name = EntryForm.Name("name", entry.Name);
        var owner = entry.Owner?.Login is { Length: > 0 } login && TextSanitizer.IsClean(login) ? login : listedOwner;
        var web = WebUrlOf(owner, name);
        return new Repository
        {
            Id = EntryForm.Id("id", entry.Id),
            Owner = owner,
            Name = name,
            Description = TextSanitizer.Clean(entry.Description, MaxDescription),

            Visibility = Repository.VisibilityOf(IsPrivate(entry)),
            IsFork = entry.Fork ?? false,
            IsArchived = entry.Archived ?? false,
            IsDisabled = entry.Disabled ?? false,
            HasWiki = entry.HasWiki ?? false,
            TakesWiki = entry.HasWiki == true ? null : false,
            DefaultBranch = EntryForm.Branch("default_branch", entry.DefaultBranch),
            SizeBytes = EntryForm.Size("size", entry.Size, unit: 1024) * 1024,
            UpdatedAt = EntryForm.Time(entry.PushedAt),
            GitUrl = GitUrlOf(web),
            HostName = GitHubHost.Definition.NameAt(web),
            WebUrl = web,
        };
    }

    private static bool? IsPrivate(GitHubRepository entry) =>
        entry.Visibility switch
        {
            "private" or "internal" => true,
            "public" => entry.Private == true,
            null => entry.Private,
            _ => entry.Private == true ? true : null,
        };

    /// <summary>What a browser is pointed to.</summary>
    internal Uri WebUrlOf(string owner, string name) => HostUrl.Join(_options.ServerUrl, $"{HostUrl.Segment(owner)}/{HostUrl.Segment(name)}");

    /// <summary>What git is asked at. Not <c>clone_url</c>: behind a proxy or in a sandbox it names another server.</summary>
    internal static Uri GitUrlOf(Uri web) => new(web.AbsoluteUri + ".git");
}
