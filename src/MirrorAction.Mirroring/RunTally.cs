using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reporting;

namespace MirrorAction.Mirroring;

/// <summary>Sums the reports of repositories up to the report of a run.</summary>
public static class RunTally
{
    /// <summary>The totals.</summary>
    /// <param name="repositories">One report a repository.</param>
    /// <param name="restRequests">Requests that no repository counted.</param>
    public static RunTotals Sum(IReadOnlyCollection<RepositoryReport> repositories, long restRequests) => new()
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

    /// <summary>The verdict.</summary>
    public static RunResult Judge(RunTotals totals) => (totals.Failed + totals.Different) switch
    {
        0 => RunResult.Success,
        var bad when bad == totals.Repositories => RunResult.Failure,
        _ => RunResult.Partial,
    };

    /// <summary>The verdict on a checklist.</summary>
    /// <param name="findings">All of it.</param>
    /// <param name="error">Why it is not complete; null when it is.</param>
    public static RunResult Judge(IEnumerable<Finding> findings, RepositoryError? error) =>
        error is not null || findings.Any(finding => finding.Level == FindingLevel.Problem) ? RunResult.Failure : RunResult.Success;
}
