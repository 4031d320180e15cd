using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Reporting;

/// <summary>The words in which log and summary tell what doctor found.</summary>
internal static class DiagnosticText
{
    /// <summary><c>ok</c>, <c>warning</c>, <c>problem</c>.</summary>
    public static string Level(DiagnosticLevel level) =>
        level switch
        {
            DiagnosticLevel.Ok => "ok",
            DiagnosticLevel.Warning => "warning",
            _ => "problem",
        };

    /// <summary>What the check is about at large, the first word of its name: <c>GitHub</c>.</summary>
    public static string Group(Diagnostic finding) => finding.Check.Split(' ')[0];

    /// <summary>What the check is about within its group: <c>token</c>.</summary>
    public static string Topic(Diagnostic finding) => finding.Check.Split(' ', 2) is [_, var topic] ? topic : "all";

    /// <summary>The sums in one line.</summary>
    public static string Totals(RunReport report)
    {
        int Count(DiagnosticLevel level) => report.Findings.Count(finding => finding.Level == level);
        return $"{Quantity.Count(report.Findings.Count, "check")}: {Count(DiagnosticLevel.Ok)} ok, {Quantity.Count(Count(DiagnosticLevel.Warning), "warning")}, "
            + $"{Quantity.Count(Count(DiagnosticLevel.Problem), "problem")}; {Quantity.Count(report.Totals.Repositories, "repository", "repositories")} selected, "
            + $"{Quantity.Count(report.Totals.Requests, "request")}, {Quantity.Duration(report.DurationMs)}";
    }
}
