using MirrorAction.Inputs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Reporting;

/// <summary>Makes one report of those of several shards.</summary>
internal static class ReportJoin
{
    /// <summary>Joins the reports of one run, at least one.</summary>
    /// <param name="folder">What was found.</param>
    /// <param name="version">The version of the program, for the report.</param>
    public static RunReport Join(ReportFolder folder, string version)
    {
        // Of a shard that ran twice the later report counts, but what only the earlier one tells of is told all the same.
        var inOrder = folder.Reports.OrderBy(found => found.Report.StartedAt).ToList();
        var latest = inOrder
            .Where((found, i) => found.Report.Shard is null || inOrder.FindLastIndex(other => other.Report.Shard == found.Report.Shard) == i)
            .ToList();
        RepositoryReport[] repositories =
        [
            .. inOrder
                .SelectMany(found => found.Report.Repositories)
                .GroupBy(repository => repository.Source, StringComparer.OrdinalIgnoreCase)
                .Select(Latest)
                .OrderBy(repository => repository.Source, StringComparer.OrdinalIgnoreCase),
        ];
        JoinedReport[] shards =
        [
            .. latest
                .Select(found => new JoinedReport(found.Report.Shard, found.Path, found.Report.Result, found.Report.Error))
                .Concat(Missing(latest))
                .OrderBy(joined => joined.Shard is { } text && Shard.TryParse(text, out var shard) ? shard.Index : 0)
                .ThenBy(joined => joined.Report, StringComparer.Ordinal),
            .. folder.Damaged,
        ];
        var unlisted = latest.Sum(found => Unlisted(found.Report, inOrder));
        var totals = RunTally.Sum(repositories, inOrder.Sum(found => found.Report.Totals.Requests)); // The file counts them by run alone.
        totals = totals with { Repositories = totals.Repositories + unlisted, Skipped = totals.Skipped + unlisted };
        var first = inOrder[0].Report;
        return new RunReport
        {
            Mode = first.Mode,
            Variant = first.Variant,
            Version = version,
            StartedAt = first.StartedAt,
            DurationMs = inOrder.Max(found => (long)(found.Report.StartedAt - first.StartedAt).TotalMilliseconds + found.Report.DurationMs),
            Source = first.Source,
            Destination = first.Destination,
            Result = Evaluate(totals, RunTally.NotReached(repositories) + unlisted, shards),
            Totals = totals,
            Repositories = repositories,
            Orphans =
            [
                .. latest
                    .SelectMany(found => found.Report.Orphans)
                    .Except(repositories.Where(r => r.Verified).Select(r => r.Destination))
                    .Order(StringComparer.Ordinal),
            ],
            Shards = shards,
            Warnings = [.. latest.SelectMany(found => found.Report.Warnings).Distinct(StringComparer.Ordinal)],
            Error = repositories.Length == 0 && latest.All(found => found.Report.Error is not null) ? latest[0].Report.Error : null,
        };
    }

    /// <summary>Refuses reports of other owners, another workspace, mode or division: their sums would be of nothing.</summary>
    /// <exception cref="ConfigurationException">Names every report that does not fit to the first.</exception>
    public static void RequireOneRun(IReadOnlyList<FoundReport> reports)
    {
        var first = reports[0];
        var problems =
            from found in reports
            let difference = Difference(found.Report, first.Report)
            where difference is not null
            select new ConfigurationProblem(
                found.Path,
                $"{difference}, so both are not of one run. Give a folder with the reports of one run alone."
            );
        if (problems.ToList() is { Count: > 0 } all)
        {
            throw new ConfigurationException(all);
        }

        string? Difference(RunReport report, RunReport other) =>
            Owners(report) != Owners(other) ? $"is about {Owners(report)}, {first.Path} about {Owners(other)}"
            : !report.Destination.Equals(other.Destination)
                ? $"is about {report.Destination.Workspace} at {report.Destination.Host}, "
                    + $"{first.Path} about {other.Destination.Workspace} at {other.Destination.Host}"
            : ModeOf(report) != ModeOf(other) ? $"tells of mode {ModeOf(report)}, {first.Path} of {ModeOf(other)}"
            : Division(report) != Division(other) ? $"tells of {Division(report)}, {first.Path} of {Division(other)}"
            : null;
    }

    private static string Owners(RunReport report) =>
        string.Join(", ", report.Source.Owners.Select(owner => owner.ToLowerInvariant()).Order(StringComparer.Ordinal)) + " at " + report.Source.Host;

    private static string ModeOf(RunReport report) => report.Variant is null ? report.Mode : $"{report.Mode} ({report.Variant})";

    private static string Division(RunReport report) => Parse(report) is { } shard ? $"one of {shard.Count} shards" : "a run without shards";

    private static Shard? Parse(RunReport report) => report.Shard is { } text && Shard.TryParse(text, out var shard) ? shard : null;

    private static IEnumerable<JoinedReport> Missing(IReadOnlyList<FoundReport> latest)
    {
        var there = latest.Select(found => Parse(found.Report)).OfType<Shard>().ToHashSet();
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
                    $"Shard {shard} gave no report: as far as anybody knows, nothing was done for its repositories.",
                    "Look at the log of that job, then re-run the failed jobs."
                )
            ));
    }

    /// <summary>What the last run that reached it tells of a repository; one that did not reach it tells nothing.</summary>
    private static RepositoryReport Latest(IEnumerable<RepositoryReport> reports) =>
        reports.LastOrDefault(report => report.Reason != SkipReason.Cancelled) ?? reports.Last();

    /// <summary>How many repositories a run that was cut short counts without listing them, and no other run of its shard lists either.</summary>
    private static int Unlisted(RunReport report, List<FoundReport> all)
    {
        var ofShard = report.Shard is null ? [report] : all.Select(found => found.Report).Where(other => other.Shard == report.Shard);
        var listed = ofShard.SelectMany(run => run.Repositories).DistinctBy(repository => repository.Source, StringComparer.OrdinalIgnoreCase);
        return Math.Max(report.Totals.Repositories - listed.Count(), 0);
    }

    private static RunResult Evaluate(RunTotals totals, int notReached, JoinedReport[] shards) =>
        RunTally.Evaluate(totals, notReached) switch
        {
            RunResult.Success when shards.Any(shard => shard.Error is not null) => shards.All(shard => shard.Error is not null)
                ? RunResult.Failure
                : RunResult.Partial,
            RunResult.Failure when shards.Any(shard => shard.Error is null && shard.Result != RunResult.Failure) => RunResult.Partial,
            var result => result,
        };
}
