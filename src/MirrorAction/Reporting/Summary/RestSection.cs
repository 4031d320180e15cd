using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Reporting.Summary;

/// <summary>What is as it should be, folded: the largest and the slowest, what was left alone, what was equal.</summary>
internal static class RestSection
{
    /// <summary>How many of the largest and of the slowest are told.</summary>
    private const int Extremes = 5;

    /// <summary>Adds it to the page.</summary>
    public static void Write(BoundedMarkdown page, RunOutcome outcome)
    {
        Largest(page, outcome);
        Skipped(page, outcome);
        Unchanged(page, outcome);
    }

    private static void Largest(BoundedMarkdown page, RunOutcome outcome)
    {
        var reached = SummaryWriter.Reached(outcome.Report).ToList();
        if (reached.Count <= Extremes)
        {
            return; // They are all there already.
        }

        var largest = reached.OrderByDescending(Bytes).Where(repository => Bytes(repository) > 0).Take(Extremes);
        var slowest = reached.OrderByDescending(repository => repository.DurationMs).Take(Extremes);
        page.Table(
            "Largest and slowest",
            [outcome.Words.Source, Column.Number("Bytes"), Column.Number("Time")],
            [
                .. largest
                    .Union(slowest)
                    .Select(repository =>
                        new[] { SummaryWriter.Source(repository), Quantity.Bytes(Bytes(repository)), Quantity.Duration(repository.DurationMs) }
                    ),
            ],
            isFolded: true
        );
    }

    private static void Skipped(BoundedMarkdown page, RunOutcome outcome)
    {
        var skipped = SummaryWriter.Reached(outcome.Report).Where(repository => repository.Status == RepositoryStatus.Skipped).ToList();
        page.Table(
            SummaryWriter.Counted("Not looked at", skipped.Count),
            [outcome.Words.Source, outcome.Words.Destination, "Why"],
            [
                .. skipped.Select(repository =>
                    new[]
                    {
                        SummaryWriter.Source(repository),
                        SummaryWriter.Destination(repository, outcome.Words),
                        $"{ReportText.Reason(repository.Reason)}: {ReportText.ExplainReason(repository.Reason)}",
                    }
                ),
            ],
            isFolded: true
        );
    }

    private static void Unchanged(BoundedMarkdown page, RunOutcome outcome)
    {
        var unchanged = outcome.Report.Repositories.Where(repository => repository.Status == RepositoryStatus.Unchanged).ToList();
        var words = outcome.Words;
        page.Table(
            SummaryWriter.Counted(char.ToUpperInvariant(words.Same[0]) + words.Same[1..], unchanged.Count),
            [words.Source, words.Destination, Column.Number("Time")],
            [
                .. unchanged.Select(repository =>
                    new[] { SummaryWriter.Source(repository), SummaryWriter.Destination(repository, words), Quantity.Duration(repository.DurationMs) }
                ),
            ],
            isFolded: true
        );
    }

    private static long Bytes(RepositoryReport repository) => repository.BytesReceived + repository.BytesSent;
}
