using Microsoft.AspNetCore.Http;

namespace MirrorAction.TestKit;

/// <summary>
/// A host that behaves like GitHub: REST below <see cref="ApiUrl"/>, git at <c>/OWNER/NAME.git</c>. It refuses every write, as a source that
/// is only read must allow, unless <see cref="AcceptsWrites"/> is set.
/// </summary>
public sealed class SandboxGitHub : IAsyncDisposable
{
    private static readonly KeyValuePair<string, string>[] s_configuration =
        [new("http.receivepack", "true"), new("uploadpack.allowFilter", "true"), new("uploadpack.allowAnySHA1InWant", "true")];

    private readonly TempFolder? _ownFolder;
    private readonly Lock _lock = new();
    private readonly List<SandboxGitHubRepository> _repositories = [];
    private readonly Dictionary<string, SandboxGitHubRepository> _formerNames = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, SandboxGitHubAccount> _accounts = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, SandboxGitHubToken> _tokens = new(StringComparer.Ordinal);
    private LoopbackServer _server = null!;
    private long _lastId = 1000;

    private SandboxGitHub(string? folder)
    {
        _ownFolder = folder is null ? new TempFolder("mirror-github-") : null;
        Folder = folder ?? _ownFolder!.Path;
        Apps = new SandboxGitHubApps(this);
        FullToken = AddToken(new SandboxGitHubToken("ghp_sandbox_sees_everything", "mirror-bot", SeesPrivate: true)).Value;
        PublicToken = AddToken(new SandboxGitHubToken("ghs_sandbox_sees_public_only", Login: null, SeesPrivate: false)).Value;
    }

    /// <summary>Where the bare repositories lie.</summary>
    public string Folder { get; }

    /// <summary>A token that sees private repositories too.</summary>
    public string FullToken { get; }

    /// <summary>A token that sees public repositories only, as a workflow's own does beyond its repository.</summary>
    public string PublicToken { get; }

    /// <summary>The Apps and their installations.</summary>
    public SandboxGitHubApps Apps { get; }

    /// <summary>For <c>github-server-url</c>; ends with a slash.</summary>
    public Uri ServerUrl => _server.Url;

    /// <summary>For <c>github-api-url</c>; ends with a slash.</summary>
    public Uri ApiUrl => new(_server.Url, "api/v3/");

    /// <summary>Every request in the order of arrival.</summary>
    public IReadOnlyList<RecordedRequest> Requests => _server.Requests;

    /// <summary>The requests of REST.</summary>
    public IEnumerable<RecordedRequest> RestRequests => Requests.Where(request => !request.IsGit);

    /// <summary>The requests of git.</summary>
    public IEnumerable<RecordedRequest> GitRequests => Requests.Where(request => request.IsGit);

    /// <summary>Requests that tried to change something, allowed or not.</summary>
    public IEnumerable<RecordedRequest> WriteAttempts => Requests.Where(request =>
        request.IsPush || request.PathAndQuery.Contains("service=git-receive-pack", StringComparison.Ordinal)
        || (!request.IsGit && request.Method is not ("GET" or "HEAD") && !request.Path.EndsWith("/access_tokens", StringComparison.Ordinal)));

    /// <summary>Answers to give in place of the host's own.</summary>
    public Faults Faults { get; } = new();

    /// <summary>Lets repositories be created, changed and pushed to, as restoring needs.</summary>
    public bool AcceptsWrites { get; set; }

    /// <summary>Requests an hour and token; anonymous ones get 60.</summary>
    public int RateLimit { get; set; } = 5000;

    /// <summary>The longest page; lower it to see paging with few repositories.</summary>
    public int LongestPage { get; set; } = 100;

    /// <summary>The clock of rate limits and of tokens that expire.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Goes round every answer; null for none.</summary>
    public Interception? Intercept
    {
        get => _server.Intercept;
        set => _server.Intercept = value;
    }

    /// <summary>All repositories, sorted by full name.</summary>
    public IReadOnlyList<SandboxGitHubRepository> Repositories
    {
        get
        {
            lock (_lock)
                return [.. _repositories.OrderBy(repository => repository.FullName, StringComparer.Ordinal)];
        }
    }

    /// <summary>Starts the host; without a folder its repositories go away with it.</summary>
    public static async Task<SandboxGitHub> StartAsync(string? folder = null)
    {
        var host = new SandboxGitHub(folder);
        host._server = await LoopbackServer.StartAsync(host.ServeAsync);
        return host;
    }

    /// <summary>Adds an organisation or a user.</summary>
    public void AddAccount(string login, bool organization = true)
    {
        lock (_lock)
            _accounts[login] = new SandboxGitHubAccount(login, ++_lastId, organization);
    }

    /// <summary>Makes a token known.</summary>
    public SandboxGitHubToken AddToken(SandboxGitHubToken token)
    {
        lock (_lock)
            return _tokens[token.Value] = token;
    }

    /// <summary>Forgets a token, as when it is revoked.</summary>
    public void Revoke(string token)
    {
        lock (_lock)
            _tokens.Remove(token);
    }

    /// <summary>Adds an empty public repository, and its owner as an organisation when unknown.</summary>
    public SandboxGitHubRepository AddRepository(string owner, string name)
    {
        lock (_lock)
        {
            if (!_accounts.ContainsKey(owner))
                AddAccount(owner);
            var repository = new SandboxGitHubRepository(++_lastId, owner, name, GitRepository.Init(PathOf(owner, name)));
            _repositories.Add(repository);
            return repository;
        }
    }

    /// <summary>Renames a repository; the former name leads to it.</summary>
    public void Rename(SandboxGitHubRepository repository, string name)
    {
        lock (_lock)
        {
            Directory.Move(repository.Git.Path, PathOf(repository.Owner, name));
            _formerNames[repository.FullName] = repository;
            repository.Name = name;
            repository.Git = GitRepository.Open(PathOf(repository.Owner, name));
        }
    }

    /// <summary>Removes a repository.</summary>
    public void Remove(SandboxGitHubRepository repository)
    {
        lock (_lock)
            _repositories.Remove(repository);
        Directory.Delete(repository.Git.Path, recursive: true);
    }

    /// <summary>The repository of this name, in any case; null when there is none.</summary>
    public SandboxGitHubRepository? Find(string owner, string name)
    {
        lock (_lock)
            return _repositories.Find(repository => repository.FullName.Equals($"{owner}/{name}", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Forgets the requests recorded so far.</summary>
    public void ClearRequests() => _server.ClearRequests();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _ownFolder?.Dispose();
    }

    internal SandboxGitHubRepository? FindFormer(string owner, string name)
    {
        lock (_lock)
            return _formerNames.GetValueOrDefault($"{owner}/{name}");
    }

    internal SandboxGitHubAccount? FindAccount(string login)
    {
        lock (_lock)
            return _accounts.GetValueOrDefault(login);
    }

    internal SandboxGitHubToken? FindToken(string value)
    {
        lock (_lock)
            return _tokens.GetValueOrDefault(value) is { } token && (token.ExpiresAt is not { } end || Time.GetUtcNow() < end) ? token : null;
    }

    private string PathOf(string owner, string name) => Path.Combine(Folder, owner, name + ".git");

    private async Task ServeAsync(HttpContext context)
    {
        if (await Faults.TryAnswerAsync(context))
            return;
        var path = context.Request.Path.Value!;
        if (path.StartsWith("/api/v3/", StringComparison.Ordinal))
            await new SandboxGitHubRest(this, context).ServeAsync(path["/api/v3/".Length..].Split('/'));
        else if (GitPath.Parse(path) is { } git)
            await ServeGitAsync(context, git);
        else
            await context.Response.TextAsync(404, "Not Found");
    }

    private async Task ServeGitAsync(HttpContext context, GitPath path)
    {
        var response = context.Response;
        var login = BasicLogin.Parse(context.Request.Headers.Authorization);
        var token = login is { User.Length: > 0 } ? FindToken(login.Password) : null;
        var wiki = path.Name.EndsWith(".wiki", StringComparison.Ordinal);
        var name = wiki ? path.Name[..^".wiki".Length] : path.Name;
        var repository = Find(path.Owner, name) ?? FindFormer(path.Owner, name);
        var visible = repository is not null && (!repository.Private || (token is not null && token.Reads(repository)));
        if ((context.Request.Headers.Authorization.Count > 0 && token is null) || (!visible && token is null))
        {
            response.Headers.WWWAuthenticate = "Basic realm=\"GitHub\"";
            await response.TextAsync(401, "Invalid username or token. Password authentication is not supported for Git operations.\n");
        }
        else if (!visible || (wiki && !Directory.Exists(PathOf(repository!.Owner, repository.Name + ".wiki"))))
        {
            await response.TextAsync(404, "Repository not found.\n");
        }
        else if (repository!.Disabled || repository.BlockReason is not null)
        {
            await response.TextAsync(403, "Access to this repository has been disabled by GitHub staff.\n");
        }
        else if (context.Request.IsPush() && (!AcceptsWrites || token is null || repository.Archived))
        {
            await response.TextAsync(403, repository.Archived ? "This repository was archived so it is read-only.\n" : "Write access to repository not granted.\n");
        }
        else if (!repository.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        {
            response.Headers.Location = $"{ServerUrl}{repository.FullName}.git/{path.Rest}{context.Request.QueryString}";
            response.StatusCode = 301;
        }
        else
        {
            var folder = $"/{repository.FullName}{(wiki ? ".wiki" : "")}.git/{path.Rest}";
            await GitCgi.ServeAsync(context, Folder, folder, token?.Login ?? login?.User, s_configuration);
        }
    }
}

/// <summary>An organisation or a user.</summary>
internal sealed record SandboxGitHubAccount(string Login, long Id, bool Organization);

/// <summary>A token: whose it is (null for one of an installation) and whether it sees private repositories.</summary>
public sealed record SandboxGitHubToken(string Value, string? Login, bool SeesPrivate)
{
    private int _used;

    /// <summary>The installation that it was minted for; null for any other token.</summary>
    public SandboxGitHubInstallation? Installation { get; init; }

    /// <summary>Minted with the permission to read contents.</summary>
    public bool ReadsContents { get; init; } = true;

    /// <summary>When it dies; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The scopes of a classic token, as a header lists them; null for other kinds.</summary>
    public string? Scopes { get; init; } = Value.StartsWith("ghp_", StringComparison.Ordinal) ? "repo" : null;

    /// <summary>The day that a header names as the token's last; null where none is named.</summary>
    public string? Expiration { get; init; }

    internal int Used => _used;

    internal int Count() => Interlocked.Increment(ref _used);

    /// <summary>Whether a private repository is in what it lists.</summary>
    internal bool Sees(SandboxGitHubRepository repository) => SeesPrivate || Installation?.Covers(repository) == true;

    /// <summary>Whether git gives it a private repository.</summary>
    internal bool Reads(SandboxGitHubRepository repository) => Sees(repository) && ReadsContents;

    /// <summary>Writes the headers by which GitHub tells of a token.</summary>
    internal void Describe(HttpResponse response)
    {
        if (Scopes is not null)
            response.Headers["X-OAuth-Scopes"] = Scopes;
        if (Expiration is not null)
            response.Headers["github-authentication-token-expiration"] = Expiration;
    }
}
