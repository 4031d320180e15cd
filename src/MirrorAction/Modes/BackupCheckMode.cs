using MirrorAction.Inputs;
using MirrorAction.Mirroring.Backup;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting;

namespace MirrorAction.Modes;

/// <summary>The check of <see cref="BackupMode"/>: reads the bundles of a folder, and asks no host.</summary>
internal static class BackupCheckMode
{
    /// <summary>What a report calls it.</summary>
    public const string Variant = "check";

    public static ActionInput<bool> Check { get; } =
        ActionInput.Boolean(
            "check",
            byDefault: false,
            "With `mode: backup`: whether to read and check only the bundles in `backup-dir`, without any host or credential: `true` or `false`."
        ) with
        {
            Group = BackupMode.Group,
            Summary = "backup only checks the bundles in backup-dir, without the network",
        };

    /// <summary>The words of a check.</summary>
    public static ModeText Text { get; } =
        new()
        {
            Title = "Backup check",
            Sums = [("Whole", Whole, "whole"), ("Skipped", t => t.Skipped, "skipped"), ("Failed", t => t.Failed, "damaged")],
            Safe = static _ => "whole in the backup",
            Done = "whole",
            Same = "whole",
            Failed = "damaged",
            Remark = ModeText.Walked,
            Refs = null,
            DoneHeading = "Whole",
            Destination = "Bundles",
        };

    private static int Whole(RunTotals totals) => totals.Mirrored + totals.Unchanged;
}

/// <summary>What a check of a backup was asked.</summary>
internal sealed record BackupCheckSettings(RunSettings Run, BackupOptions Backup) : IRunSettings
{
    /// <inheritdoc/>
    public Task<RunReport> DoAsync(Connections connections, RunReport? previous, CancellationToken cancellationToken) =>
        new BackupCheckRun(Run.Mirror, Backup, connections.Observer, connections.Time, ProductVersion.Text).RunAsync(cancellationToken);
}
