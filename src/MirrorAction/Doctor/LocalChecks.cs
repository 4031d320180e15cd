using MirrorAction.Hosts;
using MirrorAction.Inputs;
using MirrorAction.Inputs.Arguments;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Doctor;

/// <summary>What doctor checks without asking a host: the settings, before all else, and the workflow, after all else.</summary>
internal static class LocalChecks
{
    /// <summary>The report with these findings too, and the verdict on all.</summary>
    /// <param name="report">What was found at the hosts.</param>
    /// <param name="settings">What is asked.</param>
    /// <param name="environment">The variables of the process.</param>
    /// <param name="workspace">The folder that the workflow's repository is checked out to, if it is.</param>
    public static RunReport AddTo(RunReport report, RunSettings settings, EnvironmentVariables environment, string workspace)
    {
        List<Diagnostic> findings =
        [
            .. SettingsCheck.Run(settings),
            .. report.Findings,
            .. new WorkflowCheck(environment, workspace, settings.Mirror.Timeout).Run(),
        ];
        return report with { Findings = findings, Result = RunTally.Evaluate(findings, report.Error) };
    }
}
