using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Mirroring.Runs;

/// <summary>
/// One wiki that a destination has itself for a repository, seen as a destination: what a run creates, changes and pushes to. It has the repository's
/// visibility and mark, no description, and shows the branch that its host chooses.
/// </summary>
/// <param name="host">The destination; stays its maker's.</param>
/// <param name="wikis">Its wikis.</param>
/// <param name="parent">The repository.</param>
internal sealed class OwnWikiDestination(IRepositoryDestination host, IOwnWikis wikis, Repository parent) : IRepositoryDestination
{
    /// <summary>The wiki.</summary>
    internal Repository Wiki { get; } = MirrorDescription.WikiOf(parent);

    /// <summary>What a person has to do where git finds no wiki; null where nobody has to do anything.</summary>
    internal string? HintOnMissing => wikis.HintOnMissing(parent);

    /// <inheritdoc/>
    public HostDefinition Host => host.Host;

    /// <inheritdoc/>
    public long Requests => host.Requests;

    /// <inheritdoc/>
    public int? RequestsPerHour => host.RequestsPerHour;

    /// <inheritdoc/>
    public long? MaxPushBytes => host.MaxPushBytes;

    /// <inheritdoc/>
    public string Workspace => host.Workspace;

    /// <inheritdoc/>
    public ICredentialProvider GitCredentials => host.GitCredentials;

    /// <summary>Whether the wiki can be pushed to as it is.</summary>
    /// <exception cref="HostException">The host had to be asked, and refused or could not be reached.</exception>
    internal Task<bool> IsReadyAsync(CancellationToken cancellationToken) => wikis.IsReadyAsync(parent, cancellationToken);

    /// <summary>Makes the wiki one that can be pushed to, with its pages on this branch.</summary>
    /// <exception cref="HostException">The host refused, or could not be reached.</exception>
    internal async Task<Repository> PrepareAsync(string? branch, CancellationToken cancellationToken)
    {
        var isMade = await wikis.PrepareAsync(parent.Name, branch, cancellationToken);
        return Wiki with { WasThere = !isMade };
    }

    /// <summary>What <see cref="PrepareAsync"/> would make, for a plan.</summary>
    /// <exception cref="MirrorException">Only a person can make it.</exception>
    internal Repository Foresee() =>
        HintOnMissing is { } hint
            ? throw new MirrorException(ErrorCode.DestinationNotFound, $"{Wiki.FullName} does not exist yet.", hint)
            : Wiki with
            {
                WasThere = false,
            };

    /// <inheritdoc/>
    /// <remarks>No listing names wikis.</remarks>
    public Task<HostListing<Repository>> ListAsync(CancellationToken cancellationToken) => Task.FromResult(new HostListing<Repository>([Wiki], []));

    /// <inheritdoc/>
    public Task<Repository> CreateAsync(NewRepository repository, CancellationToken cancellationToken) =>
        PrepareAsync(branch: null, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>It moves with the repository.</remarks>
    public Task<Repository> RenameAsync(Repository repository, string slug, string description, CancellationToken cancellationToken) =>
        Task.FromResult(Wiki);

    /// <inheritdoc/>
    /// <remarks>Hosts have no request for that.</remarks>
    public Task SetMainBranchAsync(string slug, string branch, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    /// <remarks>The repository's: a wiki has none of its own.</remarks>
    public Task<Visibility> SetVisibilityAsync(string slug, bool isPrivate, CancellationToken cancellationToken) =>
        host.SetVisibilityAsync(parent.Name, isPrivate, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>It has none; the repository's is not the wiki's to change.</remarks>
    public Task SetDescriptionAsync(string slug, string description, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public string SlugFor(string name) => host.SlugFor(name);

    /// <inheritdoc/>
    public Repository Describe(string slug) => Wiki with { WasThere = false };

    /// <inheritdoc/>
    /// <remarks>Where git finds no wiki, the host may want one made by hand.</remarks>
    public HostFailure? Explain(int? status, string text) =>
        status == 404 && HintOnMissing is { } hint ? new HostFailure(HostFailureKind.NotFound, hint) : host.Explain(status, text);

    /// <inheritdoc/>
    public Task<HostDiagnostics> ExamineAsync(IReadOnlyCollection<string> projects, CancellationToken cancellationToken) =>
        host.ExamineAsync(projects, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Diagnostic>> ExamineMirrorsAsync(IReadOnlyList<Repository> mirrors, CancellationToken cancellationToken) =>
        host.ExamineMirrorsAsync([parent], cancellationToken);
}
