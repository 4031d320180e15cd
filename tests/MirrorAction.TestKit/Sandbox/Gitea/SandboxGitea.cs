using Microsoft.AspNetCore.Http;

namespace MirrorAction.TestKit;

/// <summary>A token of <see cref="SandboxGitea"/>.</summary>
/// <param name="Secret">The token.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Scopes">What it may: <c>read:repository</c>, <c>write:organization</c>, ….</param>
public sealed record SandboxGiteaToken(string Secret, string User, IReadOnlyList<string> Scopes)
{
    /// <summary>What a destination needs, in an organisation or an own account.</summary>
    public static IReadOnlyList<string> Writing { get; } = ["write:repository", "write:organization", "write:user"];

    /// <summary>What a source needs.</summary>
    public static IReadOnlyList<string> Reading { get; } = ["read:repository", "read:organization", "read:user"];

    /// <summary>Write includes read.</summary>
    internal bool May(string scope) => Scopes.Contains(scope) || Scopes.Contains(scope.Replace("read:", "write:", StringComparison.Ordinal));
}

/// <summary>An organisation or a user of <see cref="SandboxGitea"/>.</summary>
/// <param name="Id">The number of the account.</param>
/// <param name="Login">The name in addresses.</param>
/// <param name="IsOrganization">An organisation.</param>
public sealed record SandboxGiteaAccount(long Id, string Login, bool IsOrganization)
{
    /// <summary><c>public</c>, <c>limited</c> or <c>private</c>.</summary>
    public string Visibility { get; set; } = "public";

    /// <summary>The users that see all repositories of an organisation, and whether each may create some and push.</summary>
    public IDictionary<string, bool> Members { get; } = new Dictionary<string, bool>(StringComparer.OrdinalIgnoreCase);

    /// <summary>How many bytes it may store, as Forgejo limits them; null for no limit.</summary>
    public long? Quota { get; set; }
}

/// <summary>
/// A host that behaves like Gitea, or like Forgejo: REST below <see cref="ApiUrl"/>, git at <c>/OWNER/NAME.git</c>.
/// </summary>
public sealed class SandboxGitea : IAsyncDisposable
{
    /// <summary>The user of <see cref="Token"/>.</summary>
    public const string Bot = "mirror-bot";

    private readonly TempFolder? _ownFolder;
    private readonly Lock _lock = new();
    private readonly List<SandboxGiteaRepository> _repositories = [];
    private readonly Dictionary<string, long> _former = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<SandboxGiteaAccount> _accounts = [];
    private readonly List<SandboxGiteaToken> _tokens = [];
    private LoopbackServer _server = null!;
    private long _lastId;

    private SandboxGitea(string? folder)
    {
        _ownFolder = folder is null ? new TempFolder("mirror-gitea-") : null;
        Folder = folder ?? _ownFolder!.Path;
        SandboxLfs.Of(Folder).Links = LfsLinks.WithHeaders;
        AddUser(Bot);
        Token = Add(new SandboxGiteaToken("0123456789abcdef0123456789abcdef01234567", Bot, SandboxGiteaToken.Writing)).Secret;
    }

    /// <summary>Where the bare repositories lie.</summary>
    public string Folder { get; }

    /// <summary>A token of the user <see cref="Bot"/>, which may write wherever that user may.</summary>
    public string Token { get; }

    /// <summary>For <c>source-url</c> and <c>destination-url</c>; ends with a slash. To be set when a proxy stands before the host.</summary>
    public Uri WebUrl { get; set; } = new("http://127.0.0.1/");

    /// <summary>Where REST is; ends with a slash.</summary>
    public Uri ApiUrl => new(WebUrl, "api/v1/");

    /// <summary>Every request in the order of arrival.</summary>
    public IReadOnlyList<RecordedRequest> Requests => _server.Requests;

    /// <summary>The requests of REST.</summary>
    public IEnumerable<RecordedRequest> RestRequests => Requests.Where(request => !request.IsGit);

    /// <summary>The requests of git.</summary>
    public IEnumerable<RecordedRequest> GitRequests => Requests.Where(request => request.IsGit);

    /// <summary>Answers to give in place of the host's own.</summary>
    public Faults Faults { get; } = new();

    /// <summary>It is Forgejo: it has quotas, and tells whether a wiki has pages.</summary>
    public bool IsForgejo { get; set; }

    /// <summary>An old version, which knows nothing of Actions.</summary>
    public bool IsOld { get; set; }

    /// <summary>The longest page; lower it to see paging with few repositories.</summary>
    public int LongestPage { get; set; } = 50;

    /// <summary>Whether a fetch may leave out objects (<c>filter</c>).</summary>
    public bool AllowsFilter { get; set; } = true;

    /// <summary>How many repositories an owner may have; null for no limit.</summary>
    public int? MostRepositories { get; set; }

    /// <summary>Goes round every answer; null for none.</summary>
    public Interception? Intercept
    {
        get => _server.Intercept;
        set => _server.Intercept = value;
    }

    /// <summary>All repositories, in the order in which they were made.</summary>
    public IReadOnlyList<SandboxGiteaRepository> Repositories
    {
        get
        {
            lock (_lock)
                return [.. _repositories];
        }
    }

    /// <summary>Starts the host; without a folder its repositories go away with it.</summary>
    public static async Task<SandboxGitea> StartAsync(string? folder = null)
    {
        var host = new SandboxGitea(folder);
        host._server = await LoopbackServer.StartAsync(host.ServeAsync);
        host.WebUrl = host._server.Url;
        return host;
    }

    /// <summary>Adds a user.</summary>
    public SandboxGiteaAccount AddUser(string login) => Add(login, isOrganization: false);

    /// <summary>Adds an organisation, of which the user <see cref="Bot"/> is a member that may create repositories.</summary>
    public SandboxGiteaAccount AddOrganization(string login)
    {
        var organization = Add(login, isOrganization: true);
        organization.Members[Bot] = true;
        return organization;
    }

    /// <summary>Makes a token known.</summary>
    public SandboxGiteaToken Add(SandboxGiteaToken token)
    {
        lock (_lock)
            _tokens.Add(token);
        return token;
    }

    /// <summary>Forgets a token.</summary>
    public void Revoke(string secret)
    {
        lock (_lock)
            _tokens.RemoveAll(known => known.Secret == secret);
    }

    /// <summary>Adds an empty repository.</summary>
    public SandboxGiteaRepository AddRepository(string owner, string name)
    {
        lock (_lock)
        {
            var repository = new SandboxGiteaRepository(++_lastId, FindAccount(owner)!.Login, name, GitRepository.Init(PathOf(owner, name)));
            _former.Remove(repository.FullName);
            _repositories.Add(repository);
            return repository;
        }
    }

    /// <summary>Gives a repository another name; the former one leads to it until it is used again.</summary>
    public void Rename(SandboxGiteaRepository repository, string name)
    {
        lock (_lock)
        {
            _former[repository.FullName] = repository.Id;
            Directory.Move(repository.Git.Path, PathOf(repository.Owner, name));
            repository.Name = name;
            repository.Git = GitRepository.Open(PathOf(repository.Owner, name));
            _former.Remove(repository.FullName);
        }
    }

    /// <summary>Removes a repository.</summary>
    public void Remove(SandboxGiteaRepository repository)
    {
        lock (_lock)
            _repositories.Remove(repository);
        Directory.Delete(repository.Git.Path, recursive: true);
    }

    /// <summary>The repository of this name, whatever its case; null when there is none.</summary>
    public SandboxGiteaRepository? Find(string owner, string name)
    {
        lock (_lock)
            return _repositories.Find(repository => repository.FullName.Equals($"{owner}/{name}", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The organisation or user of this name; null when there is none.</summary>
    public SandboxGiteaAccount? FindAccount(string login)
    {
        lock (_lock)
            return _accounts.Find(account => account.Login.Equals(login, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Forgets the requests recorded so far.</summary>
    public void ClearRequests() => _server.ClearRequests();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _ownFolder?.Dispose();
    }

    /// <summary>The repository that had this name before; null when there is none.</summary>
    internal SandboxGiteaRepository? FindFormer(string owner, string name)
    {
        lock (_lock)
            return _former.TryGetValue($"{owner}/{name}", out var id) ? _repositories.Find(repository => repository.Id == id) : null;
    }

    internal SandboxGiteaToken? FindToken(string? secret)
    {
        lock (_lock)
            return _tokens.Find(known => known.Secret == secret);
    }

    /// <summary>Whether a user sees a repository: what is public, what is its own, and what its organisation shows it.</summary>
    internal bool Sees(string? user, SandboxGiteaRepository repository)
    {
        var owner = FindAccount(repository.Owner)!;
        return Is(user, owner)
            || (!repository.Hidden && (owner.Members.ContainsKey(user ?? "") || (!repository.Private && ShowsItself(user, owner))));
    }

    /// <summary>Whether a user may push, and create: the owner, and members that may.</summary>
    internal static bool Writes(string? user, SandboxGiteaAccount owner) =>
        Is(user, owner) || owner.Members.TryGetValue(user ?? "", out var may) && may;

    /// <summary>Whether an account is shown to a user.</summary>
    internal static bool ShowsItself(string? user, SandboxGiteaAccount account) =>
        account.Visibility switch
        {
            "public" => true,
            "limited" => user is not null,
            _ => Is(user, account) || account.Members.ContainsKey(user ?? ""),
        };

    internal long UsedBy(SandboxGiteaAccount owner) =>
        Repositories.Where(repository => repository.Owner == owner.Login).Sum(repository => repository.Size);

    private static bool Is(string? user, SandboxGiteaAccount account) => account.Login.Equals(user, StringComparison.OrdinalIgnoreCase);

    private SandboxGiteaAccount Add(string login, bool isOrganization)
    {
        lock (_lock)
        {
            var account = new SandboxGiteaAccount(_accounts.Count + 1, login, isOrganization);
            _accounts.Add(account);
            return account;
        }
    }

    private string PathOf(string owner, string name) => Path.Combine(Folder, FindAccount(owner)!.Login, name + ".git");

    private async Task ServeAsync(HttpContext context)
    {
        if (await Faults.TryAnswerAsync(context))
            return;
        var path = context.Request.Path.Value!;
        if (path.StartsWith("/api/v1/", StringComparison.Ordinal))
            await new SandboxGiteaRest(this, context).ServeAsync(path["/api/v1/".Length..].TrimEnd('/').Split('/'));
        else if (GitPath.Parse(path) is { } git)
            await new SandboxGiteaGit(this, context).ServeAsync(git);
        else
            await context.Response.TextAsync(404, "Not Found.\n");
    }
}
