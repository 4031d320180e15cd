using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Reporting;

/// <summary>Tells what doctor found as Markdown for the step's summary: problems first, what is well last and folded.</summary>
internal static class DoctorSummary
{
    private const string Head = "| Check | Found | What to do |";
    private const string Rule = "| --- | --- | --- |";

    /// <summary>The page.</summary>
    /// <param name="report">The findings.</param>
    /// <param name="loss">Why there is no <c>report.json</c>; null when there is.</param>
    public static string Write(RunReport report, RepositoryError? loss)
    {
        var page = new BoundedMarkdown(SummaryWriter.MaxBytes);
        page.Line($"## {Headline(report)}");
        page.Line();
        page.Line(MarkdownText.Escape(DiagnosticText.Totals(report).ToString()) + ".");
        page.Line();
        SummaryWriter.Caution(page, report.Error);
        SummaryWriter.Caution(page, loss);
        var byLevel = report.Findings.ToLookup(finding => finding.Level);
        Table(page, [$"### Problems ({byLevel[DiagnosticLevel.Problem].Count()})", ""], byLevel[DiagnosticLevel.Problem], []);
        Table(page, [$"### Warnings ({byLevel[DiagnosticLevel.Warning].Count()})", ""], byLevel[DiagnosticLevel.Warning], []);
        string[] folded = ["<details>", $"<summary>As it should be ({byLevel[DiagnosticLevel.Ok].Count()})</summary>", ""];
        Table(page, folded, byLevel[DiagnosticLevel.Ok], ["", "</details>"]);
        return SummaryWriter.Closed(page);
    }

    private static string Headline(RunReport report)
    {
        var names = SummaryWriter.Names(report);
        return report.Findings.Select(finding => finding.Level).DefaultIfEmpty(DiagnosticLevel.Problem).Max() switch
        {
            _ when report.Error is not null => $"❌ Doctor {names}: not everything was checked",
            DiagnosticLevel.Problem => $"❌ Doctor {names}: a mirror would fail",
            DiagnosticLevel.Warning => $"⚠️ Doctor {names}: ready, with warnings",
            _ => $"✅ Doctor {names}: ready",
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
