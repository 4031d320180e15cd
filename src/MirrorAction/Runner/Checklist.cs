using MirrorAction.Hosts;
using MirrorAction.Mirroring;
using MirrorAction.Mirroring.Reporting;
using MirrorAction.Reporting;

namespace MirrorAction.Runner;

/// <summary>Prints the findings of doctor as a checklist: a line each, the cure below it, grouped by what they are about.</summary>
internal static class Checklist
{
    /// <summary>Prints all findings.</summary>
    /// <param name="report">The findings.</param>
    /// <param name="log">The log.</param>
    /// <param name="annotates">The bad ones come once more at the end, as warnings and errors; where the log shows only those, they do in any case.</param>
    public static void Write(RunReport report, RunLog log, bool annotates)
    {
        string? group = null;
        foreach (var finding in report.Findings)
        {
            if (FindingWords.Group(finding) is var next && next != group)
            {
                log.Write(MessageLevel.Info, group = next);
            }

            log.Write(MessageLevel.Info, $"  {FindingWords.Level(finding.Level),-7}  {FindingWords.Topic(finding)}: {finding.Message}");
            if (finding.Cure is not null)
            {
                log.Write(MessageLevel.Info, $"           {finding.Cure}");
            }
        }

        foreach (var finding in report.Findings.Where(finding => finding.Level != FindingLevel.Ok && (annotates || !log.Shows(MessageLevel.Info))).OrderByDescending(finding => finding.Level))
        {
            var level = finding.Level == FindingLevel.Problem ? MessageLevel.Error : MessageLevel.Warning;
            log.Write(level, finding.Cure is null ? finding.Message : $"{finding.Message}\n{finding.Cure}", finding.Check);
        }

        log.Write(MessageLevel.Info, FindingWords.Totals(report));
    }
}
