using MirrorAction.Git.Transport;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Http;
using MirrorAction.IntegrationTests.Faults;
using MirrorAction.Mirroring.Backup;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Selection;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Backup;

/// <summary>One repository at the source, a proxy before it, and the engine of the backup with its folder.</summary>
internal sealed class BackupWorld : IAsyncDisposable
{
    private readonly TempFolder _folder = new("backup-");
    private readonly RecordingObserver _observer = new();
    private int _restored;

    private BackupWorld(SandboxGitHub gitHub)
    {
        GitHub = gitHub;
        Proxy = FaultProxy.Start(gitHub.ServerUrl);
        Options = new BackupOptions(_folder["backup"]);
        Repository = gitHub.AddRepository("acme", "website");
    }

    public SandboxGitHub GitHub { get; }

    public FaultProxy Proxy { get; }

    public SandboxGitHubRepository Repository { get; }

    public GitRepository Source => Repository.Git;

    public BackupOptions Options { get; set; }

    public MirrorOptions Mirror { get; set; } =
        new()
        {
            Owners = ["acme"],
            Refs = new RefOptions { MaxAttempts = 2 },
        };

    /// <summary>Everything that the run's user reads while it goes.</summary>
    public string Said => string.Join('\n', _observer.Said);

    public long Transferred => _observer.TransferredBytes;

    /// <summary>The repository's folder.</summary>
    public string Path => System.IO.Path.Combine(Options.Folder, "acme", "website");

    public string this[string file] => System.IO.Path.Combine(Path, file);

    /// <summary>The manifest, which fits its schema.</summary>
    public BackupManifest Manifest
    {
        get
        {
            SchemaCheck.ProblemsOf(File.ReadAllText(this[RepositoryFolder.ManifestName]), "manifest.schema.json").ShouldBeEmpty();
            return RepositoryFolder.ReadManifest(Path)!;
        }
    }

    /// <summary>The bundles of the manifest, in order.</summary>
    public IReadOnlyList<string> Listed => [.. Manifest.Files.Select(entry => entry.File)];

    /// <summary>All files of the repository's folder but the lock.</summary>
    public IReadOnlyList<string> Files =>
        [.. RepositoryFolder.FilesOf(Path).Where(file => file != RepositoryFolder.LockName).Order(StringComparer.Ordinal)];

    public static async Task<BackupWorld> StartAsync() => new(await SandboxGitHub.StartAsync());

    public async Task<RunReport> RunAsync()
    {
        _observer.Clear();
        GitHub.ClearRequests();
        using var rest = RestTransport.CreateClient();
        using var git = new GitHttp(new GitHttpOptions { IdleTimeout = TimeSpan.FromSeconds(30) });
        var source = new GitHubOptions
        {
            ApiUrl = new Uri(Proxy.Url, "api/v3/"),
            ServerUrl = Proxy.Url,
            Token = GitHub.FullToken,
        };
        var context = new BackupContext(
            new GitHubSource(rest, source, TimeProvider.System, _observer.Hear),
            git,
            Mirror,
            Options,
            _observer,
            TimeProvider.System,
            "1.0.0"
        );
        return await new BackupRun(context).RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Runs a backup, in which nothing may fail, and returns the repository's report.</summary>
    public async Task<RepositoryReport> BackUpAsync()
    {
        var report = await RunAsync();
        report.Error.ShouldBeNull();
        var repository = report.Repositories.Single(r => r.Source == "acme/website");
        repository.Error.ShouldBeNull();
        return repository;
    }

    public async Task<RunReport> CheckAsync()
    {
        _observer.Clear();
        return await new BackupCheckRun(Mirror, Options, _observer, TimeProvider.System, "1.0.0").RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Everything is whole, as a check sees it.</summary>
    public async Task ShouldBeWholeAsync()
    {
        var report = await CheckAsync();
        report.Error.ShouldBeNull();
        report.Repositories.ShouldAllBe(r => r.Error == null && r.Verified && r.Status == RepositoryStatus.Unchanged);
        report.Repositories.SelectMany(r => r.Warnings).ShouldBeEmpty();
    }

    /// <summary>The only repository is damaged; the message of the check.</summary>
    public async Task<string> ShouldBeDamagedAsync()
    {
        var report = await CheckAsync();
        var repository = report.Repositories.ShouldHaveSingleItem();
        repository.Status.ShouldBe(RepositoryStatus.Failed);
        repository.Verified.ShouldBeFalse();
        repository.Error!.Code.ShouldBe(ErrorCode.DamagedBackup);
        repository.Error.Hint.ShouldNotBeNullOrEmpty();
        report.Result.ShouldBe(RunResult.Failure);
        return repository.Error.Message;
    }

    /// <summary>Restores from these bundles with stock git: a clone of the first, a fetch of each other one.</summary>
    public GitRepository Restore(IEnumerable<string> bundles) =>
        Restore(_folder[$"restored-{++_restored}.git"], [.. bundles.Select(file => this[file])]);

    /// <summary>The same, from bundles anywhere to a path.</summary>
    public static GitRepository Restore(string path, IReadOnlyList<string> bundles)
    {
        RealGit.Run(System.IO.Path.GetDirectoryName(path)!, "clone", "--quiet", "--mirror", bundles[0], path);
        var restored = GitRepository.Open(path);
        foreach (var file in bundles.Skip(1))
        {
            restored.Git("bundle", "verify", "--quiet", file);
            restored.Git("fetch", "--quiet", "--prune", file, "+refs/*:refs/*");
        }

        return restored;
    }

    /// <summary>The listed chain brings back what the source has now.</summary>
    public void ShouldRestoreTheSource()
    {
        var restored = Restore(Manifest.Chains[^1].Files.Select(entry => entry.File));
        restored.ForEachRef().ShouldBe(Source.BranchesAndTags(), ignoreOrder: true);
        restored.Fsck();
    }

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await GitHub.DisposeAsync();
        _folder.Dispose();
    }
}
