using MirrorAction.Hosts;
using MirrorAction.Inputs;
using MirrorAction.Logging;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Reporting;

namespace MirrorAction.Terminal;

/// <summary>
/// Prints the findings of doctor as a checklist: a line each, the hint below it, grouped by what they are about. As JSON they are an event each.
/// </summary>
internal static class Checklist
{
    /// <summary>Prints all findings.</summary>
    /// <param name="report">The findings.</param>
    /// <param name="log">The log.</param>
    /// <param name="annotates">
    /// The bad ones come once more at the end, as warnings and errors. They also do where the log shows nothing else.
    /// </param>
    public static void Write(RunReport report, RunLog log, bool annotates)
    {
        if (log.Format == LogFormat.Json)
        {
            foreach (var finding in report.Findings)
            {
                log.Write(LogLevel(finding.Level), Message(finding));
            }
        }
        else
        {
            WriteList(report, log);
            WriteBad(report, log, annotates || !log.Shows(MessageLevel.Info));
        }

        log.WriteLast(DiagnosticText.Totals(report));
    }

    private static void WriteList(RunReport report, RunLog log)
    {
        string? group = null;
        foreach (var finding in report.Findings)
        {
            if (DiagnosticText.Group(finding) is var next && next != group)
            {
                log.Write(MessageLevel.Info, "{Group}", group = next);
            }

            var level = DiagnosticText.Level(finding.Level);
            log.Write(MessageLevel.Info, "  {Status,-11}  {Topic}: {Message}", level, DiagnosticText.Topic(finding), finding.Message);
            if (finding.Hint is not null)
            {
                log.Write(MessageLevel.Info, "               {Hint}", finding.Hint);
            }
        }
    }

    private static void WriteBad(RunReport report, RunLog log, bool isWanted)
    {
        var bad = report.Findings.Where(finding => isWanted && finding.Level > DiagnosticLevel.NotChecked);
        foreach (var finding in bad.OrderByDescending(finding => finding.Level))
        {
            log.Write(LogLevel(finding.Level), Message(finding));
        }
    }

    private static LogMessage Message(Diagnostic finding) =>
        ReportText.WithHint(finding.Message, finding.Hint).About(EventProperty.Check, finding.Check);

    private static MessageLevel LogLevel(DiagnosticLevel level) =>
        level switch
        {
            DiagnosticLevel.Ok or DiagnosticLevel.NotChecked => MessageLevel.Info,
            DiagnosticLevel.Warning => MessageLevel.Warning,
            _ => MessageLevel.Error,
        };
}
