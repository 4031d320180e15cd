using MirrorAction.Hosts;
using MirrorAction.Logging;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Reporting;

/// <summary>The words in which log and summary tell what doctor found.</summary>
internal static class DiagnosticText
{
    /// <summary><c>ok</c>, <c>not checked</c>, <c>warning</c>, <c>problem</c>.</summary>
    public static string Level(DiagnosticLevel level) =>
        level switch
        {
            DiagnosticLevel.Ok => "ok",
            DiagnosticLevel.NotChecked => "not checked",
            DiagnosticLevel.Warning => "warning",
            _ => "problem",
        };

    /// <summary>What the check is about at large, the first word of its name: <c>GitHub</c>.</summary>
    public static string Group(Diagnostic finding) => finding.Check.Split(' ')[0];

    /// <summary>What the check is about within its group: <c>token</c>.</summary>
    public static string Topic(Diagnostic finding) => finding.Check.Split(' ', 2) is [_, var topic] ? topic : "all";

    /// <summary>The sums in one line.</summary>
    public static LogMessage Totals(RunReport report)
    {
        int Count(DiagnosticLevel level) => report.Findings.Count(finding => finding.Level == level);
        return LogMessage
            .Count("Checks", report.Findings.Count, "check")
            .Then(": {Ok} ok, ", Count(DiagnosticLevel.Ok))
            .Then(
                Count(DiagnosticLevel.NotChecked) is > 0 and var unknown ? new LogMessage("{NotChecked} not checked, ", unknown) : new LogMessage("")
            )
            .Then(LogMessage.Count("Warnings", Count(DiagnosticLevel.Warning), "warning"))
            .Then(", ")
            .Then(LogMessage.Count("Problems", Count(DiagnosticLevel.Problem), "problem"))
            .Then("; ")
            .Then(LogMessage.Count("Repositories", report.Totals.Repositories, "repository", "repositories"))
            .Then(" selected, ")
            .Then(LogMessage.Count("Requests", report.Totals.Requests, "request"))
            .Then(", {DurationMs:time}", new Measure(report.DurationMs))
            .About("Mode", report.Mode);
    }
}
