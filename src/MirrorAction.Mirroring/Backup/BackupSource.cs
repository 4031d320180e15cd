using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Backup;

/// <summary>
/// The folder of a backup in the role of a source: it lists the repositories of its manifests, and their objects come out of bundles. No host is
/// asked. Where bundles or a manifest are damaged the repository is listed all the same, and fails when it is opened.
/// </summary>
/// <param name="folder">The folder, absolute.</param>
public sealed class BackupSource(string folder) : IRepositorySource
{
    /// <summary>What a report calls it.</summary>
    public const string Kind = "folder";

    /// <summary>Longer than any host takes; whoever can write to the folder could have put anything there.</summary>
    private const int MaxDescription = 4096;

    private static readonly HostDefinition s_host = new()
    {
        Kind = Kind,
        Name = "The backup",
        OwnerWord = "folder",
        DefaultUrl = null,
        ApiUrlOf = static url => url,
        OwnerProblem = static _ => null,
        SlugFor = static name => name,
        NothingListedHint = "Is 'backup-dir' the folder that the backups were written to?",
        Open = static (_, _) => throw new NotSupportedException("A folder is no host."),
    };

    private readonly Dictionary<Repository, string> _paths = new(ReferenceEqualityComparer.Instance);

    /// <inheritdoc/>
    public HostDefinition Host => s_host;

    /// <inheritdoc/>
    public long Requests => 0;

    /// <inheritdoc/>
    /// <exception cref="MirrorException">There is no backup in the folder, or the disk refused.</exception>
    public Task<HostListing<Repository>> ListAsync(string owner, CancellationToken cancellationToken)
    {
        List<(Repository Repository, BackupManifest? Manifest)> found = [];
        foreach (var path in BackupFolders.Find(folder, "restored"))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var manifest = ReadManifest(path);
            var repository = Listed(path, manifest);
            _paths.Add(repository, path);
            found.Add((repository, manifest));
        }

        // The manifest of a wiki has the id of the repository that it belongs to.
        var parents = found
            .Where(entry => !WikiAddress.Is(entry.Repository.Name))
            .ToLookup(entry => SourceOf(entry.Manifest), entry => entry.Repository);
        Repository Related(Repository repository, BackupManifest? manifest)
        {
            if (manifest is null || !WikiAddress.Is(repository.Name) || parents[SourceOf(manifest)].FirstOrDefault() is not { } parent)
            {
                return repository;
            }

            var wiki = repository with { Parent = parent };
            _paths.Add(wiki, _paths[repository]);
            return wiki;
        }

        return Task.FromResult(new HostListing<Repository>([.. found.Select(entry => Related(entry.Repository, entry.Manifest))], []));
    }

    private static (string Host, string Id)? SourceOf(BackupManifest? manifest) => manifest is null ? null : (manifest.ServerName, manifest.Id);

    /// <summary>Reads the chain of a listed repository and holds its folder; to be disposed.</summary>
    /// <exception cref="MirrorException">It is not whole, or can't be read.</exception>
    internal Task<OpenChain> OpenAsync(Repository repository, Action<long>? progress, CancellationToken cancellationToken) =>
        OpenChain.ReadAsync(folder, _paths[repository], progress, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(Repository repository, CancellationToken cancellationToken) =>
        Task.FromResult(Directory.Exists(_paths[repository]));

    /// <inheritdoc/>
    /// <remarks>A name in the folder is what the repository was called when it was backed up; nothing is renamed in it.</remarks>
    public Task<string?> FindFullNameAsync(string id, string fullName, CancellationToken cancellationToken) =>
        Task.FromResult(_paths.Keys.FirstOrDefault(repository => repository.Id == id)?.FullName);

    /// <inheritdoc/>
    public ICredentialProvider GitCredentialsFor(Repository repository) => StaticCredential.None;

    /// <inheritdoc/>
    public Task<HostDiagnostics> ExamineAsync(IReadOnlyList<string> owners, CancellationToken cancellationToken) =>
        Task.FromResult(new HostDiagnostics([], IsUsable: true));

    /// <inheritdoc/>
    public Task<IReadOnlyList<Diagnostic>> ExamineContentsAsync(IReadOnlyList<Repository> repositories, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Diagnostic>>([]);

    /// <inheritdoc/>
    public HostFailure? Explain(int? status, string text) => null;

    private Repository Listed(string path, BackupManifest? manifest)
    {
        var place = BackupFolders.NameOf(folder, path);
        var name = manifest?.Repository ?? (place.Contains('/', StringComparison.Ordinal) ? place : $"{Path.GetFileName(folder)}/{place}");
        var owner = manifest?.Owner ?? name[..name.IndexOf('/', StringComparison.Ordinal)];
        var host = manifest?.ServerName ?? "localhost";
        var web = new Uri($"https://{host}/{name}");
        return new Repository
        {
            // Several hosts may have backups in one folder, and count alike.
            Id = place,
            Owner = owner,
            Name = name[(owner.Length + 1)..],
            Description = TextSanitizer.Clean(manifest?.Description, MaxDescription),
            Visibility = Repository.VisibilityOf(manifest?.Private),
            DefaultBranch = manifest?.DefaultBranch,
            SizeBytes = manifest is { Chains: [.., var chain] } ? chain.Files.Sum(entry => entry.Bytes) : null,
            HostName = host,

            // Where it was when it was backed up, for people: nobody is asked there.
            WebUrl = web,
            GitUrl = new Uri($"{web}.git"),
        };
    }

    /// <summary>The manifest; null where none can be used, or it says of itself what no host would.</summary>
    private static BackupManifest? ReadManifest(string path)
    {
        try
        {
            return RepositoryFolder.ReadManifest(path) is { } manifest && IsPossible(manifest) ? manifest : null;
        }
        catch (Exception e) when (e is FormatException or NotSupportedException || DiskFailure.Is(e))
        {
            return null;
        }
    }

    private static bool IsPossible(BackupManifest manifest) =>
        RepositoryFolder.IsRelativePath(manifest.Repository)
        && (manifest.Owner is not { } owner || manifest.Repository.StartsWith($"{owner}/", StringComparison.Ordinal))
        && (manifest.HostName is not { } host || Uri.TryCreate($"https://{host}", UriKind.Absolute, out var url) && url.Authority == host);
}
