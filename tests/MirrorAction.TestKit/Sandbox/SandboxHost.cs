namespace MirrorAction.TestKit;

/// <summary>A repository as the host shows it to whoever compares.</summary>
/// <param name="Name">Its name in URLs.</param>
/// <param name="Git">What git has.</param>
/// <param name="Description">What its page says.</param>
/// <param name="IsPrivate">Not readable by everyone.</param>
public sealed record SandboxCopy(string Name, GitRepository Git, string Description, bool IsPrivate);

/// <summary>A stand-in of any kind with one owner, in either role, for tests that hold for every pair of hosts.</summary>
/// <param name="kind">The kind, as settings spell it.</param>
/// <param name="owner">Whose repositories there are.</param>
public abstract class SandboxHost(string kind, string owner) : IAsyncDisposable
{
    /// <summary>The kind, as settings spell it.</summary>
    public string Kind => kind;

    /// <summary>Whose repositories there are.</summary>
    public string Owner => owner;

    /// <summary>The base of web pages and of git.</summary>
    public abstract Uri Url { get; }

    /// <summary>Below which all repositories lie.</summary>
    protected abstract string Folder { get; }

    /// <summary>Its LFS server.</summary>
    public SandboxLfs Lfs => SandboxLfs.Of(Folder);

    /// <summary>The names of the LFS objects of a repository.</summary>
    public IReadOnlyList<string> LfsObjectsOf(string name) => Lfs.ObjectsOf(LfsPathOf(name));

    /// <summary>What the LFS server calls a repository.</summary>
    public string LfsPathOf(string name) => Path.GetRelativePath(Folder, this[name].Git.Path).Replace('\\', '/');

    /// <summary>A token that may do everything.</summary>
    public abstract string Token { get; }

    /// <summary>All repositories of the owner.</summary>
    public abstract IReadOnlyList<SandboxCopy> Repositories { get; }

    /// <summary>All requests since the last <see cref="ClearRequests"/>.</summary>
    public abstract IReadOnlyList<RecordedRequest> Requests { get; }

    /// <summary>Goes round every answer; null for none.</summary>
    public abstract Interception? Intercept { get; set; }

    /// <summary>Adds an empty private repository.</summary>
    public abstract GitRepository Add(string name);

    /// <summary>Gives a repository another name.</summary>
    public abstract void Rename(string name, string to);

    /// <summary>Forgets the requests so far.</summary>
    public abstract void ClearRequests();

    /// <summary>The repository of this name; its absence fails the test.</summary>
    public SandboxCopy this[string name] => Repositories.Single(repository => repository.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The inputs that point one role at this host, by name.</summary>
    /// <param name="role"><c>source</c> or <c>destination</c>.</param>
    public IEnumerable<KeyValuePair<string, string>> InputsAs(string role) =>
        [new(role, Kind), new($"{role}-url", Url.AbsoluteUri.TrimEnd('/')), new($"{role}-owner", Owner), new($"{role}-token", Token)];

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>Starts a stand-in of a kind.</summary>
    public static async Task<SandboxHost> StartAsync(string kind, string owner) =>
        kind switch
        {
            "github" => new GitHubHost(await SandboxGitHub.StartAsync(), owner),
            "bitbucket" => new BitbucketHost(await SandboxBitbucket.StartAsync(), owner),
            "bitbucket-data-center" => new DataCenterHost(await SandboxDataCenter.StartAsync(), owner),
            "gitea" => new GiteaHost(await SandboxGitea.StartAsync(), owner),
            "gitlab" => new SandboxGitLabHost(await SandboxGitLab.StartAsync(), owner),
            _ => throw new ArgumentException($"There is no stand-in for {kind}.", nameof(kind)),
        };

    private sealed class GitHubHost : SandboxHost
    {
        private readonly SandboxGitHub _host;

        public GitHubHost(SandboxGitHub host, string owner)
            : base("github", owner)
        {
            _host = host;
            host.AddAccount(owner);
            host.AcceptsWrites = true;
        }

        public override Uri Url => _host.ServerUrl;

        protected override string Folder => _host.Folder;

        public override string Token => _host.WriteToken;

        public override IReadOnlyList<SandboxCopy> Repositories =>
            [.. _host.Repositories.Where(r => r.Owner == Owner).Select(r => new SandboxCopy(r.Name, r.Git, r.Description ?? "", r.Private))];

        public override IReadOnlyList<RecordedRequest> Requests => _host.Requests;

        public override Interception? Intercept
        {
            get => _host.Intercept;
            set => _host.Intercept = value;
        }

        public override GitRepository Add(string name)
        {
            var repository = _host.AddRepository(Owner, name);
            repository.Private = true;
            return repository.Git;
        }

        public override void Rename(string name, string to) => _host.Rename(_host.Find(Owner, name)!, to);

        public override void ClearRequests() => _host.ClearRequests();

        public override ValueTask DisposeAsync() => _host.DisposeAsync();
    }

    private sealed class BitbucketHost : SandboxHost
    {
        private readonly SandboxBitbucket _host;

        public BitbucketHost(SandboxBitbucket host, string owner)
            : base("bitbucket", owner)
        {
            _host = host;
            host.Workspaces.Add(owner);
        }

        public override Uri Url => _host.GitUrl;

        protected override string Folder => _host.Folder;

        public override string Token => _host.Token;

        public override IReadOnlyList<SandboxCopy> Repositories =>
            [.. _host.Repositories.Where(r => r.Workspace == Owner).Select(r => new SandboxCopy(r.Slug, r.Git, r.Description, r.IsPrivate))];

        public override IReadOnlyList<RecordedRequest> Requests => _host.Requests;

        public override Interception? Intercept
        {
            get => _host.Intercept;
            set => _host.Intercept = value;
        }

        public override GitRepository Add(string name) => _host.AddRepository(Owner, name).Git;

        public override void Rename(string name, string to) => _host.Rename(_host.Find(Owner, name)!, to);

        public override void ClearRequests() => _host.ClearRequests();

        public override ValueTask DisposeAsync() => _host.DisposeAsync();
    }

    private sealed class GiteaHost : SandboxHost
    {
        private readonly SandboxGitea _host;

        public GiteaHost(SandboxGitea host, string owner)
            : base("gitea", owner)
        {
            _host = host;
            host.AddOrganization(owner);
        }

        public override Uri Url => _host.WebUrl;

        protected override string Folder => _host.Folder;

        public override string Token => _host.Token;

        public override IReadOnlyList<SandboxCopy> Repositories =>
            [.. _host.Repositories.Where(r => r.Owner == Owner).Select(r => new SandboxCopy(r.Name, r.Git, r.Description, r.Private))];

        public override IReadOnlyList<RecordedRequest> Requests => _host.Requests;

        public override Interception? Intercept
        {
            get => _host.Intercept;
            set => _host.Intercept = value;
        }

        public override GitRepository Add(string name)
        {
            var repository = _host.AddRepository(Owner, name);
            repository.Private = true;
            return repository.Git;
        }

        public override void Rename(string name, string to) => _host.Rename(_host.Find(Owner, name)!, to);

        public override void ClearRequests() => _host.ClearRequests();

        public override ValueTask DisposeAsync() => _host.DisposeAsync();
    }

    /// <summary>Behind a path of its own; keys of projects are capital letters.</summary>
    private sealed class DataCenterHost : SandboxHost
    {
        private readonly SandboxDataCenter _host;

        public DataCenterHost(SandboxDataCenter host, string owner)
            : base("bitbucket-data-center", owner.ToUpperInvariant().Replace('-', '_'))
        {
            _host = host;
            host.AddProject(Owner);
        }

        public override Uri Url => _host.WebUrl;

        protected override string Folder => _host.Folder;

        public override string Token => _host.Token;

        public override IReadOnlyList<SandboxCopy> Repositories =>
            [.. _host.Repositories.Where(r => r.Project.Key == Owner).Select(r => new SandboxCopy(r.Slug, r.Git, r.Description, !r.IsPublic))];

        public override IReadOnlyList<RecordedRequest> Requests => _host.Requests;

        public override Interception? Intercept
        {
            get => _host.Intercept;
            set => _host.Intercept = value;
        }

        public override GitRepository Add(string name)
        {
            var git = _host.AddRepository(Owner, name).Git;
            git.Head = "main";
            return git;
        }

        public override void Rename(string name, string to) => _host.Rename(_host.Find(Owner, name)!, to);

        public override void ClearRequests() => _host.ClearRequests();

        public override ValueTask DisposeAsync() => _host.DisposeAsync();
    }
}
