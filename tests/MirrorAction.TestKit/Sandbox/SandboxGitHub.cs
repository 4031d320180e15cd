using Microsoft.AspNetCore.Http;

namespace MirrorAction.TestKit;

/// <summary>
/// A host that behaves like GitHub: REST below <see cref="ApiUrl"/>, git at <c>/OWNER/NAME.git</c>. It refuses every write, as a source that
/// is only read must allow, unless <see cref="AcceptsWrites"/> is set.
/// </summary>
public sealed class SandboxGitHub : IAsyncDisposable
{
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
        FullToken = AddToken(new SandboxGitHubToken("ghp_sandbox0reads0all0of0acme", "mirror-bot", SeesPrivate: true)).Value;
        WriteToken = AddToken(
            new SandboxGitHubToken("ghp_sandbox0writes0all0of0acme", "mirror-bot", SeesPrivate: true) { Scopes = "repo, workflow" }
        ).Value;
        PublicToken = AddToken(new SandboxGitHubToken("ghs_sandbox1public2repos3", Login: null, SeesPrivate: false)).Value;
    }

    /// <summary>Where the bare repositories lie.</summary>
    public string Folder { get; }

    /// <summary>A token that sees private repositories too.</summary>
    public string FullToken { get; }

    /// <summary>A token that sees private repositories too, and may write workflow files besides.</summary>
    public string WriteToken { get; }

    /// <summary>A token that sees public repositories only, as a workflow's own does beyond its repository.</summary>
    public string PublicToken { get; }

    /// <summary>The Apps and their installations.</summary>
    public SandboxGitHubApps Apps { get; }

    /// <summary>
    /// For <c>github-server-url</c>, and what URLs in answers begin with; ends with a slash. To be set when a proxy stands before the host.
    /// </summary>
    public Uri ServerUrl { get; set; } = new("http://127.0.0.1/");

    /// <summary>For <c>github-api-url</c>; ends with a slash.</summary>
    public Uri ApiUrl => new(ServerUrl, "api/v3/");

    /// <summary>Every request in the order of arrival.</summary>
    public IReadOnlyList<RecordedRequest> Requests => _server.Requests;

    /// <summary>The requests of REST.</summary>
    public IEnumerable<RecordedRequest> RestRequests => Requests.Where(request => !request.IsGit);

    /// <summary>The requests of git.</summary>
    public IEnumerable<RecordedRequest> GitRequests => Requests.Where(request => request.IsGit);

    /// <summary>Requests that tried to change something, allowed or not.</summary>
    public IEnumerable<RecordedRequest> WriteAttempts =>
        Requests.Where(request =>
            request.IsPush
            || request.PathAndQuery.Contains("service=git-receive-pack", StringComparison.Ordinal)
            || (!request.IsGit && request.Method is not ("GET" or "HEAD") && !request.Path.EndsWith("/access_tokens", StringComparison.Ordinal))
        );

    /// <summary>Answers to give in place of the host's own.</summary>
    public Faults Faults { get; } = new();

    /// <summary>Lets repositories be created, changed and pushed to, as restoring needs.</summary>
    public bool AcceptsWrites { get; set; }

    /// <summary>Bytes of the largest pack of one push; null for no limit.</summary>
    public long? PushLimit { get; set; }

    /// <summary>Bytes of the largest file that a push may bring; null for no limit.</summary>
    public long? MaxFile { get; set; }

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
        host.ServerUrl = host._server.Url;
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
    public void Rename(SandboxGitHubRepository repository, string name) => Move(repository, repository.Owner, name);

    /// <summary>Gives a repository to another organisation or user; the former name leads to it.</summary>
    public void Transfer(SandboxGitHubRepository repository, string owner)
    {
        lock (_lock)
        {
            if (!_accounts.ContainsKey(owner))
                AddAccount(owner);
        }

        Move(repository, owner, repository.Name);
    }

    private void Move(SandboxGitHubRepository repository, string owner, string name)
    {
        lock (_lock)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(owner, name))!);
            if (repository.Git.FindWiki() is { } wiki)
                Directory.Move(wiki.Path, PathOf(owner, name + SandboxWiki.Suffix));
            Directory.Move(repository.Git.Path, PathOf(owner, name));
            _formerNames[repository.FullName] = repository;
            (repository.Owner, repository.Name) = (owner, name);
            repository.Git = GitRepository.Open(PathOf(owner, name));
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

    internal string PathOf(string owner, string name) => Path.Combine(Folder, owner, name + ".git");

    private async Task ServeAsync(HttpContext context)
    {
        if (await Faults.TryAnswerAsync(context))
            return;
        var path = context.Request.Path.Value!;
        if (path.StartsWith("/api/v3/", StringComparison.Ordinal))
            await new SandboxGitHubRest(this, context).ServeAsync(path["/api/v3/".Length..].Split('/'));
        else if (GitPath.Parse(path) is { } git)
            await new SandboxGitHubGit(this, context).ServeAsync(git);
        else
            await context.Response.TextAsync(404, "Not Found");
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

    /// <summary>What it was minted with; null for a token that goes by scopes, or may write nothing.</summary>
    public IReadOnlyDictionary<string, string>? Permissions { get; init; }

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

    /// <summary>Whether it may write: <c>administration</c>, <c>contents</c> or <c>workflows</c>.</summary>
    internal bool May(string permission) =>
        Permissions is not null
            ? Permissions.GetValueOrDefault(permission) == "write"
            : Scopes?.Split(", ").Contains(permission == "workflows" ? "workflow" : "repo") == true;

    /// <summary>Whether git lets it push.</summary>
    internal bool Writes(SandboxGitHubRepository repository) => May("contents") && Reads(repository);

    /// <summary>Writes the headers by which GitHub tells of a token.</summary>
    internal void Describe(HttpResponse response)
    {
        if (Scopes is not null)
            response.Headers["X-OAuth-Scopes"] = Scopes;
        if (Expiration is not null)
            response.Headers["github-authentication-token-expiration"] = Expiration;
    }
}
