using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Reporting.Summary;

/// <summary>Tells what doctor found as Markdown for the step's summary: problems first, what is well last and folded.</summary>
internal static class DoctorSummary
{
    private const string Head = "| Check | Found | What to do |";
    private const string Rule = "| --- | --- | --- |";

    /// <summary>The page.</summary>
    public static string Write(RunOutcome outcome)
    {
        var report = outcome.Report;
        var page = new BoundedMarkdown(SummaryWriter.MaxBytes);
        page.Line($"## {Headline(outcome)}");
        page.Line();
        page.Line(MarkdownText.Escape(DiagnosticText.Totals(report).ToString()) + ".");
        page.Line();
        SummaryWriter.Caution(page, report.Error);
        SummaryWriter.Caution(page, outcome.Loss);
        var byLevel = report.Findings.ToLookup(finding => finding.Level);
        Table(page, [$"### Problems ({byLevel[DiagnosticLevel.Problem].Count()})", ""], byLevel[DiagnosticLevel.Problem], []);
        Table(page, [$"### Warnings ({byLevel[DiagnosticLevel.Warning].Count()})", ""], byLevel[DiagnosticLevel.Warning], []);
        Table(page, [$"### Not checked ({byLevel[DiagnosticLevel.NotChecked].Count()})", ""], byLevel[DiagnosticLevel.NotChecked], []);
        string[] folded = ["<details>", $"<summary>As it should be ({byLevel[DiagnosticLevel.Ok].Count()})</summary>", ""];
        Table(page, folded, byLevel[DiagnosticLevel.Ok], ["", "</details>"]);
        return SummaryWriter.Closed(page);
    }

    private static string Headline(RunOutcome outcome)
    {
        var report = outcome.Report;
        var title = MarkdownText.Escape(outcome.Title);
        return report.Findings.Select(finding => finding.Level).DefaultIfEmpty(DiagnosticLevel.Problem).Max() switch
        {
            _ when report.Error is not null => $"❌ {title}: not everything was checked",
            DiagnosticLevel.Problem => $"❌ {title}: a mirror would fail",
            DiagnosticLevel.Warning => $"⚠️ {title}: ready, with warnings",
            DiagnosticLevel.NotChecked => $"✅ {title}: ready, as far as it was checked",
            _ => $"✅ {title}: ready",
        };
    }

    private static void Table(BoundedMarkdown page, string[] head, IEnumerable<Diagnostic> findings, string[] tail) =>
        page.Rows(
            [.. head, Head, Rule],
            findings.Select(finding =>
                $"| {MarkdownText.Escape(finding.Check)} | {MarkdownText.Escape(finding.Message)} | {MarkdownText.Escape(finding.Hint ?? "")} |"
            ),
            tail
        );
}
