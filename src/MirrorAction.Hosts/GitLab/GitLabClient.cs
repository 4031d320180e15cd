using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.GitLab;

/// <summary>GitLab's REST interface by one token, and what both roles make of its answers. Thread-safe.</summary>
internal sealed class GitLabClient
{
    /// <summary>GitLab's longest description.</summary>
    public const int MaxDescription = 2000;

    /// <summary>Other orders shift while pages are read; 100 is GitLab's longest page.</summary>
    private const string Order = "per_page=100&order_by=id&sort=asc";

    private readonly ICredentialProvider _credential;
    private readonly RestClient _rest;
    private readonly ConcurrentBag<RestClient> _creating = [];
    private readonly IGitLabApi _pages;

    /// <summary>Asks over a client that the caller owns.</summary>
    public GitLabClient(HostSettings settings, HostConnection connection)
    {
        (Settings, Connection) = (settings, connection);
        Failures = new GitLabFailures(settings);

        // Each kind of token is taken as a bearer: personal ones, those of groups and projects, and OAuth's.
        _credential = StaticCredential.Bearer(settings.Token);
        _rest = NewClient(connection.Deadline);
        Api = Implement(_rest.Repeating);
        Once = Implement(_rest.Once);
        _pages = Implement(_rest.Pages);
    }

    /// <summary>Where GitLab is, and by which token it is asked.</summary>
    public HostSettings Settings { get; }

    /// <summary>The clock, and who is told of what a user should know.</summary>
    public HostConnection Connection { get; }

    /// <summary>What its refusals mean.</summary>
    public GitLabFailures Failures { get; }

    /// <summary>Requests that are repeated while a failure looks temporary.</summary>
    public IGitLabApi Api { get; }

    /// <summary>Requests that are sent once.</summary>
    public IGitLabApi Once { get; }

    /// <summary>REST requests sent so far.</summary>
    public long Requests => _rest.Requests + _creating.Sum(client => client.Requests);

    /// <summary>The token as git's password; without a word of the user's own under <c>oauth2</c>, which goes with every kind of token.</summary>
    public ICredentialProvider GitCredentials => new GitCredentials(_credential, Settings.Username ?? "oauth2");

    /// <summary>The first page of a group's projects.</summary>
    /// <param name="path">The group's full path.</param>
    /// <param name="withSubgroups">Those of the groups below it too. Projects of others that are shared with it never are.</param>
    public Uri ProjectsOfGroup(string path, bool withSubgroups) =>
        UrlOf($"groups/{HostUrl.Segment(path)}/projects?include_subgroups={(withSubgroups ? "true" : "false")}&with_shared=false&{Order}");

    /// <summary>The first page of a user's own projects.</summary>
    public Uri ProjectsOfUser(string name) => UrlOf($"users/{HostUrl.Segment(name)}/projects?{Order}");

    /// <summary>
    /// A client for one creation, which waits no longer than so for a rate limit. Creations have a limit of their own, of a day: it must hold back no
    /// other request, and nobody waits for its end.
    /// </summary>
    public RestClient NewCreation(TimeSpan longestWait)
    {
        var latest = Connection.Time.GetUtcNow() + longestWait;
        var client = NewClient(Connection.Deadline < latest ? Connection.Deadline : latest);
        _creating.Add(client);
        return client;
    }

    /// <summary>All projects of a listing.</summary>
    /// <param name="first">The first page.</param>
    /// <param name="owner">Whose they are.</param>
    /// <param name="convert">Makes a repository of an entry.</param>
    /// <param name="keyOf">By what it is known again.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="HostException">GitLab refused, or could not be reached.</exception>
    public async Task<HostListing<Repository>> ListAsync(
        Uri first,
        string owner,
        Func<GitLabProject, Repository> convert,
        Func<Repository, object> keyOf,
        CancellationToken cancellationToken
    )
    {
        var trail = new Pagination(first);
        var entries = new EntryList<GitLabProject, Repository>
        {
            Host = "GitLab",
            Type = GitLabJson.Default.GitLabProject,
            Convert = convert,
            KeyOf = keyOf,
            Identify = entry => Identify(entry, owner),
            Owner = owner,
        };
        for (var url = first; url is not null; )
        {
            using var message = await _pages.GetPageAsync(url, cancellationToken);
            var response = RestResponse.Of(message);
            var page = response.Make(body => JsonPage.Read(body, "projects"));
            trail.Count(response, page);
            entries.Add(page);
            url = trail.Follow(LinkHeader.Next(response.Header("Link")) ?? NextByNumber(first, response));
        }

        return entries.Listing;
    }

    /// <summary>A project under its very path, once asked; null when there is none, or one that was moved from there.</summary>
    /// <exception cref="HostException">GitLab refused, or could not be reached.</exception>
    public static async Task<GitLabProject?> FindAsync(IGitLabApi api, string fullPath, CancellationToken cancellationToken)
    {
        var found = await RestAnswer.OrNothingAsync(() => api.GetProjectAsync(fullPath, cancellationToken));

        // A project that was renamed answers under its old path too, by a redirect.
        return string.Equals(found?.PathWithNamespace, fullPath, StringComparison.OrdinalIgnoreCase) ? found : null;
    }

    /// <summary>What a browser is pointed to.</summary>
    public Uri WebUrlOf(string fullPath) => HostUrl.Join(Settings.WebUrl, string.Join('/', fullPath.Split('/').Select(HostUrl.Segment)));

    /// <summary>What git is asked at. Not <c>http_url_to_repo</c>: behind a proxy or in a sandbox it names another server.</summary>
    public static Uri GitUrlOf(Uri web) => new(web.AbsoluteUri + ".git");

    /// <summary>What an entry says of a project below an owner.</summary>
    /// <exception cref="FormatException">Something of it is impossible.</exception>
    public Repository Read(GitLabProject entry, string owner)
    {
        var path = PathOf(entry);
        var name = Below(owner, path) ?? throw new FormatException("its field 'path_with_namespace' does not lie below the owner");
        var web = WebUrlOf(path);
        return new Repository
        {
            Id = EntryForm.Id("id", entry.Id),
            Owner = path[..owner.Length],
            Name = name,
            Description = entry.Description is { Length: > MaxDescription } text ? text[..MaxDescription] : entry.Description ?? "",

            // Who asks without a token is shown what everyone may see, in a form without this field.
            Visibility = Settings.Token is null && entry.Visibility is null ? Visibility.Public : VisibilityOf(entry),
            IsFork = entry.ForkedFromProject.ValueKind == JsonValueKind.Object,
            IsArchived = entry.Archived ?? false,
            IsDisabled = entry.RepositoryAccessLevel == "disabled",
            IsEmpty = entry.EmptyRepo ?? false,
            HasWiki = entry.WikiAccessLevel is not (null or "disabled"),
            TakesWiki = entry.WikiAccessLevel is { } level ? level != "disabled" : null,
            IsWikiPrivate = entry.WikiAccessLevel is not (null or "enabled" or "public" or "disabled"),
            WikiPage = GitLabWikis.Page,
            DefaultBranch = EntryForm.Branch("default_branch", entry.DefaultBranch),
            UpdatedAt = EntryForm.Time(entry.LastActivityAt),
            GitUrl = GitUrlOf(web),
            HostName = GitLabHost.Definition.NameAt(web),
            WebUrl = web,
        };
    }

    /// <summary>Who may read a project: <c>internal</c> is for all users of an instance.</summary>
    public static Visibility VisibilityOf(GitLabProject entry) =>
        entry.Visibility switch
        {
            "private" => Visibility.Private,
            "internal" => Visibility.Internal,

            // Code for members only, in a project that everyone sees.
            "public" => entry.RepositoryAccessLevel == "private" ? Visibility.Internal : Visibility.Public,
            _ => Visibility.Unknown,
        };

    /// <summary>The full path of an entry, each of its names held against what can be.</summary>
    /// <exception cref="FormatException">It has none.</exception>
    public static string PathOf(GitLabProject entry)
    {
        const string Field = "path_with_namespace";
        return string.Join('/', (entry.PathWithNamespace ?? "").Split('/').Select(name => EntryForm.Name(Field, name)));
    }

    /// <summary>What follows an owner in a path; null where the path does not lie below that owner.</summary>
    public static string? Below(string owner, string path) =>
        path.Length > owner.Length + 1 && path[owner.Length] == '/' && path.StartsWith(owner, StringComparison.OrdinalIgnoreCase)
            ? path[(owner.Length + 1)..]
            : null;

    /// <summary>The next page by its number, which is told even where a proxy takes <c>Link</c> away; null after the last.</summary>
    private static string? NextByNumber(Uri first, RestResponse response) =>
        int.TryParse(response.Header("X-Next-Page"), NumberStyles.None, CultureInfo.InvariantCulture, out var page)
            ? string.Create(CultureInfo.InvariantCulture, $"{first.AbsoluteUri}&page={page}")
            : null;

    private static (string? Owner, string? Name, string? Id) Identify(JsonElement entry, string owner)
    {
        var path = entry.Text("path_with_namespace");
        var name = path is null ? entry.Text("path") : Below(owner, path) ?? path;
        return (null, name, entry.Number("id") is > 0 and var id ? id.ToString(CultureInfo.InvariantCulture) : null);
    }

    private Uri UrlOf(string relative) => HostUrl.Join(Settings.ApiUrl, relative);

    /// <summary>The interface over one of a client's chains.</summary>
    public IGitLabApi Implement(HttpClient client) => RestSerializer.Implement<IGitLabApi>(client, Settings.ApiUrl, GitLabJson.Default);

    private RestClient NewClient(DateTimeOffset? deadline)
    {
        var options = new RestOptions
        {
            Name = "GitLab",
            Credential = _credential,
            Headers = [("Accept", "application/json")],
            RequestIdHeader = "X-Request-Id",
            ReadMessage = GitLabError.TryRead,
            Explain = Failures.Explain,
            Deadline = deadline,
            IdleTimeout = Connection.IdleTimeout,
        };
        return new RestClient(Connection.Client, options, Connection.Time, Connection.Say);
    }
}
