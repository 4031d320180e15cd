using MirrorAction.Git.Transport;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Lfs;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Mirroring.Backup;

/// <summary>Backs up one repository and tells what became of it.</summary>
internal sealed class RepositoryBackup(
    BackupContext context,
    Repository repository,
    RefOptions refs,
    FolderRenaming renaming,
    DateTimeOffset? deadline,
    RunLog log
)
{
    /// <summary>How many objects an error names.</summary>
    private const int MaxNamed = 5;

    private readonly TransferCounter _counter = new();
    private readonly long _startedAt = context.Time.GetTimestamp();
    private readonly List<string> _warnings = [];
    private readonly LfsTally _lfs = new();

    /// <summary>A report of a repository that is left as it is.</summary>
    internal static RepositoryReport Left(Repository repository) =>
        new()
        {
            Source = repository.FullName,
            Destination = repository.FullName,
            SourceUrl = repository.WebUrl.ToString(),
            Description = repository.Description,
            Id = repository.Id,
            Private = repository.IsPrivate,
            DefaultBranch = repository.DefaultBranch,
            Status = RepositoryStatus.Skipped,
        };

    /// <summary>Runs to the end. Failures are in the report and never thrown.</summary>
    internal async Task<RepositoryReport> RunAsync(CancellationToken cancellationToken)
    {
        var job = Job();
        var attempts = new AttemptRetry(job, context.Time, log.Add);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (repository.IsDisabled)
            {
                return Report(RepositoryStatus.Skipped, 0) with { Reason = SkipReason.Disabled };
            }

            context.Observer.Started(repository.FullName);
            if (!await WikiPages.AnyAsync(context.Source, repository, cancellationToken))
            {
                return Report(RepositoryStatus.Skipped, 0) with { Reason = SkipReason.NoWiki };
            }

            if (renaming.WarningOf(repository) is { } warning)
            {
                Warn(warning);
            }

            var path = Path.Combine([context.Backup.Folder, .. RepositoryFolder.RelativePath(repository).Split('/')]);
            BackupLinks.Refuse(context.Backup.Folder, path);
            var place = new BackupPlace(repository, context.Source.Host.Kind, path, context.Backup);
            return Report(
                await attempts.RunAsync<BackupResult>(token => TryAsync(job, place, attempts.IsLastResort, token)!, cancellationToken),
                attempts.Count,
                job
            );
        }
        catch (Exception e)
        {
            var (reason, error) = await attempts.JudgeAsync(e, cancellationToken);
            return Report(reason is null ? RepositoryStatus.Failed : RepositoryStatus.Skipped, attempts.Count) with
            {
                Reason = reason,
                Error = error,
            };
        }
    }

    private Task<BackupResult> TryAsync(SourceJob job, BackupPlace place, bool isLastResort, CancellationToken cancellationToken) =>
        new BackupAttempt(context.Git, job, place, _counter, context.Time, Warn) { IsLastResort = isLastResort, Lfs = _lfs }.RunAsync(
            cancellationToken
        );

    private SourceJob Job() =>
        new()
        {
            SourceName = repository.FullName,
            DefaultBranch = repository.DefaultBranch,
            Source = new GitEndpoint(repository.GitUrl, new HostCredentials(context.Source.GitCredentialsFor(repository), isSource: true)),
            Options = refs,
            IsWiki = repository.IsWiki,
            ExistsAtSource = token => context.Source.ExistsAsync(repository, token),
            ExplainSource = context.Source.Explain,
            Deadline = deadline,
            Slots = context.Slots,
            LfsQuotas = context.LfsQuotas,
            Announce = text => context.Observer.Log(new RunMessage(MessageLevel.Warning, text)),
            Progress = bytes => context.Observer.Transferred(repository.FullName, bytes),
        };

    private void Warn(string text)
    {
        _warnings.Add(text);
        log.Add(new RunMessage(MessageLevel.Warning, text));
    }

    private RepositoryReport Report(BackupResult result, int attempts, SourceJob job)
    {
        if (result.Plan is not { } plan)
        {
            return Report(RepositoryStatus.Skipped, attempts) with { Reason = job.ReasonOfEmpty };
        }

        var report = Report(plan.IsEmpty ? RepositoryStatus.Unchanged : RepositoryStatus.Mirrored, attempts) with
        {
            Destination = $"{repository.FullName}/{result.File}",
            Created = result.IsFirst,
            Refs = plan.Counts,
            Changes = plan.Changes,
            Verified = !plan.IsEmpty, // What was written was read back; of a bundle that is there already only the header was.
        };
        if (plan.Unreadable.Count == 0 && result.LfsFailures.Count > 0)
        {
            var named = NameList.Of(result.LfsFailures, MaxNamed, "; ");
            return report with
            {
                Status = RepositoryStatus.Failed,
                Verified = false,
                Error = new RepositoryError(
                    ErrorCode.Lfs,
                    $"The bundles are written, but not everything of Git LFS could be had: {named}",
                    LfsHints.Objects
                ),
            };
        }

        return plan.Unreadable.Count == 0
            ? report
            : report with
            {
                Status = RepositoryStatus.Failed,
                Verified = false,
                Error = HeldBackRefs.Unreadable(plan.Unreadable),
                Refused = [.. plan.Unreadable.OrderBy(r => r.Key).Select(r => new RefusedRef(r.Key.ToString(), r.Value))],
            };
    }

    private RepositoryReport Report(RepositoryStatus status, int attempts) =>
        Left(repository) with
        {
            Status = status,
            RenamedFrom = renaming.FormerOf(repository),
            Attempts = attempts,
            BytesReceived = _counter.BytesReceived,
            BytesSent = _counter.BytesSent,
            Requests = (int)_counter.Requests,
            Lfs = _lfs.Report,
            Warnings = [.. _warnings.Distinct(StringComparer.Ordinal)],
            DurationMs = (long)context.Time.GetElapsedTime(_startedAt).TotalMilliseconds,
        };
}
