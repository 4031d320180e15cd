using MirrorAction.Git.Model;
using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Mirroring.Mirror;

/// <summary>One repository of a run, or the wiki of one: found or created at the destination, then mirrored.</summary>
internal sealed class SelectedRepository(
    RunContext context,
    RepositorySelection selection,
    Repository repository,
    CreationPacer pacer,
    DateTimeOffset? deadline,
    RunLog log,
    Repository? parent = null
)
{
    private readonly RepositoryPair _pair = new(context, selection, repository, parent);
    private readonly RepositorySettings _settings = selection.SettingsOf(repository);
    private readonly List<string> _warnings = [];
    private bool _isHidden;
    private bool _isMarked;
    private string? _wikiBranch;

    private MirrorOptions Options => context.Options;

    /// <summary>Why a mirror gets another visibility, behind "as its".</summary>
    private string Cause => _settings.FollowsSource ? "source is" : "rule says";

    /// <summary>Where the repository is when it is done, with its mark; null where that is not known to be its mirror.</summary>
    internal Repository? Place
    {
        get =>
            field is null
                ? null
                : field with
                {
                    Description = MirrorDescription.For(repository).ToString(),
                    Visibility = _isHidden ? Visibility.Private : field.Visibility,
                };
        private set;
    }

    /// <summary>Runs to the end. Failures are in the report and never thrown.</summary>
    internal async Task<RepositoryReport> MirrorAsync(CancellationToken cancellationToken)
    {
        var destination = _pair.Existing;
        var isMissing = destination is null;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            _pair.RefuseRivals();
            _pair.RefuseExposure();
            if (_pair.Rename?.Stays is { } stays)
            {
                Warn($"{stays} {MirrorRename.Hint}");
            }

            destination = await _pair.FindAsync(cancellationToken);
            isMissing = destination is null;
            if (destination is not null && _pair.IsOurs(destination))
            {
                await NarrowAsync(destination, cancellationToken);
            }

            if (repository.IsDisabled)
            {
                return Warned(_pair.Report(destination, RepositoryStatus.Skipped) with { Reason = SkipReason.Disabled });
            }

            context.Observer.Started(repository.FullName);
            if (repository.IsWiki && await LeaveAsync(destination, cancellationToken) is { } left)
            {
                return Warned(left);
            }

            destination ??= await CreateAsync(cancellationToken);
            var isCreated = isMissing && !destination.WasThere;
            Place = isCreated || _pair.IsOurs(destination) ? destination : null;
            var job = JobFor(destination, isMissing);
            var mirror = new RepositoryMirror(context.Git, job, context.Time, log.Add);
            var report = await mirror.RunAsync(cancellationToken);
            Place = report.Status is RepositoryStatus.Mirrored or RepositoryStatus.Unchanged or RepositoryStatus.Planned ? destination : Place;
            WarnOfLostWiki(report, destination);
            if (!isCreated)
            {
                await WidenAsync(report, destination, mirror.HoldsKept, cancellationToken);
                report = await MirrorTouch.AfterAsync(report, context, job, destination, log, cancellationToken);
            }

            return Warned(_pair.Named(report, destination) with { Created = isCreated });
        }
        catch (Exception e)
        {
            var isCreated = isMissing && destination is { WasThere: false };
            return Warned(_pair.Report(destination, RepositoryStatus.Failed) with { Created = isCreated, Error = FailureTranslator.ToError(e) });
        }
    }

    /// <summary>The report of a wiki for which nothing is created, because it has no pages; null for one that is mirrored.</summary>
    private async Task<RepositoryReport?> LeaveAsync(Repository? destination, CancellationToken cancellationToken)
    {
        if (!await WikiPages.AnyAsync(context.Source, repository, cancellationToken))
        {
            var report = _pair.Report(destination, RepositoryStatus.Skipped) with { Reason = SkipReason.NoWiki };
            WarnOfLostWiki(report, destination);
            return report;
        }

        if (destination is not null)
        {
            return null; // Its mirroring asks.
        }

        var job = _pair.JobFor(_pair.Destination.Describe(_settings.Slug), deadline);
        var probe = new WikiProbe(context.Git, job, context.Time, log.Add);
        var left = await probe.RunAsync(status => _pair.Report(null, status), cancellationToken);
        _wikiBranch = probe.Branch;
        return left;
    }

    private async Task<Repository> CreateAsync(CancellationToken cancellationToken)
    {
        if (_pair.OwnWiki is { } wiki)
        {
            return Options.IsPlan ? wiki.Foresee() : await pacer.RunAsync(() => wiki.PrepareAsync(_wikiBranch, cancellationToken), cancellationToken);
        }

        var wanted = new NewRepository(_settings.Slug, MirrorDescription.For(repository).ToString(), _settings.IsPrivate)
        {
            Project = _settings.Project,
        };
        return Options.IsPlan
            ? _pair.Destination.Describe(_settings.Slug) with
            {
                TakesWiki = false,
            }
            : await pacer.RunAsync(() => _pair.Destination.CreateAsync(wanted, cancellationToken), cancellationToken);
    }

    private RepositoryJob JobFor(Repository destination, bool isMissing) =>
        _pair.JobFor(destination, deadline) with
        {
            IsPlan = Options.IsPlan,
            State = _pair.StateOf(isMissing),
            Ownership = isMissing && !destination.WasThere ? Ownership.Own : _pair.OwnershipOf(destination),
            BeforePush = (_, token) => TakeAsync(destination, token),
            SetMainBranch = (branch, token) => SetMainBranchAsync(destination, branch, token),
            FirstPushed = token => _pair.Destination.FirstPushedAsync(destination.Name, token),
            BeforeRewrite = token => _pair.Destination.BeforeRewriteAsync(destination.Name, token),
            FindMainBranch = token => _pair.Destination.FindMainBranchAsync(destination.Name, token),
        };

    /// <summary>What did not say that it is this mirror is known to be it, or may be taken: only now something about it is changed.</summary>
    private async Task TakeAsync(Repository mirror, CancellationToken cancellationToken)
    {
        await HideAsync(mirror, cancellationToken);
        await MarkAsync(mirror, cancellationToken);
    }

    /// <summary>Makes a mirror private that should be.</summary>
    private async Task NarrowAsync(Repository mirror, CancellationToken cancellationToken)
    {
        await HideAsync(mirror, cancellationToken);
        if (!repository.IsPrivate && mirror.IsOpen && _settings is { ChangesVisibility: true, IsPrivate: true })
        {
            log.Add(new RunMessage(MessageLevel.Info, $"{(Options.IsPlan ? "would become" : "becomes")} private, as its {Cause}"));
            if (!Options.IsPlan)
            {
                await _pair.Destination.SetVisibilityAsync(mirror.Name, isPrivate: true, cancellationToken);
            }
        }
    }

    /// <summary>Whatever the settings say: what is private at the source has no public mirror, or nothing is pushed.</summary>
    private async Task HideAsync(Repository mirror, CancellationToken cancellationToken)
    {
        if (_isHidden || !Privacy.IsExposed(repository, mirror))
        {
            return;
        }

        if (Options.IsPlan)
        {
            Warn($"{mirror.FullName} is public, but {repository.FullName} is private: the mirror would be made private before anything is pushed.");
        }
        else
        {
            await Privacy.HideAsync(_pair.Destination, mirror, repository.FullName, cancellationToken);
            Warn($"{mirror.FullName} was public, but {repository.FullName} is private: the mirror is private now.");
        }

        _isHidden = true;
    }

    /// <summary>
    /// Makes a mirror public that should be, when all else is done. With old values that it keeps it stays private: they may be of a time when the
    /// source was private, and were perhaps taken out of it because it was to become public.
    /// </summary>
    private async Task WidenAsync(RepositoryReport report, Repository mirror, bool holdsKept, CancellationToken cancellationToken)
    {
        var isWanted = _settings is { ChangesVisibility: true, IsPrivate: false } && !mirror.IsOpen && _pair.IsOurs(mirror);
        if (!isWanted || !(report.Verified || report.Status == RepositoryStatus.Planned))
        {
            return;
        }

        if (holdsKept || report.Refs.Kept > 0)
        {
            Warn(
                $"{mirror.FullName} should become public, as its {Cause}, and stays private: it keeps old values under {RefPatternSet.KeptPrefix}, "
                    + "which may never have been public. Delete these tags, or wait until keep-days is over."
            );
            return;
        }

        if (await WikiPrivacy.FindReasonAsync(context, _pair.Repository, mirror, cancellationToken) is { } reason)
        {
            Warn($"{mirror.FullName} should become public, as its {Cause}, and stays private: {reason}");
            return;
        }

        log.Add(new RunMessage(MessageLevel.Info, $"{(Options.IsPlan ? "would become" : "becomes")} public, as its {Cause}"));
        if (Options.IsPlan)
        {
            return;
        }

        try
        {
            await _pair.Destination.SetVisibilityAsync(mirror.Name, isPrivate: false, cancellationToken);
        }
        catch (Exception e) when (e is HostException or OperationCanceledException)
        {
            Warn($"{mirror.FullName} could not be made public: {e.Message}");
        }
    }

    /// <summary>
    /// Has the mirror say by its description whose it is, under the present name. Before the first push, so that the next run recognises it, and
    /// needs no 'adopt', however this one ends.
    /// </summary>
    private async Task MarkAsync(Repository mirror, CancellationToken cancellationToken)
    {
        var mark = MirrorDescription.For(repository);
        if (_isMarked || Options.IsPlan || MirrorDescription.Read(mirror.Description) == mark)
        {
            return;
        }

        _isMarked = true;
        try
        {
            await _pair.Destination.SetDescriptionAsync(mirror.Name, mark.Over(mirror.Description), cancellationToken);
            log.Add(new RunMessage(MessageLevel.Info, $"{mirror.FullName} says from now on that it is the mirror of {mark.Source}"));
        }
        catch (HostException e)
        {
            // Its refs are worth more than its description.
            Warn($"The description of {mirror.FullName} could not be set to '{mark}', by which the mirror is recognised: {e.Message}");
        }
    }

    /// <summary>A wiki of the destination's own tells nothing of its pages; a mirror of its own was made for some.</summary>
    private void WarnOfLostWiki(RepositoryReport report, Repository? mirror)
    {
        if (report.Reason == SkipReason.NoWiki && mirror is not null && _pair.OwnWiki is null)
        {
            Warn($"{repository.FullName} has no pages any more, or was switched off: its mirror {mirror.FullName} stays as it is.");
        }
    }

    private Task SetMainBranchAsync(Repository destination, string branch, CancellationToken cancellationToken)
    {
        log.Add(new RunMessage(MessageLevel.Debug, $"main branch: {branch}"));
        return _pair.Destination.SetMainBranchAsync(destination.Name, branch, cancellationToken);
    }

    private void Warn(string text)
    {
        _warnings.Add(text);
        log.Add(new RunMessage(MessageLevel.Warning, text));
    }

    private RepositoryReport Warned(RepositoryReport report) => report with { Warnings = [.. _warnings, .. report.Warnings] };
}
