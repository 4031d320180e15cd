using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Reporting.Summary;

/// <summary>What needs a person: what is not safe, by its cause and with one fix for all of a group, what was not reached, what looks odd.</summary>
internal static class PersonSection
{
    /// <summary>Adds it to the page.</summary>
    public static void Write(BoundedMarkdown page, RunOutcome outcome)
    {
        Shards(page, outcome);
        Groups(page, outcome);
        Different(page, outcome);
        NotReached(page, outcome);
        Warnings(page, outcome);
    }

    private static void Shards(BoundedMarkdown page, RunOutcome outcome)
    {
        var lost = outcome.Report.Shards.Where(joined => joined.Error is not null).ToList();
        page.Table(
            SummaryWriter.Counted("Shards without a result", lost.Count),
            ["Shard", "Report", "Why", "What to do"],
            [
                .. lost.Select(joined =>
                    new[]
                    {
                        MarkdownText.Escape(joined.Shard ?? "unknown"),
                        MarkdownText.Escape(joined.Report ?? "none"),
                        MarkdownText.Escape(joined.Error!.Message),
                        MarkdownText.Escape(joined.Error.Hint ?? ""),
                    }
                ),
            ]
        );
    }

    private static void Groups(BoundedMarkdown page, RunOutcome outcome)
    {
        foreach (var group in FailureGroup.Of(outcome.Report))
        {
            Group(page, outcome, group);
        }
    }

    private static void Group(BoundedMarkdown page, RunOutcome outcome, FailureGroup group)
    {
        var words = outcome.Words;
        List<Column> columns = [words.Source, words.Destination];
        if (group.Message is null)
        {
            columns.Add(group.Code is null ? "What differs" : "Why");
        }

        if (words.DatesVerification)
        {
            columns.Add("Both were equal");
        }

        var title = group.Code is { } code ? MarkdownText.Code(DocsLinks.Word(code)) : "different";
        var count = Quantity.Count(group.Repositories.Count, "repository", "repositories");
        page.Table($"{count}: {title}", columns, [.. group.Repositories.Select(Row)], intro: Intro(outcome, group));

        List<string> Row(RepositoryReport repository)
        {
            List<string> cells = [SummaryWriter.Source(repository), SummaryWriter.Destination(repository, words)];
            if (group.Message is null)
            {
                var reason = repository.Status == RepositoryStatus.Different ? ReportText.Differences(repository) : repository.Error?.Message;
                cells.Add(MarkdownText.Escape(reason ?? "no reason given"));
            }

            if (words.DatesVerification)
            {
                cells.Add(ReportText.LastVerified(repository, outcome.Report));
            }

            return cells;
        }
    }

    /// <summary>What happened, what helps, where that is explained, and what to give to re-run just these.</summary>
    private static List<string> Intro(RunOutcome outcome, FailureGroup group)
    {
        List<string> lines = [];
        if (group.Message is { } message)
        {
            lines.Add($"- {MarkdownText.Escape(message)}");
        }

        if (group.Hint is { } hint)
        {
            lines.Add($"- **What to do:** {MarkdownText.Escape(hint)}");
        }

        if (group.Code is { } code && outcome.Docs.For(code) is { } link)
        {
            lines.Add($"- {MarkdownText.Link($"More about {DocsLinks.Word(code)}", link)}");
        }

        if (group.Selection(outcome.Report) is { Count: > 0 } names)
        {
            lines.Add($"- Just these again: <code>repositories: {string.Join(", ", names.Select(MarkdownText.Escape))}</code>");
        }

        return lines;
    }

    private static void Different(BoundedMarkdown page, RunOutcome outcome) =>
        page.Table(
            "Refs that differ",
            ["Repository", "Ref", "Which way", "At the source", "At the mirror"],
            [
                .. from repository in outcome.Report.Repositories
                where repository.Status == RepositoryStatus.Different
                where repository.Error?.Code != ErrorCode.DestinationNotFound // Without a mirror it is all of them.
                from change in repository.Changes
                select new[]
                {
                    SummaryWriter.Source(repository),
                    MarkdownText.Code(change.Ref),
                    ReportText.Difference(change),
                    SummaryWriter.Id(change.New),
                    SummaryWriter.Id(change.Old),
                },
            ]
        );

    /// <summary>Their names are in the report; here they would only push away what happened.</summary>
    private static void NotReached(BoundedMarkdown page, RunOutcome outcome)
    {
        if (RunTally.NotReached(outcome.Report) is > 0 and var left)
        {
            const string Why = "The run was stopped, by a signal or by `timeout-minutes`, before it came to them. The next run continues there.";
            page.Rows([$"### {SummaryWriter.Counted("Not reached", left)}", ""], [Why], []);
        }
    }

    private static void Warnings(BoundedMarkdown page, RunOutcome outcome)
    {
        var ofTheRun = outcome.Report.Warnings.Select(warning => $"- {MarkdownText.Escape(warning)}");
        var rows =
            from repository in outcome.Report.Repositories
            where repository.Status != RepositoryStatus.Different // Its warnings say what differs.
            from warning in repository.Warnings
            select $"- {SummaryWriter.Source(repository)}: {MarkdownText.Escape(warning)}";
        page.Rows(["### Please look at these", ""], ofTheRun.Concat(rows), []);
    }
}
