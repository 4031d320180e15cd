using System.Globalization;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Reporting.Summary;

/// <summary>What changed: repositories in which something moved, refs whose old value went, mirrors without a source.</summary>
internal static class ChangeSection
{
    /// <summary>Adds it to the page.</summary>
    public static void Write(BoundedMarkdown page, RunOutcome outcome)
    {
        Done(page, outcome);
        Overwritten(page, outcome);
        Renamed(page, outcome);
        Lfs(page, outcome);
        page.Rows(
            [
                $"### {SummaryWriter.Counted("Mirrors without a source", outcome.Report.Orphans.Count)}",
                "",
                "Their source is gone, has another name now (then it is told above), or these credentials do not see it (any more): "
                    + "a private one needs a token that does. They are never deleted.",
                "",
            ],
            outcome.Report.Orphans.Select(orphan => $"- {MarkdownText.Escape(Describe(orphan, outcome.Report))}"),
            []
        );
    }

    private static void Done(BoundedMarkdown page, RunOutcome outcome)
    {
        var done = outcome.Report.Repositories.Where(r => r.Status is RepositoryStatus.Mirrored or RepositoryStatus.Planned).ToList();
        var words = outcome.Words;
        page.Table(
            SummaryWriter.Counted(words.DoneHeading, done.Count),
            [words.Source, words.Destination, "Refs", Column.Number("Bytes"), Column.Number("Time")],
            [
                .. done.Select(repository =>
                    new[]
                    {
                        SummaryWriter.Source(repository),
                        SummaryWriter.Destination(repository, words),
                        ReportText.Refs(repository.Refs),
                        Quantity.Bytes(repository.BytesReceived + repository.BytesSent),
                        Quantity.Duration(repository.DurationMs),
                    }
                ),
            ]
        );
    }

    private static void Overwritten(BoundedMarkdown page, RunOutcome outcome)
    {
        if (outcome.Words.IsComparison)
        {
            return;
        }

        page.Table(
            outcome.Words.IsPlan ? "Would be overwritten, deleted or kept" : "Overwritten, deleted and kept refs",
            [outcome.Words.Source, "Ref", "What", "Before", "After"],
            [
                .. from repository in outcome.Report.Repositories
                from change in repository.Changes
                where change.Kind is RefChangeKind.Force or RefChangeKind.Delete or RefChangeKind.Keep
                select new[]
                {
                    SummaryWriter.Source(repository),
                    MarkdownText.Code(change.Ref),
                    ReportText.Kind(change),
                    SummaryWriter.Id(change.Old),
                    SummaryWriter.Id(change.New),
                },
            ]
        );
    }

    private static void Renamed(BoundedMarkdown page, RunOutcome outcome)
    {
        var renamed = outcome.Report.Repositories.Where(repository => repository.RenamedFrom is not null).ToList();
        page.Table(
            SummaryWriter.Counted(outcome.Words.IsPlan ? "Would be renamed" : "Renamed", renamed.Count),
            [outcome.Words.Source, outcome.Words.Destination],
            [
                .. renamed.Select(repository =>
                    new[]
                    {
                        SummaryWriter.Source(repository),
                        $"{MarkdownText.Escape(repository.RenamedFrom!)} → {SummaryWriter.Destination(repository, outcome.Words)}",
                    }
                ),
            ]
        );
    }

    private static string Describe(string orphan, RunReport report) =>
        report.OrphanSources.FirstOrDefault(source => source.Mirror == orphan) is { } source ? $"{orphan}: {source.Text}" : orphan;

    /// <summary>What became of the objects of Git LFS, where there were any.</summary>
    private static void Lfs(BoundedMarkdown page, RunOutcome outcome) =>
        page.Table(
            "Git LFS",
            [
                outcome.Words.Source,
                Column.Number("Objects"),
                Column.Number(outcome.Words.IsPlan ? "Would move" : "Moved"),
                Column.Number("Bytes"),
                Column.Number("Missing"),
            ],
            [
                .. from repository in outcome.Report.Repositories
                where repository.Lfs is { Objects: > 0 }
                let lfs = repository.Lfs
                select new[]
                {
                    SummaryWriter.Source(repository),
                    lfs.Objects.ToString(CultureInfo.InvariantCulture),
                    lfs.Transferred.ToString(CultureInfo.InvariantCulture),
                    Quantity.Bytes(lfs.Bytes),
                    lfs.Missing.ToString(CultureInfo.InvariantCulture),
                },
            ]
        );
}
