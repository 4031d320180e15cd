using MirrorAction.Doctor;
using MirrorAction.Hosting;
using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Inputs;
using MirrorAction.Logging;
using MirrorAction.Mirroring.Doctor;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Reporting;

namespace MirrorAction.Modes;

/// <summary>Checks credentials, permissions, limits and names.</summary>
internal sealed class DoctorMode : RunMode
{
    private static readonly ModeText s_text = new()
    {
        Title = "Doctor",
        Sums = [],
        IsChecklist = true,
    };

    /// <inheritdoc/>
    public override string Name => "doctor";

    /// <inheritdoc/>
    public override ModeHelp Help { get; } =
        new()
        {
            Command = "Check credentials, permissions, limits and names, and say what to fix; write nothing",
            Does = "checks credentials, permissions, limits and names and says what to fix",
            InShort = "checks the set-up",
            Examples = [$"doctor {MirrorMode.ExampleOwners} --repositories 'web*,/^lib-/'"],
            ExitCodes = "0 no problem (warnings allowed), 1 problems found",
            NothingDone = null,
        };

    /// <inheritdoc/>
    public override bool IsForOnce => true;

    /// <inheritdoc/>
    protected override IReadOnlyList<ActionInput> IdleInputs => [RunInputs.CreateInterval, .. AlarmInputs.All];

    /// <inheritdoc/>
    public override ModeText TextOf(string? variant) => s_text;

    /// <inheritdoc/>
    protected override IRunSettings ReadSettings(CheckedInputs inputs)
    {
        var hosts = HostPair.Read(inputs);
        var options = ReadOptions(inputs, hosts);
        return new DoctorSettings(ReadRun(inputs, options, hosts), hosts, inputs.Environment["GITHUB_REPOSITORY"]);
    }
}

/// <summary>What doctor was asked.</summary>
/// <param name="Run">What all runs have in common.</param>
/// <param name="Hosts">Both sides.</param>
/// <param name="Repository">The repository of the workflow that runs, <c>owner/name</c>; null where none does.</param>
internal sealed record DoctorSettings(RunSettings Run, HostPair Hosts, string? Repository) : IRunSettings
{
    /// <inheritdoc/>
    public async Task<RunReport> DoAsync(Connections connections, RunReport? previous, CancellationToken cancellationToken)
    {
        // What the hosts have to say is told again by the findings.
        var use = new HostUse(Run.Mirror) { Patience = DoctorRun.PatienceOf(Run.Mirror), NoteLevel = MessageLevel.Info };
        var context = connections.Between(Hosts, use, previous);
        var report = await new DoctorRun(context).RunAsync(cancellationToken);
        return report.Error is not null
            ? report
            : report with
            {
                Findings = [.. report.Findings, .. await WorkflowStateCheck.RunAsync(context.Source, Repository, cancellationToken)],
            };
    }

    /// <summary>Adds what is checked without asking a host: the settings, before all else, and the workflow, after all else.</summary>
    public RunReport Complete(RunReport report, ProcessEnvironment surroundings)
    {
        List<Diagnostic> findings =
        [
            .. SettingsCheck.Run(this),
            .. report.Findings,
            .. new WorkflowCheck(surroundings.Environment, surroundings.Workspace, Run.Mirror.Timeout).Run(),
        ];
        return report with { Findings = findings, Result = RunTally.Evaluate(findings, report.Error) };
    }
}
