using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Mirroring.Backup;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Mirroring.Restore;

/// <summary>
/// The mirrors of a workspace under the names that their originals had: filters, rules and shards go by those. The name is in the mirror's
/// description; where that was changed, the report of an earlier mirror run knows it; else the slug is all there is. One instance per run.
/// </summary>
/// <param name="mirrors">The workspace, or the folder of a backup of it or of the originals themselves.</param>
/// <param name="previous">The report of a run that mirrored into the workspace, or that restored from it; null for none.</param>
/// <param name="owner">The organisation, user or group that the originals come back to.</param>
internal sealed class OriginalNameSource(IRepositorySource mirrors, RunReport? previous, string owner) : IRepositorySource
{
    private readonly Dictionary<Repository, Origin> _origins = new(ReferenceEqualityComparer.Instance);

    private readonly Known[] _known = [.. KnownFrom(previous, mirrors.Host.Kind)];

    /// <summary>Owners of originals, which can be groups in groups: what follows one is the name.</summary>
    private readonly string[] _owners = [owner, .. OwnersIn(previous).OrderByDescending(known => known.Length)];

    private Dictionary<string, Known> KnownByMirror => field ??= ByName(known => known.Mirror);

    private Dictionary<string, Known> KnownByOriginal => field ??= ByName(known => known.Original);

    /// <inheritdoc/>
    public HostDefinition Host => mirrors.Host;

    /// <inheritdoc/>
    public long Requests => mirrors.Requests;

    /// <summary>An earlier run tells something of mirrors of this host; without it no description is known.</summary>
    internal bool HasReport => _known.Length > 0;

    /// <summary>The folder of bundles that stands in the place of the workspace; null where that is a workspace.</summary>
    internal BackupSource? Backup => mirrors as BackupSource;

    /// <summary>What a listed repository is in the workspace.</summary>
    internal Repository MirrorOf(Repository original) =>
        _origins.TryGetValue(original, out var origin) ? origin.Mirror : MirrorOf(original.Parent!).ToWiki();

    /// <summary>It is a backup of the original, which knows its description.</summary>
    internal bool IsOriginal(Repository original) => ReferenceEquals(MirrorOf(original), original);

    /// <summary>Nothing tells the original's name; the slug stands in for it.</summary>
    internal bool IsGuessed(Repository original) => _origins.TryGetValue(original, out var origin) && origin.IsGuessed;

    /// <inheritdoc/>
    public async Task<HostListing<Repository>> ListAsync(string owner, CancellationToken cancellationToken)
    {
        var listing = await mirrors.ListAsync(owner, cancellationToken);

        // A wiki is of the repository whose mirror has the same id in its mark; without a mark, of the one whose name it has.
        var originals = new Dictionary<Repository, Repository>(ReferenceEqualityComparer.Instance);
        foreach (var mirror in listing.Repositories.Where(mirror => !WikiAddress.Is(NameOf(mirror).Name.Name)))
        {
            originals[mirror] = OriginalOf(mirror, parent: null);
        }

        // A backup knows of its wikis whose they are.
        var byMark = originals.ToLookup(pair => MarkOf(pair.Key), pair => pair.Value);
        var byName = originals.Values.ToLookup(original => original.FullName, StringComparer.OrdinalIgnoreCase);
        Repository WikiOrOriginalOf(Repository mirror)
        {
            if (mirror.Parent is { } known && originals.TryGetValue(known, out var whole))
            {
                return OriginalOf(mirror, whole);
            }

            var (name, _) = NameOf(mirror);
            var fullName = $"{name.Owner}/{name.Name}";
            var parent = MarkOf(mirror) is { } mark ? byMark[mark].FirstOrDefault() : byName[fullName[..^WikiAddress.Suffix.Length]].FirstOrDefault();
            return OriginalOf(mirror, parent);
        }

        return new([.. listing.Repositories.Select(mirror => originals.GetValueOrDefault(mirror) ?? WikiOrOriginalOf(mirror))], listing.Unusable);
    }

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(Repository repository, CancellationToken cancellationToken) =>
        mirrors.ExistsAsync(MirrorOf(repository), cancellationToken);

    /// <inheritdoc/>
    public Task<string?> FindFullNameAsync(string id, string fullName, CancellationToken cancellationToken) =>
        mirrors.FindFullNameAsync(id, fullName, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> HasPagesAsync(Repository wiki, CancellationToken cancellationToken) =>
        MirrorOf(wiki) is { IsWiki: true } mirror ? mirrors.HasPagesAsync(mirror, cancellationToken) : Task.FromResult(true);

    /// <inheritdoc/>
    public ICredentialProvider GitCredentialsFor(Repository repository) => mirrors.GitCredentialsFor(MirrorOf(repository));

    /// <inheritdoc/>
    public Task<HostDiagnostics> ExamineAsync(IReadOnlyList<string> owners, CancellationToken cancellationToken) =>
        mirrors.ExamineAsync(owners, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Diagnostic>> ExamineContentsAsync(IReadOnlyList<Repository> repositories, CancellationToken cancellationToken) =>
        mirrors.ExamineContentsAsync([.. repositories.Select(MirrorOf)], cancellationToken);

    /// <inheritdoc/>
    public HostFailure? Explain(int? status, string text) => mirrors.Explain(status, text);

    private static (string Host, string Id)? MarkOf(Repository mirror) =>
        MirrorDescription.Read(mirror.Description) is { } mark ? (mark.Host, mark.Id) : null;

    /// <param name="mirror">What is listed.</param>
    /// <param name="parent">Where it is the mirror of a wiki: the repository of that.</param>
    private Repository OriginalOf(Repository mirror, Repository? parent)
    {
        if (Backup is not null && MirrorDescription.Read(mirror.Description) is null && ReferenceEquals(mirror.Parent, parent))
        {
            // The original itself was backed up, under its own name.
            _origins.Add(mirror, new Origin(mirror, IsGuessed: false));
            return mirror;
        }

        var (name, isGuessed) = NameOf(mirror);
        var original = mirror with { Owner = name.Owner, Name = name.Name, Parent = parent };
        if (mirror.IsWiki && parent is not null)
        {
            original = original with { Owner = parent.Owner, Name = parent.Name + WikiAddress.Suffix };
            isGuessed = IsGuessed(parent);
        }

        original = original with
        {
            Description =
                (KnownByMirror.GetValueOrDefault(mirror.FullName) ?? KnownByOriginal.GetValueOrDefault(original.FullName))?.Description ?? "",
        };
        _origins.Add(original, new Origin(mirror, isGuessed));
        return original;
    }

    private ((string Owner, string Name) Name, bool IsGuessed) NameOf(Repository mirror)
    {
        if (MirrorDescription.Read(mirror.Description) is { } mark)
        {
            return (Split(mark.FullName), false);
        }

        return
            KnownByMirror.GetValueOrDefault(mirror.FullName)?.Original is { } original
            && original.Split('/') is [_, _, ..] parts
            && parts.All(part => part.Length > 0)
            ? (Split(original), false)
            : ((mirror.Owner, mirror.Name), true);
    }

    private (string Owner, string Name) Split(string fullName)
    {
        var length =
            _owners.FirstOrDefault(known => MirrorDescription.IsBelow(fullName, known))?.Length ?? fullName.IndexOf('/', StringComparison.Ordinal);
        return (fullName[..length], fullName[(length + 1)..]);
    }

    private static IEnumerable<string> OwnersIn(RunReport? report) =>
        report is null ? []
        : report.IsFromMirrors() ? [report.Destination.Workspace]
        : report.Source.Owners;

    private static IEnumerable<Known> KnownFrom(RunReport? report, string host) =>
        report is null ? []
        : !report.IsFromMirrors()
            ? report.Destination.Host == host ? report.Repositories.Select(entry => new Known(entry.Destination, entry.Source, entry.Description))
                : []
        : report.Source.Host == host ? report.Repositories.Select(entry => new Known(entry.Source, entry.Destination, entry.Description))
        : [];

    private Dictionary<string, Known> ByName(Func<Known, string> nameOf) =>
        _known
            .GroupBy(nameOf, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.OrdinalIgnoreCase);

    /// <param name="Mirror"><c>workspace/slug</c>.</param>
    /// <param name="Original"><c>owner/name</c>.</param>
    /// <param name="Description">The original's.</param>
    private sealed record Known(string Mirror, string Original, string Description);

    private sealed record Origin(Repository Mirror, bool IsGuessed);
}
