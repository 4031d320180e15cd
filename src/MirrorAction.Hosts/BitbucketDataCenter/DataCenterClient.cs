using System.Text.Json;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.BitbucketDataCenter;

/// <summary>A server by one token: what its roles share. Thread-safe.</summary>
internal sealed class DataCenterClient
{
    /// <summary>Entries that are asked for in one page; the server gives fewer where its own limit is lower, and says so.</summary>
    private const int PageSize = 1000;

    /// <summary>What is kept of a description: a mark, and words of a person behind it.</summary>
    private const int MaxDescription = 4000;

    /// <summary>Begins the full name of a branch.</summary>
    public const string Heads = "refs/heads/";

    /// <summary>Addresses are of one server; a link that is longer is none.</summary>
    private const int MaxLink = 2000;

    private readonly HostSettings _settings;
    private readonly RestClient _rest;
    private readonly IDataCenterApi _pages;

    /// <summary>Works over the connection of a run, which stays its maker's.</summary>
    public DataCenterClient(HostSettings settings, HostConnection connection)
    {
        _settings = settings;
        Failures = new DataCenterFailures(settings);
        _rest = new RestClient(connection.Client, RestOptionsOf(settings, connection), connection.Time, connection.Say);
        Api = RestSerializer.Implement<IDataCenterApi>(_rest.Repeating, settings.ApiUrl, DataCenterJson.Default);
        Once = RestSerializer.Implement<IDataCenterApi>(_rest.Once, settings.ApiUrl, DataCenterJson.Default);
        _pages = RestSerializer.Implement<IDataCenterApi>(_rest.Pages, settings.ApiUrl, DataCenterJson.Default);
        Login = new DataCenterGitLogin(settings, AskUserAsync, connection.Hide);
    }

    /// <summary>For requests whose repetition does no harm.</summary>
    public IDataCenterApi Api { get; }

    /// <summary>For requests that are sent once.</summary>
    public IDataCenterApi Once { get; }

    /// <summary>What refusals mean.</summary>
    public DataCenterFailures Failures { get; }

    /// <summary>The credential for git, and whose it is.</summary>
    public DataCenterGitLogin Login { get; }

    /// <summary>Where the server is, and by which token.</summary>
    public HostSettings Settings => _settings;

    /// <summary>REST requests sent so far.</summary>
    public long Requests => _rest.Requests;

    /// <summary>Repeats whatever <paramref name="call"/> does while its failure looks temporary.</summary>
    public Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        _rest.RetryAsync(call, cancellationToken);

    /// <summary>All repositories of a project, in the order of their names.</summary>
    /// <param name="owner">The key of the project, or <c>~user</c>.</param>
    /// <param name="convert">Makes a repository; throws <see cref="FormatException"/> where it can't.</param>
    /// <param name="keyOf">By what a repository is known again.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="HostException">The server refused, or could not be reached.</exception>
    public async Task<HostListing<Repository>> ListAsync(
        string owner,
        Func<DataCenterRepository, Repository> convert,
        Func<Repository, object> keyOf,
        CancellationToken cancellationToken
    )
    {
        var first = HostUrl.Join(_settings.ApiUrl, $"projects/{HostUrl.Segment(owner)}/repos{Query(0)}");
        var trail = new Pagination(first);
        var entries = new EntryList<DataCenterRepository, Repository>
        {
            Host = DataCenterHost.Definition.Name,
            Type = DataCenterJson.Default.DataCenterRepository,
            Convert = convert,
            KeyOf = keyOf,
            Identify = entry => (null, entry.Text("slug"), IdOf(entry)),
            Owner = owner,
        };
        for (var url = first; url is not null; )
        {
            using var message = await _pages.GetAsync(url, cancellationToken);
            var response = RestResponse.Of(message);
            Login.Learn(response.Header(DataCenterGitLogin.Header));
            var page = response.Make(body => JsonPage.ReadObject(body, "values"));
            var next = response.Make(NextOf);
            trail.Count(response, page);
            entries.Add(page);
            url = trail.Follow(next is { } start ? Query(start) : null); // Relative: the next page is always at the address of the first.
        }

        return entries.Listing;
    }

    /// <summary>What a project has under a slug, asked once; null when it has nothing, or has moved it elsewhere.</summary>
    /// <exception cref="HostException">The server refused, or could not be reached.</exception>
    public async Task<DataCenterRepository?> FindOnceAsync(string owner, string slug, CancellationToken cancellationToken)
    {
        var found = await RestAnswer.OrNothingAsync(() =>
            Once.GetRepositoryAsync(HostUrl.RequireSegment(owner), HostUrl.RequireSegment(slug), cancellationToken)
        );

        // One that was renamed or moved may answer under its old name, which is free for a new one.
        return string.Equals(found?.Slug, slug, StringComparison.OrdinalIgnoreCase) && IsOf(owner, found!) ? found : null;
    }

    /// <summary>What a browser is pointed to.</summary>
    public Uri WebUrlOf(string owner, string slug)
    {
        var place = owner.StartsWith('~') ? $"users/{HostUrl.Segment(owner[1..])}" : $"projects/{HostUrl.Segment(owner)}";
        return HostUrl.Join(_settings.WebUrl, $"{place}/repos/{HostUrl.Segment(slug)}");
    }

    /// <summary>
    /// What git is asked at: the link of the answer, as a server may have git at an address of its own, but never on another host than the one that
    /// the token is for; else, and where there is no answer yet, <c>/scm/key/slug.git</c>.
    /// </summary>
    public Uri GitUrlOf(string owner, string slug, DataCenterLinks? links = null)
    {
        foreach (var link in (links?.Clone ?? []).OfType<DataCenterLink>().Where(link => link.Name == "http"))
        {
            // Some versions write the user before the host.
            if (
                link.Href is { Length: <= MaxLink } href
                && Uri.TryCreate(href, UriKind.Absolute, out var target)
                && target is { Query: "", Fragment: "" }
                && new UriBuilder(target) { UserName = "", Password = "" }.Uri is var git
                && HostUrl.IsSameHost(_settings.WebUrl, git)
            )
            {
                return git;
            }
        }

        return HostUrl.Join(_settings.WebUrl, $"scm/{HostUrl.Segment(owner.ToLowerInvariant())}/{HostUrl.Segment(slug)}.git");
    }

    /// <summary>Whether not everyone may read a repository; null where the server does not say.</summary>
    public static bool? IsPrivate(DataCenterRepository entry) =>
        (entry.Public, entry.Project?.Public) switch
        {
            (true, _) or (_, true) => false,
            (false, _) => true,
            _ => null,
        };

    /// <summary>What an entry says of a repository.</summary>
    /// <exception cref="FormatException">Something of it is impossible.</exception>
    public Repository Read(DataCenterRepository entry, string owner)
    {
        var slug = EntryForm.Name("slug", entry.Slug);
        var web = WebUrlOf(owner, slug);
        return new Repository
        {
            Id = EntryForm.Id("id", entry.Id),
            Owner = owner,
            Name = slug,
            Description = entry.Description is { Length: > MaxDescription } text ? text[..MaxDescription] : entry.Description ?? "",
            Visibility = Repository.VisibilityOf(IsPrivate(entry)),
            IsFork = entry.Origin is not null,
            IsArchived = entry.Archived ?? false,

            // INITIALISING, INITIALISATION_FAILED, OFFLINE and what is to come: git has nothing to give, or not all of it.
            IsDisabled = entry.State is not (null or "AVAILABLE"),

            // Most servers do not list it, and asking would cost a request for each repository: git itself says where HEAD is.
            DefaultBranch =
                entry.DefaultBranch.ValueKind == JsonValueKind.String ? EntryForm.Branch("defaultBranch", NameOf(TextOf(entry.DefaultBranch))) : null,
            GitUrl = GitUrlOf(owner, slug, entry.Links),
            HostName = DataCenterHost.Definition.NameAt(web),
            WebUrl = web,
        };
    }

    /// <summary>A branch without <c>refs/heads/</c>.</summary>
    public static string? NameOf(string? branch) =>
        branch is { Length: > 0 } && branch.StartsWith(Heads, StringComparison.Ordinal) ? branch[Heads.Length..] : branch;

    private static string? TextOf(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // Half a surrogate pair is no name.
        }
    }

    /// <summary>The key of a project as the server spells it; as it was asked for where the server says nothing of the kind.</summary>
    public static string Spelled(string owner, DataCenterRepository entry) =>
        entry.Project?.Key is { } key && string.Equals(key, owner, StringComparison.OrdinalIgnoreCase) ? key : owner;

    private static bool IsOf(string owner, DataCenterRepository entry) =>
        entry.Project?.Key is not { } key || string.Equals(key, owner, StringComparison.OrdinalIgnoreCase);

    private static string? IdOf(JsonElement entry) => entry.Number("id") is > 0 and var id ? EntryForm.Id("id", id) : null;

    private static string Query(long start) => FormattableString.Invariant($"?start={start}&limit={PageSize}");

    /// <summary>Where the next page starts; null after the last. A page that does not say which it is could end a listing too early.</summary>
    private static long? NextOf(byte[] body)
    {
        var page = JsonForm.Read(body, DataCenterJson.Default.DataCenterPage);
        return page switch
        {
            { IsLastPage: true } => null,
            { IsLastPage: false, NextPageStart: > 0 and var start } => start,
            { IsLastPage: null } => throw new FormatException("a page does not say whether it is the last"),
            _ => throw new FormatException("a page does not say where the next one starts"),
        };
    }

    /// <summary>Any answer names the user; these are small. A server may name nobody in what everyone is told.</summary>
    private async Task<string?> AskUserAsync(CancellationToken cancellationToken) =>
        await AskUserAsync(Api.GetPropertiesAsync, cancellationToken) ?? await AskUserAsync(Api.GetRecentAsync, cancellationToken);

    private static async Task<string?> AskUserAsync(Func<CancellationToken, Task<HttpResponseMessage>> ask, CancellationToken cancellationToken)
    {
        try
        {
            using var message = await ask(cancellationToken);
            return RestResponse.Of(message).Header(DataCenterGitLogin.Header);
        }
        catch (HostException e) when (!e.IsTransient && e.Status is not null)
        {
            return null; // Not told, which fails nothing: git says whether it takes the token.
        }
    }

    private RestOptions RestOptionsOf(HostSettings settings, HostConnection connection) =>
        new()
        {
            Name = DataCenterHost.Definition.Name,
            Credential = StaticCredential.Bearer(settings.Token),
            Headers = [("Accept", "application/json")],
            RequestIdHeader = "X-AREQUESTID",
            ReadMessage = body => DataCenterError.TryRead(body)?.Message,
            Explain = Failures.Explain,
            Deadline = connection.Deadline,
            IdleTimeout = connection.IdleTimeout,
        };
}
