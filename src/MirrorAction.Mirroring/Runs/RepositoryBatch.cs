using MirrorAction.Git.Transport;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Mirroring.Runs;

/// <summary>
/// What every run over many repositories has in common: a time limit, several repositories at a time, one report. One repository that fails never
/// stops another. One instance per run.
/// </summary>
internal sealed class RepositoryBatch(MirrorOptions options, IRunObserver observer, TimeProvider time)
{
    /// <summary>The mode's word for the report.</summary>
    internal required string Mode { get; init; }

    /// <summary>The program's version.</summary>
    internal required string Version { get; init; }

    /// <summary>Where the repositories come from.</summary>
    internal required ReportSource Source { get; init; }

    /// <summary>Where they go.</summary>
    internal required ReportDestination Destination { get; init; }

    /// <summary>The REST requests of all hosts so far.</summary>
    internal required Func<long> RestRequests { get; init; }

    /// <summary>What may be under way at a time: one for each repository that is worked on.</summary>
    internal TransferSlots Slots { get; init; } = new(options.Concurrency);

    /// <summary>When the run ends; null for no end. No wait that would outlast it is begun.</summary>
    internal DateTimeOffset? Deadline { get; } = options.Timeout == Timeout.InfiniteTimeSpan ? null : time.GetUtcNow() + options.Timeout;

    /// <summary>
    /// Runs to the end. Failures are in the report and never thrown. What is not reached before the run is stopped is skipped as <c>cancelled</c>.
    /// </summary>
    /// <param name="select">Finds out what to work on.</param>
    /// <param name="work">Works on one of it, writes to its log, and never throws.</param>
    /// <param name="leave">The report of one that is not worked on; its status and reason are set here.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    internal async Task<RunReport> RunAsync<T>(
        Func<CancellationToken, Task<WorkList<T>>> select,
        Func<T, RunLog, CancellationToken, Task<RepositoryReport>> work,
        Func<T, RepositoryReport> leave,
        CancellationToken cancellationToken
    )
    {
        var startedAt = time.GetUtcNow();
        var timestamp = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(options.Timeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);

        var selected = new WorkList<T>([], []);
        RepositoryError? error = null;
        try
        {
            selected = await select(stop.Token);
        }
        catch (OperationCanceledException)
        {
            error = new RepositoryError(ErrorCode.Cancelled, "The run was stopped while the repositories were listed.", null);
        }
        catch (Exception e)
        {
            error = FailureTranslator.ToError(e);
        }

        var repositories = await WorkOnAllAsync(selected, work, leave, stop.Token);
        var totals = RunTally.Sum(repositories, RestRequests());
        return new RunReport
        {
            Mode = Mode,
            Version = Version,
            StartedAt = startedAt,
            DurationMs = (long)time.GetElapsedTime(timestamp).TotalMilliseconds,
            Source = Source,
            Destination = Destination,
            Result = error is not null ? RunResult.Failure : RunTally.Evaluate(totals, RunTally.NotReached(repositories)),
            Totals = totals,
            Repositories = repositories,
            Shard = options.Shard?.ToString(),
            Error = error,
        };
    }

    private async Task<RepositoryReport[]> WorkOnAllAsync<T>(
        WorkList<T> selected,
        Func<T, RunLog, CancellationToken, Task<RepositoryReport>> work,
        Func<T, RepositoryReport> leave,
        CancellationToken cancellationToken
    )
    {
        RepositoryReport[] reports = [.. new RepositoryReport[selected.Items.Count], .. selected.Barred.Select(Fail)];
        var done = 0;
        foreach (var report in reports.Skip(selected.Items.Count))
        {
            observer.Finished(++done, reports.Length, report, []);
        }

        var finishing = new Lock();
        var limits = new ParallelOptions { MaxDegreeOfParallelism = options.Concurrency };

        // Not cancelled from outside: each repository still has to be reported.
        await Parallel.ForAsync(
            0,
            selected.Items.Count,
            limits,
            async (i, _) =>
            {
                var log = new RunLog();
                using var slot = await Slots.TakeAsync(CancellationToken.None);
                reports[i] = cancellationToken.IsCancellationRequested
                    ? leave(selected.Items[i]) with
                    {
                        Status = RepositoryStatus.Skipped,
                        Reason = SkipReason.Cancelled,
                    }
                    : await work(selected.Items[i], log, cancellationToken);
                lock (finishing)
                {
                    // One at a time, so that the numbers are told in their order.
                    observer.Finished(++done, reports.Length, reports[i], log.Messages);
                }
            }
        );
        return reports;
    }

    private RepositoryReport Fail(BarredRepository repository) =>
        new()
        {
            Source = repository.Source,
            Destination = repository.Destination ?? Destination.Workspace,
            Status = RepositoryStatus.Failed,
            Error = repository.Error,
        };
}

/// <summary>Sums the reports of repositories up to the report of a run.</summary>
public static class RunTally
{
    /// <summary>The totals.</summary>
    /// <param name="repositories">One report a repository.</param>
    /// <param name="restRequests">Requests that no repository counted.</param>
    public static RunTotals Sum(IReadOnlyCollection<RepositoryReport> repositories, long restRequests) =>
        new()
        {
            Repositories = repositories.Count,
            Mirrored = repositories.Count(r => r.Status is RepositoryStatus.Mirrored or RepositoryStatus.Planned),
            Unchanged = repositories.Count(r => r.Status == RepositoryStatus.Unchanged),
            Different = repositories.Count(r => r.Status == RepositoryStatus.Different),
            Created = repositories.Count(r => r.Created),
            Skipped = repositories.Count(r => r.Status == RepositoryStatus.Skipped),
            Failed = repositories.Count(r => r.Status == RepositoryStatus.Failed),
            RefsUpdated = repositories.Sum(r => Moved(r.Refs)),
            BytesReceived = repositories.Sum(r => r.BytesReceived),
            BytesSent = repositories.Sum(r => r.BytesSent),
            Requests = repositories.Sum(r => (long)r.Requests) + restRequests,
        };

    /// <summary>How many refs were changed; old values that were kept do not count.</summary>
    public static long Moved(RefCounts refs) => (long)refs.Created + refs.Updated + refs.Forced + refs.Deleted;

    /// <summary>How many repositories a stopped run did not reach, those included that its report counts without listing them.</summary>
    public static int NotReached(RunReport report) =>
        report.Mode == "doctor"
            ? 0 // It works on no repository.
            : NotReached(report.Repositories) + Math.Max(report.Totals.Repositories - report.Repositories.Count, 0);

    /// <summary>How many of these were not reached when the run was stopped.</summary>
    public static int NotReached(IEnumerable<RepositoryReport> repositories) => repositories.Count(r => r.Reason == SkipReason.Cancelled);

    /// <summary>The verdict.</summary>
    /// <param name="totals">The sums.</param>
    /// <param name="notReached">How many of the repositories were not reached.</param>
    public static RunResult Evaluate(RunTotals totals, int notReached) =>
        (totals.Failed + totals.Different + notReached) switch
        {
            0 => RunResult.Success,
            var bad when bad == totals.Repositories => RunResult.Failure,
            _ => RunResult.Partial,
        };

    /// <summary>The verdict on a checklist.</summary>
    /// <param name="findings">All of it.</param>
    /// <param name="error">Why it is not complete; null when it is.</param>
    public static RunResult Evaluate(IEnumerable<Diagnostic> findings, RepositoryError? error) =>
        error is not null || findings.Any(finding => finding.Level == DiagnosticLevel.Problem) ? RunResult.Failure : RunResult.Success;
}

/// <summary>Lets one creation through at a time, with a pause between two of them: hosts throttle bursts of writes.</summary>
internal sealed class CreationPacer(TimeSpan interval, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long? _lastAt;

    internal async Task<T> RunAsync<T>(Func<Task<T>> create, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_lastAt is { } last && interval - time.GetElapsedTime(last) is { Ticks: > 0 } rest)
            {
                await Task.Delay(rest, time, cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await create();
            }
            finally
            {
                _lastAt = time.GetTimestamp();
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
