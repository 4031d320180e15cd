using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Runs;

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
