using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Reporting.Summary;

/// <summary>
/// Tells a run as Markdown for the step's summary: the answer first, then what needs a person, then what changed, then how it was before; the rest is
/// folded.
/// </summary>
internal static class SummaryWriter
{
    /// <summary>The runner drops summaries above 1 MiB; this leaves room for what other parts of the step may add.</summary>
    public const int MaxBytes = 900 * 1024;

    /// <summary>The page.</summary>
    public static string Write(RunOutcome outcome)
    {
        if (outcome.Words.IsChecklist)
        {
            return DoctorSummary.Write(outcome);
        }

        var page = new BoundedMarkdown(MaxBytes);
        page.Line($"## {outcome.Sign} {MarkdownText.Escape(outcome.Answer)}");
        page.Line();
        string[] title = outcome.Answer.StartsWith(outcome.Title, StringComparison.Ordinal) ? [] : [$"**{MarkdownText.Escape(outcome.Title)}**"];
        page.Line(string.Join(" · ", [.. title, .. outcome.Remarks.Select(MarkdownText.Escape)]));
        page.Line();
        Caution(page, outcome.Report.Error);
        Caution(page, outcome.Loss);
        PersonSection.Write(page, outcome);
        ChangeSection.Write(page, outcome);
        TimeSection.Write(page, outcome);
        RestSection.Write(page, outcome);
        return Closed(page);
    }

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

    /// <summary>The source, as a link where there is one.</summary>
    internal static string Source(RepositoryReport repository) => MarkdownText.Link(repository.Source, repository.SourceUrl);

    /// <summary>The mirror, as a link where it is known to be there, and whether it is new.</summary>
    internal static string Destination(RepositoryReport repository, ModeText words)
    {
        // What a plan would create is not there yet.
        var link = MarkdownText.Link(repository.Destination, words.IsPlan && repository.Created ? null : repository.DestinationUrl);
        var at = repository.At is null ? "" : $" ({MarkdownText.Escape(repository.At)})";
        return repository.Created ? $"{link}{at} ({words.Created})" : $"{link}{at}";
    }

    /// <summary>A count behind a heading.</summary>
    internal static string Counted(string heading, int count) => FormattableString.Invariant($"{heading} ({count})");

    /// <summary>An object id as people quote it, in code style.</summary>
    internal static string Id(string? id) => id is null ? "" : MarkdownText.Code(ReportText.ShortId(id));

    /// <summary>What was reached: a repository that was cancelled before it began has no row anywhere.</summary>
    internal static IEnumerable<RepositoryReport> Reached(RunReport report) =>
        report.Repositories.Where(repository => repository.Reason != SkipReason.Cancelled);
}
