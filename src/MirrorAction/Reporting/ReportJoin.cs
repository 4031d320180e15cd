using MirrorAction.Inputs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Reporting;

/// <summary>Makes one report of those of several shards, several destinations, or both.</summary>
internal static class ReportJoin
{
    /// <summary>Joins the reports of one run, at least one.</summary>
    /// <param name="folder">What was found.</param>
    /// <param name="version">The version of the program, for the report.</param>
    public static RunReport Join(ReportFolder folder, string version)
    {
        var inOrder = folder.Reports.OrderBy(found => found.Report.StartedAt).ToList();
        var parts = inOrder
            .GroupBy(found => found.Report.Destination)
            .OrderBy(group => group.Key.ToString(), StringComparer.OrdinalIgnoreCase)
            .Select(group => JoinedDestination.Of(group.Key, [.. group]))
            .ToList();
        var areSeveral = parts.Count > 1;
        RepositoryReport[] repositories =
        [
            .. parts
                .SelectMany(part => part.Repositories.Select(repository => areSeveral ? repository with { At = part.To.ToString() } : repository))
                .OrderBy(repository => repository.Source, StringComparer.OrdinalIgnoreCase),
        ];
        JoinedReport[] shards = [.. parts.SelectMany(part => part.Shards(areSeveral)), .. folder.Damaged];
        var latest = parts.SelectMany(part => part.Latest).ToList();
        var unlisted = parts.Sum(part => part.Unlisted);
        var totals = RunTally.Sum(repositories, inOrder.Sum(found => found.Report.Totals.Requests)); // The file counts them by run alone.
        totals = totals with { Repositories = totals.Repositories + unlisted, Skipped = totals.Skipped + unlisted };
        var first = inOrder[0].Report;
        var joined = new RunReport
        {
            Mode = first.Mode,
            Variant = first.Variant,
            Version = version,
            StartedAt = first.StartedAt,
            DurationMs = inOrder.Max(found => (long)(found.Report.StartedAt - first.StartedAt).TotalMilliseconds + found.Report.DurationMs),
            Source = first.Source,
            Destination = parts[0].To,
            Destinations = areSeveral ? [.. parts.Select(part => part.To)] : [],
            Result = Evaluate(totals, RunTally.NotReached(repositories) + unlisted, shards),
            Totals = totals,
            Repositories = repositories,
            Orphans = [.. parts.SelectMany(part => part.Orphans).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            OrphanSources = [.. latest.SelectMany(found => found.Report.OrphanSources).DistinctBy(source => source.Mirror)],
            Shards = shards,
            Warnings = [.. latest.SelectMany(found => found.Report.Warnings).Distinct(StringComparer.Ordinal)],
            Error = repositories.Length == 0 && latest.All(found => found.Report.Error is not null) ? latest[0].Report.Error : null,
        };
        return inOrder.Aggregate(joined, (report, found) => MirrorMemory.Carry(report, found.Report));
    }

    /// <summary>
    /// Refuses reports of other owners, another mode, or another division of the same destination: their sums would be of nothing. One of the run may
    /// be for each of several destinations.
    /// </summary>
    /// <exception cref="ConfigurationException">Names every report that does not fit to the first.</exception>
    public static void RequireOneRun(IReadOnlyList<FoundReport> reports)
    {
        var problems =
            from found in reports
            let first = reports[0]
            let same = reports.First(other => other.Report.Destination == found.Report.Destination)
            let difference = Difference(found.Report, first, same)
            where difference is not null
            select new ConfigurationProblem(
                found.Path,
                $"{difference}, so both are not of one run. Give a folder with the reports of one run alone."
            );
        if (problems.ToList() is { Count: > 0 } all)
        {
            throw new ConfigurationException(all);
        }
    }

    private static string? Difference(RunReport report, FoundReport first, FoundReport same) =>
        Owners(report) != Owners(first.Report) ? $"is about {Owners(report)}, {first.Path} about {Owners(first.Report)}"
        : ModeOf(report) != ModeOf(first.Report) ? $"tells of mode {ModeOf(report)}, {first.Path} of {ModeOf(first.Report)}"
        : Division(report) != Division(same.Report) ? $"tells of {Division(report)}, {same.Path} of {Division(same.Report)}"
        : null;

    private static string Owners(RunReport report) =>
        string.Join(", ", report.Source.Owners.Select(owner => owner.ToLowerInvariant()).Order(StringComparer.Ordinal)) + " at " + report.Source.Host;

    private static string ModeOf(RunReport report) => report.Variant is null ? report.Mode : $"{report.Mode} ({report.Variant})";

    private static string Division(RunReport report) =>
        JoinedDestination.ShardOf(report) is { } shard ? $"one of {shard.Count} shards" : "a run without shards";

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
