using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Reporting;

/// <summary>The reports about one destination that are joined: of its shards, or of one run and its repetitions. Immutable.</summary>
/// <param name="To">The destination.</param>
/// <param name="Latest">The reports that count: of a shard that ran twice the later one.</param>
/// <param name="Repositories">What the last run that reached it tells of each repository.</param>
/// <param name="Unlisted">How many repositories runs that were cut short count without listing them.</param>
internal sealed record JoinedDestination(
    ReportDestination To,
    IReadOnlyList<FoundReport> Latest,
    IReadOnlyList<RepositoryReport> Repositories,
    int Unlisted
)
{
    /// <summary>Mirrors whose source is gone, without those that a later run found again.</summary>
    public IEnumerable<string> Orphans =>
        Latest.SelectMany(found => found.Report.Orphans).Except(Repositories.Where(r => r.Verified).Select(r => r.Destination));

    /// <summary>Joins the reports about a destination.</summary>
    /// <param name="to">The destination.</param>
    /// <param name="inOrder">Its reports in the order of time.</param>
    public static JoinedDestination Of(ReportDestination to, List<FoundReport> inOrder)
    {
        // Of a shard that ran twice the later report counts, but what only the earlier one tells of is told all the same.
        var latest = inOrder
            .Where((found, i) => found.Report.Shard is null || inOrder.FindLastIndex(other => other.Report.Shard == found.Report.Shard) == i)
            .ToList();
        var repositories = inOrder
            .SelectMany(found => found.Report.Repositories)
            .GroupBy(repository => repository.Source, StringComparer.OrdinalIgnoreCase)
            .Select(LastOf)
            .ToList();
        return new(to, latest, repositories, latest.Sum(found => UnlistedOf(found.Report, inOrder)));
    }

    /// <summary>The shard that a report is of; null for a run without shards.</summary>
    public static Shard? ShardOf(RunReport report) => report.Shard is { } text && Shard.TryParse(text, out var shard) ? shard : null;

    /// <summary>The reports that count, and the shards that gave none.</summary>
    /// <param name="namesDestination">There are other destinations, so messages name this one.</param>
    public IEnumerable<JoinedReport> Shards(bool namesDestination) =>
        Latest
            .Select(found => new JoinedReport(found.Report.Shard, found.Path, found.Report.Result, found.Report.Error))
            .Concat(Missing(namesDestination ? $" of {To}" : ""))
            .OrderBy(joined => joined.Shard is { } text && Shard.TryParse(text, out var shard) ? shard.Index : 0)
            .ThenBy(joined => joined.Report, StringComparer.Ordinal);

    private IEnumerable<JoinedReport> Missing(string ofDestination)
    {
        var there = Latest.Select(found => ShardOf(found.Report)).OfType<Shard>().ToHashSet();
        var count = there.Count == 0 ? 0 : there.First().Count;
        return Enumerable
            .Range(1, count)
            .Select(i => new Shard(i, count))
            .Where(shard => !there.Contains(shard))
            .Select(shard => new JoinedReport(
                shard.ToString(),
                null,
                RunResult.Failure,
                new(
                    ErrorCode.NoReport,
                    $"Shard {shard}{ofDestination} gave no report: as far as anybody knows, nothing was done for its repositories.",
                    "Look at the log of that job, then re-run the failed jobs."
                )
            ));
    }

    /// <summary>What the last run that reached it tells of a repository; one that did not reach it tells nothing.</summary>
    private static RepositoryReport LastOf(IEnumerable<RepositoryReport> reports) =>
        reports.LastOrDefault(report => report.Reason != SkipReason.Cancelled) ?? reports.Last();

    /// <summary>How many repositories a run that was cut short counts without listing them, and no other run of its shard lists either.</summary>
    private static int UnlistedOf(RunReport report, List<FoundReport> all)
    {
        var ofShard = report.Shard is null ? [report] : all.Select(found => found.Report).Where(other => other.Shard == report.Shard);
        var listed = ofShard.SelectMany(run => run.Repositories).DistinctBy(repository => repository.Source, StringComparer.OrdinalIgnoreCase);
        return Math.Max(report.Totals.Repositories - listed.Count(), 0);
    }
}
