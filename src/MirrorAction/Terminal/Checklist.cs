using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Reporting;

namespace MirrorAction.Terminal;

/// <summary>Prints the findings of doctor as a checklist: a line each, the cure below it, grouped by what they are about.</summary>
internal static class Checklist
{
    /// <summary>Prints all findings.</summary>
    /// <param name="report">The findings.</param>
    /// <param name="log">The log.</param>
    /// <param name="annotates">The bad ones come once more at the end, as warnings and errors; where the log shows only those, they do in any
    /// case.</param>
    public static void Write(RunReport report, RunLog log, bool annotates)
    {
        string? group = null;
        foreach (var finding in report.Findings)
        {
            if (DiagnosticText.Group(finding) is var next && next != group)
            {
                log.Write(MessageLevel.Info, group = next);
            }

            log.Write(MessageLevel.Info, $"  {DiagnosticText.Level(finding.Level), -7}  {DiagnosticText.Topic(finding)}: {finding.Message}");
            if (finding.Hint is not null)
            {
                log.Write(MessageLevel.Info, $"           {finding.Hint}");
            }
        }

        foreach (
            var finding in report
                .Findings.Where(finding => finding.Level != DiagnosticLevel.Ok && (annotates || !log.Shows(MessageLevel.Info)))
                .OrderByDescending(finding => finding.Level)
        )
        {
            var level = finding.Level == DiagnosticLevel.Problem ? MessageLevel.Error : MessageLevel.Warning;
            log.Write(level, finding.Hint is null ? finding.Message : $"{finding.Message}\n{finding.Hint}", finding.Check);
        }

        log.Write(MessageLevel.Info, DiagnosticText.Totals(report));
    }
}
