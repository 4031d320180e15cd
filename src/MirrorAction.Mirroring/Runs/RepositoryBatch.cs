using MirrorAction.Git.Transport;
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
