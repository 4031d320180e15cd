using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reporting;

namespace MirrorAction.Mirroring;

/// <summary>One repository of a run: found or created at the destination, then mirrored.</summary>
internal sealed class SelectedRepository(RunContext context, Selection selection, HostedRepository repository, CreationPacer pacer, DateTimeOffset? deadline, RunLog log)
{
    private readonly RepositoryPair _pair = new(context, selection, repository);
    private readonly RepositorySettings _settings = selection.SettingsOf(repository);

    private MirrorOptions Options => context.Options;

    /// <summary>Runs to the end. Failures are in the report and never thrown.</summary>
    internal async Task<RepositoryReport> MirrorAsync(CancellationToken cancellationToken)
    {
        var destination = _pair.Existing;
        var isCreated = false;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            _pair.RefuseRivals();
            if (repository.IsDisabled)
            {
                return _pair.Report(destination, RepositoryStatus.Skipped) with { Reason = SkipReason.Disabled };
            }

            context.Observer.Started(repository.FullName);
            isCreated = destination is null;
            destination = await PrepareAsync(destination, cancellationToken).ConfigureAwait(false);
            var job = JobFor(destination, isCreated);
            var report = await new RepositoryMirror(context.Git, job, context.Time, log.Add).RunAsync(cancellationToken).ConfigureAwait(false);
            await TakeOverAsync(report, destination, cancellationToken).ConfigureAwait(false);
            return _pair.Named(report, destination) with { Created = isCreated && !destination.WasThere };
        }
        catch (Exception e)
        {
            return _pair.Report(destination, RepositoryStatus.Failed) with { Created = isCreated && destination is { WasThere: false }, Error = FailureTranslator.ToError(e) };
        }
    }

    /// <summary>Creates what is missing, and gives an existing mirror the visibility that is asked for.</summary>
    private async Task<DestinationRepository> PrepareAsync(DestinationRepository? existing, CancellationToken cancellationToken)
    {
        var isPrivate = _settings.IsPrivate;
        if (existing is null)
        {
            var wanted = new NewRepository(_settings.Slug, MirrorMark.For(repository), isPrivate) { Project = _settings.Project };
            return Options.IsPlan
                ? context.Destination.Describe(_settings.Slug)
                : await pacer.RunAsync(() => context.Destination.CreateAsync(wanted, cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        if (_settings.ChangesVisibility && existing.IsPrivate != isPrivate && MirrorMark.Read(existing)?.Id == repository.Id)
        {
            log.Add(new RunMessage(MessageLevel.Info, $"{(Options.IsPlan ? "would become" : "becomes")} {(isPrivate ? "private" : "public")}, as its {(_settings.FollowsSource ? "source is" : "rule says")}"));
            if (!Options.IsPlan)
            {
                await context.Destination.SetVisibilityAsync(existing.Slug, isPrivate, cancellationToken).ConfigureAwait(false);
            }
        }

        return existing;
    }

    private RepositoryJob JobFor(DestinationRepository destination, bool isCreated) => _pair.JobFor(destination, deadline) with
    {
        IsPlan = Options.IsPlan,
        IsMissing = isCreated && Options.IsPlan,
        IsNew = isCreated,
        SetMainBranch = (branch, token) => SetMainBranchAsync(destination, branch, token),
    };

    /// <summary>A mirror that holds this source now says so: the next run recognises it, and needs no 'adopt' any more.</summary>
    private async Task TakeOverAsync(RepositoryReport report, DestinationRepository destination, CancellationToken cancellationToken)
    {
        if (MirrorMark.OtherId(destination, repository) is null || Options.IsPlan || !report.Verified)
        {
            return;
        }

        try
        {
            await context.Destination.SetDescriptionAsync(destination.Slug, MirrorMark.For(repository), cancellationToken).ConfigureAwait(false);
            log.Add(new RunMessage(MessageLevel.Info, $"{destination.FullName} is the mirror of {repository.FullName} from now on"));
        }
        catch (Exception e) when (e is HostException or OperationCanceledException)
        {
            // The refs are there, and the report must say so.
            log.Add(new RunMessage(MessageLevel.Warning, $"The description still names another repository, so that the next run needs 'adopt' again: {e.Message}"));
        }
    }

    private Task SetMainBranchAsync(DestinationRepository destination, string branch, CancellationToken cancellationToken)
    {
        log.Add(new RunMessage(MessageLevel.Debug, $"main branch: {branch}"));
        return context.Destination.SetMainBranchAsync(destination.Slug, branch, cancellationToken);
    }
}
