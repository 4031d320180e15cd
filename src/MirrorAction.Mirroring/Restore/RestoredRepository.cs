using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Mirroring.Backup;
using MirrorAction.Mirroring.Mirror;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Mirroring.Restore;

/// <summary>One repository of a restore, or the wiki of one: found or created at the destination, then filled from its mirror.</summary>
internal sealed class RestoredRepository(
    RunContext context,
    RestoreOptions options,
    RepositorySelection selection,
    OriginalNameSource originals,
    Repository original,
    RestorePace pace,
    DateTimeOffset? deadline,
    RunLog log,
    Repository? parent = null
)
{
    private readonly RepositoryPair _pair = new(context, selection, original, parent);
    private readonly Repository _mirror = originals.MirrorOf(original);
    private readonly string _kind = originals.Backup is null ? "mirror" : "backup";
    private readonly List<string> _warnings = [];
    private bool _isClaimed;
    private string? _wikiBranch;

    /// <summary>Where the repository is when it is done; null where it could not be restored to.</summary>
    internal Repository? Place { get; private set; }

    /// <summary>Runs to the end. Failures are in the report and never thrown.</summary>
    internal async Task<RepositoryReport> RestoreAsync(CancellationToken cancellationToken)
    {
        var destination = _pair.Existing;
        var isMissing = destination is null;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            RefuseRivals();
            context.Observer.Started(_mirror.FullName);
            WarnOfGuess();
            using var chain = await OpenBackupAsync(cancellationToken);
            if (chain?.Lfs is not null && context.Options.Refs.Lfs == LfsMode.Never)
            {
                Warn("Its objects of Git LFS are not restored, because lfs is false: their pointers alone are.");
            }

            destination = await _pair.FindAsync(cancellationToken);
            isMissing = destination is null;
            if (original.IsWiki && await LeaveAsync(isMissing, chain, cancellationToken) is { } left)
            {
                return Named(left);
            }

            destination ??= await CreateAsync(cancellationToken);
            var isOurs = IsOurs(destination, isMissing);
            var job = JobFor(destination, isMissing, chain);
            var report = await new RepositoryMirror(context.Git, job, context.Time, log.Add).RunAsync(cancellationToken);
            var isThere = report.Status is RepositoryStatus.Mirrored or RepositoryStatus.Unchanged or RepositoryStatus.Planned;
            Place = isOurs || isThere ? destination : null;
            await FinishAsync(report, destination, cancellationToken);
            return Named(_pair.Named(report, destination)) with { Created = isMissing && !destination.WasThere };
        }
        catch (Exception e)
        {
            return Named(_pair.Report(destination, RepositoryStatus.Failed)) with
            {
                Created = isMissing && destination is { WasThere: false },
                Error = FailureTranslator.ToError(e),
            };
        }
    }

    private void RefuseRivals()
    {
        var rivals = selection
            .Rivals(_pair.Settings.Slug, original)
            .Select(rival => originals.MirrorOf(rival).FullName)
            .Order(StringComparer.Ordinal)
            .ToArray();
        if (rivals.Length > 0)
        {
            throw new MirrorException(
                ErrorCode.NameCollision,
                $"{_mirror.FullName} and {string.Join(", ", rivals)} would both be restored as "
                    + $"{_pair.Destination.Workspace}/{_pair.Settings.Slug}. Nothing was pushed to it.",
                "Choose one of them with 'repositories' (such as 'acme/*') or 'exclude', and restore the "
                    + "other into another owner; a mirror that is a copy names its original in its description."
            );
        }
    }

    private void WarnOfGuess()
    {
        if (originals.IsGuessed(original))
        {
            Warn(
                "Its description does not say which repository it mirrors, and no report of an earlier "
                    + $"run does ('previous-report'): it is restored under its slug, {_pair.Settings.Slug}."
            );
        }
    }

    /// <summary>The report of a wiki for which nothing is created, because it has no pages; null for one that is restored.</summary>
    private async Task<RepositoryReport?> LeaveAsync(bool isMissing, OpenChain? chain, CancellationToken cancellationToken)
    {
        if (!await WikiPages.AnyAsync(context.Source, original, cancellationToken))
        {
            return _pair.Report(_pair.Existing, RepositoryStatus.Skipped) with { Reason = SkipReason.NoWiki };
        }

        if (!isMissing)
        {
            return null; // Its restore asks.
        }

        var job = _pair.JobFor(_pair.Destination.Describe(_pair.Settings.Slug), deadline) with { OpenLocal = chain is null ? null : chain.Open };
        var probe = new WikiProbe(context.Git, job, context.Time, log.Add);
        var left = await probe.RunAsync(status => _pair.Report(null, status), cancellationToken);
        _wikiBranch = probe.Branch;
        return left;
    }

    /// <summary>A restore has made it, this one or an earlier one that was not finished.</summary>
    private bool IsOurs(Repository destination, bool isMissing) =>
        RestoreDescription.IsOn(destination, _mirror) || (isMissing && !destination.WasThere);

    private async Task<Repository> CreateAsync(CancellationToken cancellationToken)
    {
        if (_pair.OwnWiki is { } wiki)
        {
            return context.Options.IsPlan
                ? wiki.Foresee()
                : await pace.CreateAsync(() => wiki.PrepareAsync(_wikiBranch, cancellationToken), cancellationToken);
        }

        var wanted = new NewRepository(_pair.Settings.Slug, RestoreDescription.For(_mirror), _pair.Settings.IsPrivate) { IsMirror = false };
        if (!wanted.IsPrivate)
        {
            var like = originals.Backup is null ? "its mirror is" : "it was when it was backed up";
            Warn($"It {(context.Options.IsPlan ? "would be" : "is")} created for everyone to read, as {like} (destination-visibility: source).");
        }

        return context.Options.IsPlan
            ? _pair.Destination.Describe(_pair.Settings.Slug) with
            {
                TakesWiki = false,
            }
            : await pace.CreateAsync(() => _pair.Destination.CreateAsync(wanted, cancellationToken), cancellationToken);
    }

    /// <summary>A backup is read to its end before anything is created or sent; null where there is none.</summary>
    private Task<OpenChain?> OpenBackupAsync(CancellationToken cancellationToken) =>
        originals.Backup is { } backup ? OpenAsync(backup, cancellationToken) : Task.FromResult<OpenChain?>(null);

    private async Task<OpenChain?> OpenAsync(BackupSource backup, CancellationToken cancellationToken) =>
        await backup.OpenAsync(_mirror, Progress, cancellationToken);

    private void Progress(long bytes) => context.Observer.Transferred(_mirror.FullName, bytes);

    private RepositoryJob JobFor(Repository destination, bool isMissing, OpenChain? chain)
    {
        var isOurs = IsOurs(destination, isMissing);
        return _pair.JobFor(destination, deadline) with
        {
            SourceName = _mirror.FullName,
            DefaultBranch = RepositoryPair.MainBranchOf(_mirror),
            OpenLocal = chain is null ? null : chain.Open,
            LocalLfs = chain is not null && context.Options.Refs.Lfs != LfsMode.Never ? chain.Lfs : null,
            IsPlan = context.Options.IsPlan,
            State = _pair.StateOf(isMissing),

            // Not a mirror, whatever its description says.
            Ownership = Ownership.Own,
            MirrorOf = null,

            // The first page that a wiki needs was made in this run.
            Overwrites =
                !isOurs ? OverwritePolicy.EmptyOnly
                : _pair.OwnWiki is null ? OverwritePolicy.ForwardOnly
                : OverwritePolicy.Everything,
            BeforePush = (plan, token) => plan.IsEmpty ? Task.CompletedTask : HideAsync(destination, isOurs, token),
            MarkAsRestoring = destination.Description.Length == 0 ? token => MarkAsRestoringAsync(destination, token) : null,

            // Which branch a host makes the first is its own affair: of a repository that is being restored it is set in any case.
            MainBranch = isOurs ? null : RepositoryPair.MainBranchOf(destination),
            SetMainBranch = (branch, token) => pace.ChangeAsync(() => _pair.Destination.SetMainBranchAsync(destination.Name, branch, token), token),
            FindMainBranch = token => _pair.Destination.FindMainBranchAsync(destination.Name, token),
            MaxPackBytes = Math.Min(options.PushLimit, _pair.Destination.MaxPushBytes ?? long.MaxValue),
            ExpectedPackBytes = _mirror.SizeBytes,
            Progress = Progress,
        };
    }

    /// <summary>
    /// What the mirror keeps private is not shown to everyone. Only what a restore has created is made private for that: a repository of someone
    /// else would lose its stars, watchers and forks.
    /// </summary>
    private async Task HideAsync(Repository destination, bool isOurs, CancellationToken cancellationToken)
    {
        if (!Privacy.IsExposed(original, destination))
        {
            return;
        }

        if (!isOurs)
        {
            throw new MirrorException(
                ErrorCode.DestinationForbidden,
                $"{destination.FullName} is public, but its {_kind} {_mirror.FullName} is private. Nothing was pushed.",
                $"Make {destination.FullName} private first ({_pair.Destination.Host.Name} "
                    + "takes its stars, watchers and forks away then), or restore into another owner."
                    + $"{(originals.Backup is null ? " Where everyone may read it, make the mirror public before." : "")}"
            );
        }

        if (!context.Options.IsPlan)
        {
            Task Hide() => Privacy.HideAsync(_pair.Destination, destination, _mirror.FullName, cancellationToken);
            await pace.ChangeAsync(Hide, cancellationToken);
        }
    }

    /// <summary>
    /// From here on an empty repository that was found is being restored, for every later run too. One that someone has described keeps his words.
    /// </summary>
    private async Task MarkAsRestoringAsync(Repository destination, CancellationToken cancellationToken)
    {
        await _pair.Destination.SetDescriptionAsync(destination.Name, RestoreDescription.For(_mirror), cancellationToken);
        _isClaimed = true;
    }

    /// <summary>Gives the repository its description back, which says to the next run that the restore is finished.</summary>
    private async Task FinishAsync(RepositoryReport report, Repository destination, CancellationToken cancellationToken)
    {
        var isWhole = report.Verified || report.Reason == SkipReason.Empty;
        var isNamed = _isClaimed || RestoreDescription.IsOn(destination, _mirror);
        var isBare = destination.Description.Length == 0 && original.Description.Length > 0 && report.Changes.Count > 0;
        if (context.Options.IsPlan || !isWhole || !(isNamed || isBare))
        {
            return;
        }

        try
        {
            await pace.ChangeAsync(
                () => _pair.Destination.SetDescriptionAsync(destination.Name, original.Description, cancellationToken),
                cancellationToken
            );
        }
        catch (Exception e) when (e is HostException or OperationCanceledException)
        {
            // The refs are there, and the report must say so.
            Warn(
                $"Everything is restored, but the description could not be set; "
                    + $"{(isNamed ? "the next run tries again" : $"it was '{original.Description}'")}: {e.Message}"
            );
        }
    }

    private void Warn(string text)
    {
        _warnings.Add(text);
        log.Add(new RunMessage(MessageLevel.Warning, text));
    }

    /// <summary>The workspace knows it by its slug.</summary>
    private RepositoryReport Named(RepositoryReport report) =>
        report with
        {
            Source = _mirror.FullName,
            Id = originals.Backup is null ? report.Id : null, // A folder gives no ids.
            Warnings = [.. _warnings, .. report.Warnings],
        };
}
