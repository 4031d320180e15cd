using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Tests.Mirroring;

/// <summary>A workspace in memory that renames, refuses to, or ends the run in the middle of it.</summary>
internal sealed class RenamedWorkspace : IRepositoryDestination, IRunObserver
{
    private readonly List<Repository> _repositories = [];

    /// <summary>After so many renamings the run is killed; null for never.</summary>
    public int? KilledAfter { get; set; }

    /// <summary>Whether a repository may not be renamed.</summary>
    public Predicate<Repository> Refuses { get; set; } = _ => false;

    /// <summary>No repository becomes private.</summary>
    public bool RefusesPrivate { get; set; }

    /// <summary>All renamings that took place: <c>old>new</c>.</summary>
    public List<string> Renamed { get; } = [];

    /// <summary>What was said.</summary>
    public List<RunMessage> Said { get; } = [];

    /// <summary>What is there, by slug.</summary>
    public IReadOnlyDictionary<string, Repository> BySlug =>
        _repositories.ToDictionary(repository => repository.Name, StringComparer.OrdinalIgnoreCase);

    public HostDefinition Host => MirrorAction.Hosts.Bitbucket.BitbucketHost.Definition;

    public long Requests => 0;

    public int? RequestsPerHour => null;

    public string Workspace => "acme-mirror";

    public ICredentialProvider GitCredentials => throw new NotSupportedException();

    /// <summary>Adds a repository; the id is told apart from all others.</summary>
    public Repository Add(string slug, string description, bool isPrivate = true)
    {
        var added = Describe(slug) with
        {
            Id = $"uuid-{_repositories.Count}",
            Description = description,
            Visibility = Repository.VisibilityOf(isPrivate),
        };
        _repositories.Add(added);
        return added;
    }

    public Task<HostListing<Repository>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new HostListing<Repository>([.. _repositories], []));

    public Task<Repository> RenameAsync(Repository repository, string slug, string description, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var at = _repositories.FindIndex(known => known.Id == repository.Id);
        _repositories[at].Name.ShouldBe(repository.Name);
        BySlug.ShouldNotContainKey(slug);
        if (Refuses(repository))
            throw new HostException("Access denied.", new HostFailure(HostFailureKind.Forbidden, "Give it the right."));
        Renamed.Add($"{repository.Name}>{slug}");
        _repositories[at] = Describe(slug) with { Id = repository.Id, Description = description, Visibility = _repositories[at].Visibility };
        if (Renamed.Count == KilledAfter)
        {
            // What the host did is done, and the run does not learn of it.
            throw new OperationCanceledException();
        }

        return Task.FromResult(_repositories[at]);
    }

    public Task<Visibility> SetVisibilityAsync(string slug, bool isPrivate, CancellationToken cancellationToken)
    {
        var at = _repositories.FindIndex(known => known.Name == slug);
        if (!RefusesPrivate)
            _repositories[at] = _repositories[at] with { Visibility = Repository.VisibilityOf(isPrivate) };
        return Task.FromResult(RefusesPrivate ? Visibility.Public : _repositories[at].Visibility);
    }

    public Repository Describe(string slug) => Samples.Mirror(slug);

    public string SlugFor(string name) => name.ToLowerInvariant();

    public Task<Repository> CreateAsync(NewRepository repository, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SetMainBranchAsync(string slug, string branch, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SetDescriptionAsync(string slug, string description, CancellationToken cancellationToken) => throw new NotSupportedException();

    public HostFailure? Explain(int? status, string text) => null;

    public Task<HostDiagnostics> ExamineAsync(IReadOnlyCollection<string> projects, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<Diagnostic>> ExamineMirrorsAsync(IReadOnlyList<Repository> mirrors, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public void Selected(int selected, int leftOut, Shard? shard) { }

    public void Started(string source) { }

    public void Transferred(string source, long packBytes) { }

    public void Finished(int done, int total, RepositoryReport report, IReadOnlyList<RunMessage> log) { }

    public void Log(RunMessage message) => Said.Add(message);

    public void AddSecret(string secret) { }
}
