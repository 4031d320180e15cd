using MirrorAction.Git.Transport;
using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Mirroring.Runs;

/// <summary>A selected repository and its mirror, which may be missing: who they are and how they are reached.</summary>
/// <param name="context">What the run works with.</param>
/// <param name="selection">What the run works on.</param>
/// <param name="repository">The source.</param>
/// <param name="parent">
/// For a wiki that goes to the destination's own: the mirror of its repository, as it is by now. Null where what the destination listed is enough.
/// </param>
internal sealed class RepositoryPair(RunContext context, RepositorySelection selection, Repository repository, Repository? parent = null)
{
    private readonly long _startedAt = context.Time.GetTimestamp();
    private readonly MirrorRename? _done = selection.DoneRenameOf(repository);

    /// <summary>The source.</summary>
    internal Repository Repository => repository;

    /// <summary>What holds for it.</summary>
    internal RepositorySettings Settings { get; } = selection.SettingsOf(repository);

    /// <summary>The destination's own wiki, where the source is a wiki and the destination has such; null otherwise.</summary>
    internal OwnWikiDestination? OwnWiki { get; } =
        repository.Parent is { } whole && context.Destination.OwnWikis is { } wikis
            ? new OwnWikiDestination(
                context.Destination,
                wikis,
                parent ?? selection.MirrorOf(whole) ?? context.Destination.Describe(selection.SettingsOf(whole).Slug)
            )
            : null;

    /// <summary>What the mirror is created, changed and reached by.</summary>
    internal IRepositoryDestination Destination => OwnWiki ?? context.Destination;

    /// <summary>What the destination lists in the mirror's place; null when it lists nothing.</summary>
    internal Repository? Existing => OwnWiki is { } own && parent is not null ? own.Wiki : selection.MirrorOf(repository);

    /// <summary>The same; null as well when it is a wiki of the destination's own that can't be pushed to yet.</summary>
    /// <exception cref="HostException">The host had to be asked, and refused or could not be reached.</exception>
    internal async Task<Repository?> FindAsync(CancellationToken cancellationToken) =>
        Existing is { } existing && (OwnWiki is null || await OwnWiki.IsReadyAsync(cancellationToken)) ? existing : null;

    /// <summary>A sentence about a mirror that shows everyone what is private at the source; null when it does not.</summary>
    internal string? Exposure =>
        repository.IsPrivate && Existing is { IsOpen: true } mirror && (MirrorDescription.Read(mirror.Description) is null || IsOurs(mirror))
            ? $"{mirror.FullName} is public, but {repository.FullName} is private."
            : null;

    /// <summary>Whether the mark of a repository at the destination names this very source.</summary>
    internal bool IsOurs(Repository destination) => OwnershipOf(destination) == Ownership.Own;

    /// <summary>How the mirror is to be renamed, or would be but for an obstacle; null where it has its slug.</summary>
    internal MirrorRename? Rename => selection.RenameOf(repository);

    /// <summary>
    /// Holds that no other source has the same mirror, and the source no other mirror; where the mirror's mark names one of several sources, only the
    /// others are refused.
    /// </summary>
    /// <exception cref="MirrorException">One has.</exception>
    internal void RefuseRivals()
    {
        RefuseSeveralMirrors();
        var rivals = selection.Rivals(Settings.Slug, repository).Select(r => r.FullName).Order(StringComparer.Ordinal).ToArray();
        if (rivals.Length > 0)
        {
            var place = $"{context.Destination.Workspace}/{Settings.Slug}";
            var end = selection.OwnerOf(Settings.Slug) is { } owner
                ? $", which is the mirror of {owner.FullName}. Nothing of {repository.FullName} was pushed to it."
                : ". Nothing was pushed to it.";
            throw new MirrorException(
                ErrorCode.NameCollision,
                $"{repository.FullName} and {string.Join(", ", rivals)} would both be mirrored into {place}{end}",
                RepositorySelection.HintOnRivals
            );
        }

        RefuseOccupied();
    }

    private void RefuseSeveralMirrors()
    {
        if (selection.SeveralMirrorsOf(repository) is { Count: > 0 } several)
        {
            var names = several.Select(mirror => mirror.FullName).Order(StringComparer.Ordinal);
            throw new MirrorException(
                ErrorCode.NameCollision,
                $"{string.Join(" and ", names)} all say that they are the mirror of {repository.FullName}, and none of them is called "
                    + $"{Settings.Slug}. Which one is right can't be known: nothing was renamed, and nothing was pushed.",
                "Empty the descriptions of all but the right one; the next run renames that."
            );
        }
    }

    /// <summary>Not even adopted: the mirror that is there goes on as that of the other source.</summary>
    private void RefuseOccupied()
    {
        if (selection.InTheWayOf(repository) is { } other)
        {
            var place = $"{context.Destination.Workspace}/{Settings.Slug}";
            var why = selection.RenameOf(other)?.Obstacle ?? $"The run that mirrors {other.FullName} renames it.";
            throw new MirrorException(
                ErrorCode.NameCollision,
                $"{place}, where {repository.FullName} would be mirrored, is still the mirror of {other.FullName}. {why} Nothing was pushed to it.",
                $"The next run goes on when {place} is free. {MirrorRename.Hint}"
            );
        }
    }

    /// <summary>Holds that no rule wants to show everyone what is private at the source.</summary>
    /// <exception cref="MirrorException">One does.</exception>
    internal void RefuseExposure()
    {
        if (Settings.WouldExpose)
        {
            var shown = Exposure is { } exposure ? $"{exposure} " : "";
            throw new MirrorException(
                ErrorCode.DestinationForbidden,
                $"{shown}A rule wants a public mirror of {repository.FullName}, which "
                    + "is private: that is never pushed to where everyone can read it. "
                    + "Nothing was changed.",
                "Say 'visibility: source' (or private) in the rule of the configuration file; or make the source public, if everyone may read it."
            );
        }
    }

    /// <summary>What every conversation about the two needs.</summary>
    internal RepositoryJob JobFor(Repository destination, DateTimeOffset? deadline) =>
        new()
        {
            SourceName = repository.FullName,
            DefaultBranch = repository.DefaultBranch,
            DestinationName = destination.FullName,
            Source = new GitEndpoint(repository.GitUrl, new HostCredentials(context.Source.GitCredentialsFor(repository), isSource: true)),
            Destination = new GitEndpoint(destination.GitUrl, new HostCredentials(Destination.GitCredentials, isSource: false)),
            Options = Settings.Refs,
            IsWiki = repository.IsWiki,
            IsOwnWiki = OwnWiki is not null,
            Ownership = OwnershipOf(destination),
            Identity = MirrorDescription.For(repository).Source,
            MirrorOf = MirrorDescription.Read(destination.Description) is { } mark && !mark.IsOf(repository) ? mark.Source : null,
            KnownBefore = KnownBefore(destination),
            MainBranch = MainBranchOf(destination),
            MaxPackBytes = Destination.MaxPushBytes,
            ExpectedPackBytes = repository.SizeBytes,
            ExistsAtSource = token => context.Source.ExistsAsync(repository, token),
            ExplainSource = context.Source.Explain,
            ExplainDestination = Destination.Explain,
            Deadline = deadline,
            Slots = context.Slots,
            LfsQuotas = context.LfsQuotas,
            Announce = text => context.Observer.Log(new RunMessage(MessageLevel.Warning, text)),
            Progress = bytes => context.Observer.Transferred(repository.FullName, bytes),
        };

    /// <summary>Whose a repository at the destination is, by its mark.</summary>
    internal Ownership OwnershipOf(Repository destination) =>
        MirrorDescription.Read(destination.Description) switch
        {
            null => Ownership.Unproven,
            { } mark when mark.IsOf(repository) => Ownership.Own,
            { } mark => mark.IsAt(repository.HostName) ? Ownership.Other : Ownership.OtherHost,
        };

    /// <summary>What there is of the destination, which was missing when the run began or not. A wiki is known to its host at once.</summary>
    internal DestinationState StateOf(bool wasMissing) =>
        !wasMissing ? DestinationState.Existing
        : context.Options.IsPlan ? DestinationState.Missing
        : OwnWiki is null ? DestinationState.New
        : DestinationState.Existing;

    /// <summary>The main branch that the destination lists; null while it has no branch.</summary>
    internal static string? MainBranchOf(Repository destination) => destination.IsEmpty ? null : destination.DefaultBranch;

    /// <summary>Whatever a mode says of a change, its new value is the source's.</summary>
    private HashSet<string> KnownBefore(Repository destination) =>
        [
            .. from earlier in context.Previous?.Repositories ?? []
            where
                IsOf(earlier, repository.FullName, destination.FullName)
                || ((_done ?? Rename) is { } renamed && IsOf(earlier, renamed.FormerSource, renamed.Mirror.FullName))
            from change in earlier.Changes
            where change is { Kind: not RefChangeKind.Keep, New: not null }
            select change.New,
        ];

    private static bool IsOf(RepositoryReport report, string source, string destination) =>
        report.Source.Equals(source, StringComparison.OrdinalIgnoreCase)
        && report.Destination.Equals(destination, StringComparison.OrdinalIgnoreCase);

    /// <summary>A report of a pair that is left as it is.</summary>
    internal RepositoryReport Left() => Report(Existing, RepositoryStatus.Skipped);

    /// <summary>A report that says no more than the outcome. A destination that is not there has a name and no address.</summary>
    internal RepositoryReport Report(Repository? destination, RepositoryStatus status) =>
        Named(
            new RepositoryReport
            {
                Source = repository.FullName,
                Destination = "",
                Status = status,
                DurationMs = (long)context.Time.GetElapsedTime(_startedAt).TotalMilliseconds,
            },
            destination ?? Destination.Describe(Settings.Slug)
        ) with
        {
            DestinationUrl = destination?.WebUrl.ToString(),
        };

    /// <summary>The report with what the hosts call the two; in a plan with what the mirror would be called.</summary>
    internal RepositoryReport Named(RepositoryReport report, Repository destination)
    {
        var planned = context.Options.IsPlan && Rename is { Obstacle: null } rename ? rename : null;
        return report with
        {
            Destination = planned is null ? destination.FullName : context.Destination.Describe(planned.Slug).FullName,
            RenamedFrom = (planned ?? _done)?.Mirror.FullName,
            Description = repository.Description,
            Id = repository.Id,
            Private = repository.IsPrivate,
            DefaultBranch = repository.DefaultBranch,
            SourceUrl = repository.WebUrl.ToString(),
            DestinationUrl = destination.WebUrl.ToString(),
        };
    }
}

/// <summary>A host's credentials for git. A token that could not be had is a failure of that side.</summary>
/// <param name="credentials">The host's.</param>
/// <param name="isSource">Whose failures these are.</param>
internal sealed class HostCredentials(ICredentialProvider credentials, bool isSource) : ICredentialProvider
{
    /// <inheritdoc/>
    public IReadOnlyCollection<string> Secrets => credentials.Secrets;

    /// <inheritdoc/>
    /// <exception cref="MirrorException">The host gave no credential.</exception>
    public async ValueTask<HttpCredential?> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await credentials.GetAsync(cancellationToken);
        }
        catch (HostException e)
        {
            throw new MirrorException(FailureTranslator.FromHost(e, isSource)) { IsTransient = e.IsTransient };
        }
    }

    /// <inheritdoc/>
    public bool Refuse(HttpCredential credential) => credentials.Refuse(credential);
}
