using Microsoft.AspNetCore.Http;

namespace MirrorAction.TestKit;

/// <summary>A host that behaves like GitLab: REST below <see cref="ApiUrl"/>, git at <c>/GROUP/SUBGROUP/PROJECT.git</c>.</summary>
public sealed class SandboxGitLab : IAsyncDisposable
{
    private readonly TempFolder? _ownFolder;
    private readonly Lock _lock = new();
    private readonly List<SandboxGitLabNamespace> _namespaces = [];
    private readonly List<SandboxGitLabProject> _projects = [];
    private readonly List<SandboxGitLabToken> _tokens = [];
    private readonly Dictionary<string, long> _moved = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _pushedToCreate = [];
    private LoopbackServer _server = null!;
    private long _lastId = 100;

    private SandboxGitLab(string? folder)
    {
        _ownFolder = folder is null ? new TempFolder("mirror-gitlab-") : null;
        Folder = folder ?? _ownFolder!.Path;
        SandboxLfs.Of(Folder).Links = LfsLinks.WithHeaders;
        Token = Add(new SandboxGitLabToken("glpat-sandbox", ["api"])).Secret;
    }

    /// <summary>Where the bare repositories lie.</summary>
    public string Folder { get; }

    /// <summary>A token that may do everything.</summary>
    public string Token { get; }

    /// <summary>The base of web pages and of git; ends with a slash. To be set when a proxy stands before the host.</summary>
    public Uri Url { get; set; } = new("http://127.0.0.1/");

    /// <summary>The base of REST; ends with a slash.</summary>
    public Uri ApiUrl => new(Url, "api/v4/");

    /// <summary>Every request in the order of arrival.</summary>
    public IReadOnlyList<RecordedRequest> Requests => _server.Requests;

    /// <summary>The requests of REST.</summary>
    public IEnumerable<RecordedRequest> RestRequests => Requests.Where(request => !request.IsGit);

    /// <summary>The requests of git.</summary>
    public IEnumerable<RecordedRequest> GitRequests => Requests.Where(request => request.IsGit);

    /// <summary>Answers to give in place of the host's own.</summary>
    public Faults Faults { get; } = new();

    /// <summary>The longest page; lower it to see paging with few projects.</summary>
    public int LongestPage { get; set; } = 100;

    /// <summary>How many more projects may be created today; null for no limit.</summary>
    public int? CreationsLeft { get; set; }

    /// <summary>Whether a fetch may leave out objects (<c>filter</c>).</summary>
    public bool AllowsFilter { get; set; } = true;

    /// <summary>Every push is refused with this text on the <c>remote:</c> channel; null for none.</summary>
    public string? PushRefusal { get; set; }

    /// <summary>The paths that a push created, because nothing was there: a mirror never does that.</summary>
    public IReadOnlyList<string> PushedToCreate
    {
        get
        {
            lock (_lock)
                return [.. _pushedToCreate];
        }
    }

    /// <summary>Goes round every answer; null for none.</summary>
    public Interception? Intercept
    {
        get => _server.Intercept;
        set => _server.Intercept = value;
    }

    /// <summary>All projects in the order of their numbers, those that wait for their deletion too.</summary>
    public IReadOnlyList<SandboxGitLabProject> Projects
    {
        get
        {
            lock (_lock)
                return [.. _projects];
        }
    }

    /// <summary>Starts the host; without a folder its repositories go away with it.</summary>
    public static async Task<SandboxGitLab> StartAsync(string? folder = null)
    {
        var host = new SandboxGitLab(folder);
        host._server = await LoopbackServer.StartAsync(host.ServeAsync);
        host.Url = host._server.Url;
        return host;
    }

    /// <summary>Makes a token known, in place of one with the same secret.</summary>
    public SandboxGitLabToken Add(SandboxGitLabToken token)
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

    /// <summary>Adds a group by its full path, and those above it that are missing.</summary>
    public SandboxGitLabNamespace AddGroup(string path)
    {
        if (path.LastIndexOf('/') is > 0 and var slash && FindNamespace(path[..slash]) is null)
            AddGroup(path[..slash]);
        return AddNamespace(path, isUser: false);
    }

    /// <summary>Adds a user.</summary>
    public SandboxGitLabNamespace AddUser(string name) => AddNamespace(name, isUser: true);

    /// <summary>Adds an empty project to a group or user that exists.</summary>
    public SandboxGitLabProject AddProject(string place, string path)
    {
        lock (_lock)
        {
            var owner = FindNamespace(place) ?? throw new ArgumentException($"There is no {place}.", nameof(place));
            var project = new SandboxGitLabProject(++_lastId, owner, path, GitRepository.Init(FolderOf($"{owner.Path}/{path}")));
            _projects.Add(project);
            return project;
        }
    }

    /// <summary>Gives a project another path; REST and git are led from the former one to it until that is used again.</summary>
    public void Rename(SandboxGitLabProject project, string path)
    {
        lock (_lock)
        {
            _moved[project.FullPath] = project.Id;
            Directory.Move(project.Git.Path, FolderOf($"{project.Namespace.Path}/{path}"));
            project.Path = path;
            project.Git = GitRepository.Open(FolderOf(project.FullPath));
        }
    }

    /// <summary>The group or user of a full path; null when there is none.</summary>
    public SandboxGitLabNamespace? FindNamespace(string path)
    {
        lock (_lock)
            return _namespaces.Find(known => known.Path.Equals(path, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The project of a full path or number; null when there is none, or when it waits for its deletion.</summary>
    public SandboxGitLabProject? Find(string pathOrId)
    {
        lock (_lock)
            return _projects.Find(project =>
                !project.IsDeleted
                && (
                    project.FullPath.Equals(pathOrId, StringComparison.OrdinalIgnoreCase)
                    || project.Id.ToString(System.Globalization.CultureInfo.InvariantCulture) == pathOrId
                )
            );
    }

    /// <summary>Forgets the requests recorded so far.</summary>
    public void ClearRequests() => _server.ClearRequests();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _ownFolder?.Dispose();
    }

    internal SandboxGitLabToken? FindToken(string secret)
    {
        lock (_lock)
            return _tokens.Find(known => known.Secret == secret);
    }

    internal SandboxGitLabNamespace? FindNamespace(long id)
    {
        lock (_lock)
            return _namespaces.Find(known => known.Id == id);
    }

    internal long? MovedTo(string path)
    {
        lock (_lock)
            return _moved.TryGetValue(path, out var id) ? id : null;
    }

    /// <summary>Takes one from <see cref="CreationsLeft"/>; false when there is none left.</summary>
    internal bool TakeCreation()
    {
        lock (_lock)
        {
            if (CreationsLeft is not { } left)
                return true;
            CreationsLeft = Math.Max(0, left - 1);
            return left > 0;
        }
    }

    internal SandboxGitLabProject? PushToCreate(string fullPath)
    {
        var slash = fullPath.LastIndexOf('/');
        if (slash < 0 || FindNamespace(fullPath[..slash]) is not { } place)
            return null;
        lock (_lock)
            _pushedToCreate.Add(fullPath);
        return AddProject(place.Path, fullPath[(slash + 1)..]);
    }

    private SandboxGitLabNamespace AddNamespace(string path, bool isUser)
    {
        lock (_lock)
        {
            var added = new SandboxGitLabNamespace(++_lastId, path, isUser);
            _namespaces.Add(added);
            return added;
        }
    }

    private string FolderOf(string fullPath) => Path.Combine(Folder, fullPath + ".git");

    private async Task ServeAsync(HttpContext context)
    {
        if (await Faults.TryAnswerAsync(context))
            return;
        if (context.Request.Path.StartsWithSegments("/api/v4", StringComparison.Ordinal))
            await new SandboxGitLabRest(this, context).ServeAsync();
        else if (!await new SandboxGitLabGit(this, context).TryServeAsync())
            await context.Response.TextAsync(404, "Not Found");
    }
}
