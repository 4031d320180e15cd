using MirrorAction.Inputs;
using MirrorAction.Mirroring.Drill;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting;

namespace MirrorAction.Modes;

/// <summary>The drill of <see cref="RestoreMode"/>: brings repositories back into a scratch folder only, and compares.</summary>
internal static class DrillMode
{
    /// <summary>What a report calls it.</summary>
    public const string Variant = "drill";

    public static ActionInput<bool> Drill { get; } =
        ActionInput.Boolean(
            "drill",
            byDefault: false,
            "With `mode: restore`: whether to bring the mirrors back into a scratch "
                + "folder only, compare every ref with the source, have libgit2 walk the "
                + "history, tell how long it took, and remove it: `true` or `false`. Nothing is written to the source."
        ) with
        {
            Group = VerifyMode.Group,
            Summary = "restore brings the mirrors back into a scratch folder, compares them and removes it",
        };

    public static ActionInput<int> Sample { get; } =
        ActionInput.Number("sample", 0, 1_000_000, "0", "With `drill`: how many of the selected repositories, picked at random; `0` is all.") with
        {
            Group = VerifyMode.Group,
            Summary = "With drill: so many repositories, picked at random; 0 = all",
        };

    /// <summary>The words of a drill.</summary>
    public static ModeText Text { get; } =
        new()
        {
            Title = "Restore drill",
            Sums =
            [
                ("Whole", CameBack, "came back equal"),
                ("Different", t => t.Different, "different"),
                ("Skipped", t => t.Skipped, "skipped"),
                ("Failed", t => t.Failed, "failed"),
            ],
            Safe = report => $"recoverable from {ModeText.HostName(report.Destination.Host)}",
            IsComparison = true,
            IsOfMirrors = true,
            Done = "came back equal",
            Same = "came back equal",
            Checked = "tried",
            FlowsBack = true,
            Remark = report => $"recovery time {Quantity.Duration(report.DurationMs)}{(ModeText.Walked(report) is { } walked ? $", {walked}" : "")}",
            Refs = "different",
        };

    /// <summary>What it is asked; the scratch folder is the runner's, else the system's.</summary>
    public static DrillOptions Read(CheckedInputs inputs) =>
        new(ScratchOf(inputs)) { Sample = inputs.Read(Sample) is > 0 and var sample ? sample : null };

    /// <summary>The folder below which what is brought back lies for a moment: the runner's, else the system's.</summary>
    public static string ScratchOf(CheckedInputs inputs) => inputs.Environment["RUNNER_TEMP"] ?? Path.GetTempPath();

    /// <summary>A sample means the drill; without it everything would be restored.</summary>
    public static void RefuseAlone(CheckedInputs inputs)
    {
        if (inputs.IsGiven(Sample) && inputs.Read(Sample) > 0)
        {
            inputs.Refuse(Sample, "has a meaning only together with drill; a restore takes what repositories names.");
        }
    }

    private static int CameBack(RunTotals totals) => totals.Mirrored + totals.Unchanged;
}

/// <summary>What a drill was asked.</summary>
internal sealed record DrillSettings(RunSettings Run, HostPair Hosts, DrillOptions Drill) : IRunSettings
{
    /// <inheritdoc/>
    public Task<RunReport> DoAsync(Connections connections, RunReport? previous, CancellationToken cancellationToken) =>
        new RestoreDrill(connections.Between(Hosts, Run.Mirror, previous), Drill).RunAsync(cancellationToken);
}
