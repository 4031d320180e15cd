using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace MirrorAction.TestKit;

/// <summary>
/// A host that behaves like Bitbucket Data Center below a context path: REST below <see cref="ApiUrl"/>, git at <c>/scm/KEY/SLUG.git</c>.
/// </summary>
public sealed partial class SandboxDataCenter : IAsyncDisposable
{
    private readonly TempFolder? _ownFolder;
    private readonly Lock _lock = new();
    private readonly List<SandboxDataCenterProject> _projects = [];
    private readonly List<SandboxDataCenterRepository> _repositories = [];
    private readonly Dictionary<string, SandboxDataCenterRepository> _former = new(StringComparer.Ordinal);
    private readonly List<DataCenterToken> _tokens = [];
    private readonly string _contextPath;
    private LoopbackServer _server = null!;
    private long _lastId;

    private SandboxDataCenter(string? folder, string contextPath)
    {
        _contextPath = contextPath;
        _ownFolder = folder is null ? new TempFolder("mirror-data-center-") : null;
        Folder = folder ?? _ownFolder!.Path;
        SandboxLfs.Of(Folder).Links = LfsLinks.Bare;
        Token = Add(new DataCenterToken("sandbox-http-access-token", "mirror-bot", DataCenterPermission.ProjectAdmin)).Secret;
    }

    /// <summary>Where the bare repositories lie.</summary>
    public string Folder { get; }

    /// <summary>A token of the user <c>mirror-bot</c> that may do everything.</summary>
    public string Token { get; }

    /// <summary>
    /// The base of web and git addresses, with the context path and without a slash at its end. To be set when a proxy stands before it.
    /// </summary>
    public Uri WebUrl { get; set; } = new("http://127.0.0.1/");

    /// <summary>The base of REST, without a slash at its end.</summary>
    public Uri ApiUrl => new(WebUrl.AbsoluteUri.TrimEnd('/') + "/rest/api/1.0");

    /// <summary>The version that it tells and behaves as: below 7.7 the default branch is elsewhere, below 8.0 nothing is archived.</summary>
    public Version Version { get; set; } = new(9, 4, 1);

    /// <summary>The longest page, whatever is asked for.</summary>
    public int LongestPage { get; set; } = 1000;

    /// <summary>Users who are asked for a CAPTCHA, after failed log-ins.</summary>
    public ICollection<string> WithCaptcha { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Answers to give in place of the host's own.</summary>
    public Faults Faults { get; } = new();

    /// <summary>Every request in the order of arrival.</summary>
    public IReadOnlyList<RecordedRequest> Requests => _server.Requests;

    /// <summary>The requests of REST.</summary>
    public IEnumerable<RecordedRequest> RestRequests => Requests.Where(request => !request.IsGit);

    /// <summary>The requests of git.</summary>
    public IEnumerable<RecordedRequest> GitRequests => Requests.Where(request => request.IsGit);

    /// <summary>Goes round every answer; null for none.</summary>
    public Interception? Intercept
    {
        get => _server.Intercept;
        set => _server.Intercept = value;
    }

    /// <summary>All repositories, sorted by full name.</summary>
    public IReadOnlyList<SandboxDataCenterRepository> Repositories
    {
        get
        {
            lock (_lock)
                return [.. _repositories.OrderBy(repository => repository.FullName, StringComparer.Ordinal)];
        }
    }

    /// <summary>Starts the host; without a folder its repositories go away with it.</summary>
    public static async Task<SandboxDataCenter> StartAsync(string? folder = null, string contextPath = "/bitbucket")
    {
        var host = new SandboxDataCenter(folder, contextPath);
        host._server = await LoopbackServer.StartAsync(host.ServeAsync);
        host.WebUrl = new Uri(host._server.Url.AbsoluteUri.TrimEnd('/') + contextPath);
        return host;
    }

    /// <summary>Makes a token known, in place of one with the same secret.</summary>
    public DataCenterToken Add(DataCenterToken token)
    {
        lock (_lock)
        {
            _tokens.RemoveAll(known => known.Secret == token.Secret);
            _tokens.Add(token);
            return token;
        }
    }

    /// <summary>Forgets a token, as when it expires.</summary>
    public void Revoke(string secret)
    {
        lock (_lock)
            _tokens.RemoveAll(known => known.Secret == secret);
    }

    /// <summary>Adds a project, or with <c>~user</c> what a user has.</summary>
    public SandboxDataCenterProject AddProject(string key, bool isPublic = false)
    {
        lock (_lock)
        {
            var project = new SandboxDataCenterProject(key, key) { IsPublic = isPublic };
            _projects.Add(project);
            return project;
        }
    }

    /// <summary>Adds an empty repository; its project is added where it is missing.</summary>
    public SandboxDataCenterRepository AddRepository(string project, string slug)
    {
        var owner = FindProject(project) ?? AddProject(project);
        lock (_lock)
        {
            var repository = new SandboxDataCenterRepository(++_lastId, owner, slug, GitRepository.Init(PathOf(owner, slug)));
            repository.Git.Head = "master"; // Whatever is pushed first: nothing but a request changes it.
            _repositories.Add(repository);
            return repository;
        }
    }

    /// <summary>The project of this key, in whatever case; null when there is none.</summary>
    public SandboxDataCenterProject? FindProject(string key)
    {
        lock (_lock)
            return _projects.Find(project => project.Key.Equals(key, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The repository of this slug, in whatever case; null when there is none.</summary>
    public SandboxDataCenterRepository? Find(string project, string slug)
    {
        lock (_lock)
            return _repositories.Find(repository =>
                repository.Project.Key.Equals(project, StringComparison.OrdinalIgnoreCase)
                && repository.Slug.Equals(slug, StringComparison.OrdinalIgnoreCase)
            );
    }

    /// <summary>Gives a repository another name and slug; REST shows it under the former one until that is used again.</summary>
    public void Rename(SandboxDataCenterRepository repository, string name)
    {
        lock (_lock)
        {
            _former[repository.FullName.ToLowerInvariant()] = repository;
            var path = PathOf(repository.Project, SlugOf(name));
            Directory.Move(repository.Git.Path, path);
            (repository.Name, repository.Slug, repository.Git) = (name, SlugOf(name), GitRepository.Open(path));
        }
    }

    /// <summary>The repository that had this slug before; null when there is none.</summary>
    internal SandboxDataCenterRepository? FindFormer(string project, string slug)
    {
        lock (_lock)
            return _former.TryGetValue($"{project}/{slug}".ToLowerInvariant(), out var renamed) && _repositories.Contains(renamed) ? renamed : null;
    }

    /// <summary>Removes a repository.</summary>
    public void Remove(SandboxDataCenterRepository repository)
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

    /// <summary>The slug that is made of a name.</summary>
    internal static string SlugOf(string name) => Illegal().Replace(name.ToLowerInvariant(), "-");

    /// <summary>
    /// The token in a header: as a bearer, or, of a user, as the password of that user. A project's token goes as a bearer, or with
    /// <c>x-token-auth</c>.
    /// </summary>
    internal DataCenterToken? FindToken(string header)
    {
        lock (_lock)
        {
            if (BasicLogin.Parse(header) is { } login)
                return _tokens.Find(known => known.Secret == login.Password && (known.User ?? "x-token-auth") == login.User);
            return header.StartsWith("Bearer ", StringComparison.Ordinal) ? _tokens.Find(known => known.Secret == header["Bearer ".Length..]) : null;
        }
    }

    private string PathOf(SandboxDataCenterProject project, string slug) => Path.Combine(Folder, project.Key.ToLowerInvariant(), slug + ".git");

    private async Task ServeAsync(HttpContext context)
    {
        if (await Faults.TryAnswerAsync(context))
            return;
        var path = context.Request.Path.Value!;
        if (!path.StartsWith(_contextPath + "/", StringComparison.Ordinal))
            await context.Response.TextAsync(404, "<!doctype html><title>HTTP Status 404 – Not Found</title>", "text/html;charset=utf-8");
        else if (path[_contextPath.Length..] is var rest && rest.StartsWith("/rest/", StringComparison.Ordinal))
            await new SandboxDataCenterRest(this, context).ServeAsync(rest["/rest/".Length..].TrimEnd('/').Split('/'));
        else if (rest.StartsWith("/scm/", StringComparison.Ordinal) && GitPath.Parse(rest["/scm".Length..]) is { } git)
            await new SandboxDataCenterGit(this, context).ServeAsync(git);
        else
            await context.Response.TextAsync(404, "<!doctype html><title>Page not found</title>", "text/html;charset=utf-8");
    }

    [GeneratedRegex("[^a-z0-9_.-]")]
    private static partial Regex Illegal();
}
