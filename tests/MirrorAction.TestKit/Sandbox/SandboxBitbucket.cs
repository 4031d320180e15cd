using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace MirrorAction.TestKit;

/// <summary>
/// A host that behaves like Bitbucket Cloud: REST below <see cref="ApiUrl"/>, git at <c>/WORKSPACE/SLUG.git</c>, OAuth at
/// <c>/site/oauth2/access_token</c>.
/// </summary>
public sealed class SandboxBitbucket : IAsyncDisposable
{
    private readonly TempFolder? _ownFolder;
    private readonly Lock _lock = new();
    private readonly List<SandboxBitbucketRepository> _repositories = [];
    private readonly List<BitbucketCredential> _credentials = [];
    private readonly Dictionary<string, SandboxBitbucketRepository> _former = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _consumers = new(StringComparer.Ordinal);
    private readonly List<string> _minted = [];
    private LoopbackServer _server = null!;

    private SandboxBitbucket(string? folder)
    {
        _ownFolder = folder is null ? new TempFolder("mirror-bitbucket-") : null;
        Folder = folder ?? _ownFolder!.Path;
        Token = Add(BitbucketCredential.AccessToken("ATCTT3x-sandbox")).Secret;
    }

    /// <summary>Where the bare repositories lie.</summary>
    public string Folder { get; }

    /// <summary>An access token of the workspace that may do everything.</summary>
    public string Token { get; }

    /// <summary>
    /// For <c>bitbucket-git-url</c>, and what URLs in answers begin with; ends with a slash. To be set when a proxy stands before the host.
    /// </summary>
    public Uri GitUrl { get; set; } = new("http://127.0.0.1/");

    /// <summary>For <c>bitbucket-api-url</c>; ends with a slash.</summary>
    public Uri ApiUrl => new(GitUrl, "2.0/");

    /// <summary>Every request in the order of arrival.</summary>
    public IReadOnlyList<RecordedRequest> Requests => _server.Requests;

    /// <summary>The requests of REST.</summary>
    public IEnumerable<RecordedRequest> RestRequests => Requests.Where(request => !request.IsGit);

    /// <summary>The requests of git.</summary>
    public IEnumerable<RecordedRequest> GitRequests => Requests.Where(request => request.IsGit);

    /// <summary>Answers to give in place of the host's own.</summary>
    public Faults Faults { get; } = new();

    /// <summary>The slugs of the workspaces that exist.</summary>
    public ICollection<string> Workspaces { get; } = new HashSet<string>(StringComparer.Ordinal) { "acme-mirror" };

    /// <summary>The keys of the projects that exist; the first is the default.</summary>
    public IList<string> Projects { get; } = ["ACME"];

    /// <summary>Whether a fetch may leave out objects (<c>filter</c>).</summary>
    public bool AllowsFilter { get; set; } = true;

    /// <summary>
    /// Every push is refused with this text on the <c>remote:</c> channel, such as <see cref="BitbucketTexts.WorkspaceOverQuota"/>; null for none.
    /// </summary>
    public string? PushRefusal { get; set; }

    /// <summary>
    /// The largest pack in one push, in bytes; null for no limit. Bitbucket's own is 3.5 GB, beyond which it answers in git's words.
    /// </summary>
    public long? LargestPush { get; set; }

    /// <summary>Every repository that is made or changed is public, whatever was asked for.</summary>
    public bool IgnoresPrivacy { get; set; }

    /// <summary>How many more REST requests get an answer before 429; null for no limit.</summary>
    public int? RequestsLeft { get; set; }

    /// <summary>The longest page; lower it to see paging with few repositories.</summary>
    public int LongestPage { get; set; } = 100;

    /// <summary>How long a minted OAuth token lives, in seconds.</summary>
    public int OAuthLifetime { get; set; } = 7200;

    /// <summary>The tokens that were minted for OAuth consumers, in order.</summary>
    public IReadOnlyList<string> Minted
    {
        get
        {
            lock (_lock)
                return [.. _minted];
        }
    }

    /// <summary>The scopes of a minted token: the permissions of the consumer.</summary>
    public IReadOnlyList<string> OAuthScopes { get; set; } = ["repository", "repository:write", "repository:admin"];

    /// <summary>The clock of dates in answers and of tokens that expire.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Goes round every answer; null for none.</summary>
    public Interception? Intercept
    {
        get => _server.Intercept;
        set => _server.Intercept = value;
    }

    /// <summary>All repositories, sorted by full name.</summary>
    public IReadOnlyList<SandboxBitbucketRepository> Repositories
    {
        get
        {
            lock (_lock)
                return [.. _repositories.OrderBy(repository => repository.FullName, StringComparer.Ordinal)];
        }
    }

    /// <summary>Starts the host; without a folder its repositories go away with it.</summary>
    public static async Task<SandboxBitbucket> StartAsync(string? folder = null)
    {
        var host = new SandboxBitbucket(folder);
        host._server = await LoopbackServer.StartAsync(host.ServeAsync);
        host.GitUrl = host._server.Url;
        return host;
    }

    /// <summary>Makes a credential known, in place of one with the same secret.</summary>
    public BitbucketCredential Add(BitbucketCredential credential)
    {
        lock (_lock)
        {
            _credentials.RemoveAll(known => known.Secret == credential.Secret);
            _credentials.Add(credential);
            return credential;
        }
    }

    /// <summary>Forgets a credential, as when it expires.</summary>
    public void Revoke(string secret)
    {
        lock (_lock)
            _credentials.RemoveAll(known => known.Secret == secret);
    }

    /// <summary>Makes an OAuth consumer known.</summary>
    public void AddConsumer(string key, string secret)
    {
        lock (_lock)
            _consumers[key] = secret;
    }

    /// <summary>
    /// The repository of this slug or UUID; null when there is none, or one that nobody can open: without a letter or digit (BCLOUD-13840).
    /// </summary>
    public SandboxBitbucketRepository? Find(string workspace, string slugOrUuid)
    {
        lock (_lock)
            return _repositories.Find(repository =>
                repository.Workspace == workspace
                && (repository.Slug == slugOrUuid || repository.Uuid == slugOrUuid)
                && repository.Slug.Any(char.IsAsciiLetterOrDigit)
            );
    }

    /// <summary>Adds an empty repository.</summary>
    public SandboxBitbucketRepository AddRepository(string workspace, string slug)
    {
        lock (_lock)
        {
            var now = Time.GetUtcNow();
            var repository = new SandboxBitbucketRepository(workspace, slug, GitRepository.Init(PathOf(workspace, slug)))
            {
                CreatedOn = now,
                UpdatedOn = now,
                Project = Projects[0],
            };
            _repositories.Add(repository);
            return repository;
        }
    }

    /// <summary>Gives a repository another slug; git is led from the former one to it until that is used again.</summary>
    public void Rename(SandboxBitbucketRepository repository, string slug)
    {
        lock (_lock)
        {
            _former[repository.FullName] = repository;
            Directory.Move(repository.Git.Path, PathOf(repository.Workspace, slug));
            repository.Slug = slug;
            repository.Git = GitRepository.Open(PathOf(repository.Workspace, slug));
        }
    }

    /// <summary>The repository that had this slug before; null when there is none.</summary>
    internal SandboxBitbucketRepository? FindFormer(string workspace, string slug)
    {
        lock (_lock)
            return _former.TryGetValue($"{workspace}/{slug}", out var renamed) && _repositories.Contains(renamed) ? renamed : null;
    }

    /// <summary>Removes a repository.</summary>
    public void Remove(SandboxBitbucketRepository repository)
    {
        lock (_lock)
            _repositories.Remove(repository);
        Directory.Delete(repository.Git.Path, recursive: true);
    }

    /// <summary>Forgets the requests recorded so far.</summary>
    public void ClearRequests() => _server.ClearRequests();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _ownFolder?.Dispose();
    }

    internal BitbucketCredential? FindCredential(Predicate<BitbucketCredential> match)
    {
        lock (_lock)
            return _credentials.Find(known => match(known) && (known.ExpiresAt is not { } end || Time.GetUtcNow() < end));
    }

    /// <summary>Takes one from <see cref="RequestsLeft"/>; false when there is none left.</summary>
    internal bool TakeRequest()
    {
        lock (_lock)
        {
            if (RequestsLeft is not { } left)
                return true;
            RequestsLeft = Math.Max(0, left - 1);
            return left > 0;
        }
    }

    private string PathOf(string workspace, string slug) => Path.Combine(Folder, workspace, slug + ".git");

    private async Task ServeAsync(HttpContext context)
    {
        if (await Faults.TryAnswerAsync(context))
            return;
        var path = context.Request.Path.Value!;
        if (path.StartsWith("/2.0/", StringComparison.Ordinal))
            await new SandboxBitbucketRest(this, context).ServeAsync(path["/2.0/".Length..].TrimEnd('/').Split('/'));
        else if (path == "/site/oauth2/access_token")
            await MintAsync(context);
        else if (GitPath.Parse(path) is { } git)
            await new SandboxBitbucketGit(this, context).ServeAsync(git);
        else
            await context.Response.TextAsync(404, "Not Found");
    }

    private async Task MintAsync(HttpContext context)
    {
        var login = BasicLogin.Parse(context.Request.Headers.Authorization);
        bool known;
        lock (_lock)
            known = login is not null && _consumers.GetValueOrDefault(login.User) == login.Password;
        var form = await context.Request.ReadFormAsync();
        if (!known || form["grant_type"] != "client_credentials")
        {
            await context.Response.JsonAsync(
                400,
                new JsonObject { ["error"] = "unauthorized_client", ["error_description"] = "Invalid OAuth client credentials" }
            );
            return;
        }

        var minted = Add(
            BitbucketCredential.AccessToken($"oauth-{Guid.NewGuid():N}") with
            {
                Kind = BitbucketCredentialKind.OAuth,
                Scopes = OAuthScopes,
                ExpiresAt = Time.GetUtcNow() + TimeSpan.FromSeconds(OAuthLifetime),
            }
        );
        lock (_lock)
            _minted.Add(minted.Secret);
        await context.Response.JsonAsync(
            200,
            new JsonObject
            {
                ["access_token"] = minted.Secret,
                ["scopes"] = string.Join(' ', minted.Scopes),
                ["token_type"] = "bearer",
                ["expires_in"] = OAuthLifetime,
                ["state"] = "client_credentials",
                ["refresh_token"] = "not-needed",
            }
        );
    }
}
