using MirrorAction.Mirroring.Reporting;

namespace MirrorAction.Reporting;

/// <summary>Tells a run as Markdown for the step's summary: what failed and what to do first, what did not change last and folded.</summary>
internal static class SummaryWriter
{
    /// <summary>The runner drops summaries above 1 MiB; this leaves room for what other parts of the step may add.</summary>
    public const int MaxBytes = 900 * 1024;

    private const string TableHead = "| Repository | Mirror | Result | Refs | Bytes | Time |";
    private const string TableRule = "| --- | --- | --- | --- | ---: | ---: |";

    /// <summary>The page.</summary>
    public static string Write(RunReport report)
    {
        if (report.Mode == "doctor")
        {
            return DoctorSummary.Write(report);
        }

        var isPlan = report.Mode == "plan";
        var page = new BoundedMarkdown(MaxBytes);
        page.Line($"## {Headline(report, isPlan)}");
        page.Line();
        page.Line(MarkdownText.Escape(ReportWords.Totals(report)) + ".");
        page.Line();
        Caution(page, report);
        var byStatus = report.Repositories.ToLookup(repository => repository.Status);
        Shards(page, report);
        Failures(page, [.. byStatus[RepositoryStatus.Failed]]);
        Warnings(page, report);
        List<RepositoryReport> changed =
            [.. byStatus[RepositoryStatus.Mirrored], .. byStatus[RepositoryStatus.Planned], .. byStatus[RepositoryStatus.Different]];
        Table(page, [$"### {(isPlan ? "Would change" : "Changed")} ({changed.Count})", "", TableHead, TableRule], changed, isPlan, []);
        Kept(page, report, isPlan);
        page.Rows(
            [
                $"### Mirrors without a source ({report.Orphans.Count})", "",
                "Their source is gone, or these credentials do not see it (any more): a private one needs a token that does. They are never deleted.", "",
            ],
            report.Orphans.Select(orphan => $"- {MarkdownText.Escape(orphan)}"), []);
        Skipped(page, [.. byStatus[RepositoryStatus.Skipped]]);
        var unchanged = byStatus[RepositoryStatus.Unchanged].ToList();
        string[] folded = ["<details>", $"<summary>Unchanged ({unchanged.Count})</summary>", "", TableHead, TableRule];
        Table(page, folded, unchanged, isPlan, ["", "</details>"]);
        return Closed(page);
    }

    /// <summary>Who is mirrored where, for a headline.</summary>
    internal static string Names(RunReport report) =>
        $"{MarkdownText.Escape(string.Join(", ", report.Source.Owners))} → {MarkdownText.Escape(report.Destination.Workspace)}";

    /// <summary>Why the run as a whole could not be done, if so.</summary>
    internal static void Caution(BoundedMarkdown page, RunReport report)
    {
        if (report.Error is { } error)
        {
            page.Line("> [!CAUTION]");
            page.Line($"> **{MarkdownText.Escape(error.Message)}**");
            if (error.Hint is not null)
            {
                page.Line($"> {MarkdownText.Escape(error.Hint)}");
            }

            page.Line();
        }
    }

    /// <summary>The whole page, which tells what found no room on it.</summary>
    internal static string Closed(BoundedMarkdown page)
    {
        if (page.Dropped > 0)
        {
            page.Line($"{Quantity.Count(page.Dropped, "more row is", "more rows are")} in report.json.");
        }

        return page.ToString();
    }

    private static string Headline(RunReport report, bool isPlan)
    {
        var parts = Parts(report);
        var partsCount = Quantity.Count(parts.Count, parts.All(joined => joined.Shard is null) ? "report" : "shard");
        var verdict = report switch
        {
            { Error: not null } => "nothing could be done",
            _ when parts.Count(joined => joined.Error is not null) is > 0 and var lost => FormattableString.Invariant($"{lost} of {partsCount} could not be done"),
            _ when report.Shards.Any(joined => joined.Error is not null) => "a report can't be read",
            { Totals.Failed: > 0 } => $"{report.Totals.Failed} of {Quantity.Count(report.Totals.Repositories, "repository", "repositories")} failed",
            { Totals.Repositories: 0 } => "no repository was selected",
            _ when isPlan => report.Totals.RefsUpdated + report.Totals.Created == 0 ? "nothing to do" : "what a run would do",
            { Totals.Mirrored: 0, Totals.Created: 0 } => "everything was up to date",
            _ => "up to date",
        };
        var sign = report.Result switch { RunResult.Success => "✅", RunResult.Partial => "⚠️", _ => "❌" };
        var part = report switch
        {
            { Shard: { } shard } => $" (shard {MarkdownText.Escape(shard)})",
            { Shards.Count: > 0 } => $" ({partsCount})",
            _ => "",
        };
        return $"{sign} {(isPlan ? "Plan" : "Mirror")} {Names(report)}{part}: {verdict}";
    }

    /// <summary>The shards, without files that may have been of any; or all reports, when none is of a shard.</summary>
    private static List<JoinedReport> Parts(RunReport report) => report.Shards.Where(joined => joined.Shard is not null).ToList() is { Count: > 0 } shards ? shards : [.. report.Shards];

    private static void Shards(BoundedMarkdown page, RunReport report)
    {
        var lost = report.Shards.Where(joined => joined.Error is not null).ToList();
        page.Rows(
            [$"### Shards without a result ({lost.Count})", "", "| Shard | Report | Why | What to do |", "| --- | --- | --- | --- |"],
            lost.Select(joined => $"| {MarkdownText.Escape(joined.Shard ?? "unknown")} | {MarkdownText.Escape(joined.Report ?? "none")} "
                + $"| {MarkdownText.Escape(joined.Error!.Message)} | {MarkdownText.Escape(joined.Error.Hint ?? "")} |"),
            []);
    }

    private static void Failures(BoundedMarkdown page, List<RepositoryReport> failed) => page.Rows(
        [$"### Failed ({failed.Count})", "", "| Repository | Mirror | Why | What to do |", "| --- | --- | --- | --- |"],
        failed.Select(repository =>
            $"| {Source(repository)} | {Destination(repository)} "
            + $"| {MarkdownText.Escape(repository.Error?.Message ?? "no reason given")} | {MarkdownText.Escape(repository.Error?.Hint ?? "")} |"),
        []);

    private static void Warnings(BoundedMarkdown page, RunReport report)
    {
        var rows =
            from repository in report.Repositories
            from warning in repository.Warnings
            select $"| {Source(repository)} | {Destination(repository)} | {MarkdownText.Escape(warning)} |";
        var ofTheRun = report.Warnings.Select(warning => $"| | | {MarkdownText.Escape(warning)} |");
        page.Rows(["### Please look at these", "", "| Repository | Mirror | What |", "| --- | --- | --- |"], ofTheRun.Concat(rows), []);
    }

    private static void Table(BoundedMarkdown page, string[] head, List<RepositoryReport> repositories, bool isPlan, string[] tail) => page.Rows(
        head,
        repositories.Select(repository =>
            $"| {Source(repository)} | {Destination(repository)} | {ReportWords.Result(repository, isPlan)} | {ReportWords.Refs(repository.Refs)} "
            + $"| {Quantity.Bytes(repository.BytesReceived + repository.BytesSent)} | {Quantity.Duration(repository.DurationMs)} |"),
        tail);

    private static void Kept(BoundedMarkdown page, RunReport report, bool isPlan)
    {
        var rows =
            from repository in report.Repositories
            from change in repository.Changes
            where change.Kind is RefChangeKind.Force or RefChangeKind.Delete or RefChangeKind.Keep
            select $"| {Source(repository)} | {MarkdownText.Code(change.Ref)} | {ReportWords.Kind(change.Kind)} | {Id(change.Old)} | {Id(change.New)} |";
        var heading = isPlan ? "### Would be rewritten, deleted or kept" : "### Rewritten, deleted and kept refs";
        page.Rows([heading, "", "| Repository | Ref | What | Before | After |", "| --- | --- | --- | --- | --- |"], rows, []);
    }

    private static void Skipped(BoundedMarkdown page, List<RepositoryReport> skipped) => page.Rows(
        [$"### Skipped ({skipped.Count})", "", "| Repository | Mirror | Why |", "| --- | --- | --- |"],
        skipped.Select(repository =>
            $"| {Source(repository)} | {Destination(repository)} "
            + $"| {ReportWords.Reason(repository.Reason)}: {ReportWords.ExplainReason(repository.Reason)} |"),
        []);

    private static string Source(RepositoryReport repository) => MarkdownText.Link(repository.Source, repository.SourceUrl);

    private static string Destination(RepositoryReport repository) => MarkdownText.Link(repository.Destination, repository.DestinationUrl);

    private static string Id(string? id) => id is null ? "" : MarkdownText.Code(ReportWords.ShortId(id));
}
