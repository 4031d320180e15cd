using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Reporting;

/// <summary>Tells a run as Markdown for the step's summary: what failed and what to do first, what did not change last and folded.</summary>
internal static class SummaryWriter
{
    /// <summary>The runner drops summaries above 1 MiB; this leaves room for what other parts of the step may add.</summary>
    public const int MaxBytes = 900 * 1024;

    private const string TableRule = "| --- | --- | --- | --- | ---: | ---: |";

    /// <summary>The page.</summary>
    /// <param name="report">The run.</param>
    /// <param name="loss">Why there is no <c>report.json</c>; null when there is.</param>
    public static string Write(RunReport report, RepositoryError? loss = null)
    {
        var words = ModeText.Of(report);
        if (words.IsChecklist)
        {
            return DoctorSummary.Write(report, loss);
        }

        var page = new BoundedMarkdown(MaxBytes);
        page.Line($"## {Headline(report, words)}");
        page.Line();
        page.Line(MarkdownText.Escape(ReportText.Totals(report).ToString()) + ".");
        page.Line();
        Caution(page, report.Error);
        Caution(page, loss);
        var byStatus = report.Repositories.ToLookup(repository => repository.Status);
        Shards(page, report);
        Failures(page, [.. byStatus[RepositoryStatus.Failed]], words);
        NotReached(page, report);
        Different(page, report, [.. byStatus[RepositoryStatus.Different]], words);
        Warnings(page, report, words);
        List<RepositoryReport> done = [.. byStatus[RepositoryStatus.Mirrored], .. byStatus[RepositoryStatus.Planned]];
        Table(page, [$"### {words.DoneHeading} ({done.Count})", "", TableHead(words), TableRule], done, words, []);
        Kept(page, report, words);
        page.Rows(
            [
                $"### Mirrors without a source ({report.Orphans.Count})",
                "",
                "Their source is gone, has another name now (then it is told above), or these credentials do not see it (any more): "
                    + "a private one needs a token that does. They are never deleted.",
                "",
            ],
            report.Orphans.Select(orphan => $"- {MarkdownText.Escape(orphan)}"),
            []
        );
        Skipped(page, [.. byStatus[RepositoryStatus.Skipped].Where(repository => repository.Reason != SkipReason.Cancelled)], words);
        var unchanged = byStatus[RepositoryStatus.Unchanged].ToList();
        string[] folded = ["<details>", $"<summary>{Capital(words.Same)} ({unchanged.Count})</summary>", "", TableHead(words), TableRule];
        string[] open = [$"### {Capital(words.Same)} ({unchanged.Count})", "", TableHead(words), TableRule];
        Table(page, words.FoldsSame ? folded : open, unchanged, words, words.FoldsSame ? ["", "</details>"] : []);
        return Closed(page);
    }

    /// <summary>Who is mirrored where, for a headline.</summary>
    internal static string Names(RunReport report) =>
        string.Join(
            " → ",
            new[] { string.Join(", ", report.Source.Owners), Destinations(report) }.Where(name => name.Length > 0).Select(MarkdownText.Escape)
        );

    private static string Destinations(RunReport report) =>
        report.Destinations.Count > 0 ? string.Join(", ", report.Destinations) : report.Destination.Workspace;

    /// <summary>What is wrong with the run as a whole, if anything is.</summary>
    internal static void Caution(BoundedMarkdown page, RepositoryError? error)
    {
        if (error is not null)
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

    private static string Headline(RunReport report, ModeText words)
    {
        var parts = Parts(report);
        var partsCount = Quantity.Count(parts.Count, parts.All(joined => joined.Shard is null) ? "report" : "shard");
        var verdict = report switch
        {
            { Error: not null, Repositories.Count: 0 } => "nothing could be done",
            _ when RunTally.NotReached(report) is > 0 and var left => FormattableString.Invariant(
                $"stopped, {left} of {report.Totals.Repositories} not reached"
            ),
            { Error: not null } => "broke off",
            _ when parts.Count(joined => joined.Error is not null) is > 0 and var lost => FormattableString.Invariant(
                $"{lost} of {partsCount} could not be done"
            ),
            _ when report.Shards.Any(joined => joined.Error is not null) => "a report can't be read",
            { Totals: { Failed: > 0, Different: > 0 } totals } => FormattableString.Invariant(
                $"{totals.Different} of {totals.Repositories} differ, {totals.Failed} {words.Failed}"
            ),
            { Totals: { Failed: > 0 } totals } =>
                $"{totals.Failed} of {Quantity.Count(totals.Repositories, "repository", "repositories")} {words.Failed}",
            { Totals: { Different: > 0 } totals } => FormattableString.Invariant(
                $"{totals.Different} of {totals.Repositories} {(totals.Different == 1 ? "differs" : "differ")}"
            ),
            { Totals.Repositories: 0 } => "no repository was selected",
            _ => words.Verdict(report),
        };
        var sign = report.Result switch
        {
            RunResult.Success => "✅",
            RunResult.Partial => "⚠️",
            _ => "❌",
        };
        var part = report switch
        {
            { Shard: { } shard } => $" (shard {MarkdownText.Escape(shard)})",
            { Shards.Count: > 0 } => $" ({partsCount})",
            _ => "",
        };
        return $"{sign} {words.Title} {Names(report)}{part}: {verdict}";
    }

    /// <summary>The shards, without files that may have been of any; or all reports, when none is of a shard.</summary>
    private static List<JoinedReport> Parts(RunReport report) =>
        report.Shards.Where(joined => joined.Shard is not null).ToList() is { Count: > 0 } shards ? shards : [.. report.Shards];

    private static void Shards(BoundedMarkdown page, RunReport report)
    {
        var lost = report.Shards.Where(joined => joined.Error is not null).ToList();
        page.Rows(
            [$"### Shards without a result ({lost.Count})", "", "| Shard | Report | Why | What to do |", "| --- | --- | --- | --- |"],
            lost.Select(joined =>
                $"| {MarkdownText.Escape(joined.Shard ?? "unknown")} | {MarkdownText.Escape(joined.Report ?? "none")} "
                + $"| {MarkdownText.Escape(joined.Error!.Message)} | {MarkdownText.Escape(joined.Error.Hint ?? "")} |"
            ),
            []
        );
    }

    private static void Failures(BoundedMarkdown page, List<RepositoryReport> failed, ModeText words) =>
        page.Rows(
            [
                $"### {Capital(words.Failed)} ({failed.Count})",
                "",
                $"| {words.Source} | {words.Destination} | Why | What to do |",
                "| --- | --- | --- | --- |",
            ],
            failed.Select(repository =>
                $"| {Source(repository)} | {Destination(repository)} "
                + $"| {MarkdownText.Escape(repository.Error?.Message ?? "no reason given")} | {MarkdownText.Escape(repository.Error?.Hint ?? "")} |"
            ),
            []
        );

    /// <summary>Their names are in the report; here they would only push away what happened.</summary>
    private static void NotReached(BoundedMarkdown page, RunReport report)
    {
        if (RunTally.NotReached(report) is > 0 and var left)
        {
            const string Why = "The run was stopped, by a signal or by `timeout-minutes`, before it came to them. The next run continues there.";
            page.Rows([$"### Not reached ({left})", ""], [Why], []);
        }
    }

    private static void Warnings(BoundedMarkdown page, RunReport report, ModeText words)
    {
        var rows =
            from repository in report.Repositories
            where repository.Status != RepositoryStatus.Different // Its warnings say what differs.
            from warning in repository.Warnings
            select $"| {Source(repository)} | {Destination(repository)} | {MarkdownText.Escape(warning)} |";
        var ofTheRun = report.Warnings.Select(warning => $"| | | {MarkdownText.Escape(warning)} |");
        page.Rows(
            ["### Please look at these", "", $"| {words.Source} | {words.Destination} | What |", "| --- | --- | --- |"],
            ofTheRun.Concat(rows),
            []
        );
    }

    private static void Table(BoundedMarkdown page, string[] head, List<RepositoryReport> repositories, ModeText words, string[] tail) =>
        page.Rows(
            head,
            repositories.Select(repository =>
                $"| {Source(repository)} | {Destination(repository)} | {ReportText.Result(repository, words)} | {ReportText.Refs(repository.Refs)} "
                + $"| {Quantity.Bytes(repository.BytesReceived + repository.BytesSent)} | {Quantity.Duration(repository.DurationMs)} |"
            ),
            tail
        );

    private static void Different(BoundedMarkdown page, RunReport report, List<RepositoryReport> different, ModeText words)
    {
        page.Rows(
            [
                $"### Different ({different.Count})",
                "",
                $"| {words.Source} | {words.Destination} | What differs | Both were equal |",
                "| --- | --- | --- | --- |",
            ],
            different.Select(repository =>
                $"| {Source(repository)} | {Destination(repository)} | "
                + $"{MarkdownText.Escape(ReportText.Differences(repository))} | {ReportText.LastVerified(repository, report)} |"
            ),
            []
        );
        page.Rows(
            ["### Refs that differ", "", "| Repository | Ref | Which way | At the source | At the mirror |", "| --- | --- | --- | --- | --- |"],
            from repository in different
            where repository.Error?.Code != ErrorCode.DestinationNotFound // Without a mirror it is all of them.
            from change in repository.Changes
            select $"| {Source(repository)} | {MarkdownText.Code(change.Ref)} | "
                + $"{ReportText.Difference(change)} | {Id(change.New)} | {Id(change.Old)} |",
            []
        );
    }

    private static void Kept(BoundedMarkdown page, RunReport report, ModeText words)
    {
        if (words.IsComparison)
        {
            return;
        }

        var rows =
            from repository in report.Repositories
            from change in repository.Changes
            where change.Kind is RefChangeKind.Force or RefChangeKind.Delete or RefChangeKind.Keep
            select $"| {Source(repository)} | {MarkdownText.Code(change.Ref)} | {ReportText.Kind(change)} | {Id(change.Old)} | {Id(change.New)} |";
        var heading = words.IsPlan ? "### Would be overwritten, deleted or kept" : "### Overwritten, deleted and kept refs";
        page.Rows([heading, "", $"| {words.Source} | Ref | What | Before | After |", "| --- | --- | --- | --- | --- |"], rows, []);
    }

    private static void Skipped(BoundedMarkdown page, List<RepositoryReport> skipped, ModeText words) =>
        page.Rows(
            [$"### Skipped ({skipped.Count})", "", $"| {words.Source} | {words.Destination} | Why |", "| --- | --- | --- |"],
            skipped.Select(repository =>
                $"| {Source(repository)} | {Destination(repository)} "
                + $"| {ReportText.Reason(repository.Reason)}: {ReportText.ExplainReason(repository.Reason)} |"
            ),
            []
        );

    private static string TableHead(ModeText words) => $"| {words.Source} | {words.Destination} | Result | Refs | Bytes | Time |";

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    private static string Source(RepositoryReport repository) => MarkdownText.Link(repository.Source, repository.SourceUrl);

    private static string Destination(RepositoryReport repository) =>
        MarkdownText.Link(repository.Destination, repository.DestinationUrl)
        + (repository.At is null ? "" : $" ({MarkdownText.Escape(repository.At)})");

    private static string Id(string? id) => id is null ? "" : MarkdownText.Code(ReportText.ShortId(id));
}
