using MirrorAction.Inputs;
using MirrorAction.Mirroring.Backup;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Restore;
using MirrorAction.Reporting;

namespace MirrorAction.Modes;

/// <summary>Brings repositories back from the mirrors to the source; with <c>drill</c>, the <see cref="DrillMode"/>.</summary>
internal sealed class RestoreMode : RunMode
{
    /// <summary>What <c>from</c> says by default.</summary>
    internal const string FromMirrors = "mirrors";

    /// <summary>What <c>from</c> says where the folder of a backup is read.</summary>
    internal const string FromBackup = "backup";

    private const string DryRunVariant = "dry-run";

    private static readonly TimeSpan s_leastPause = TimeSpan.FromSeconds(1);

    public static ActionInput<bool> IncludeKept { get; } =
        ActionInput.Boolean(
            "include-kept",
            byDefault: false,
            "With `mode: restore`: whether to bring the kept tips under `refs/tags/mirror-kept/` back as well: `true` or `false`."
        ) with
        {
            Group = VerifyMode.Group,
            Summary = "restore brings back the kept tips of refs/tags/mirror-kept/ too",
        };

    public static ActionInput<bool> DryRun { get; } =
        ActionInput.Boolean(
            "dry-run",
            byDefault: false,
            "With `mode: restore`: whether to show only what would be created and "
                + "pushed, and to write nothing: `true` or `false`. What `mirror` would do "
                + "is told by `mode: plan`."
        ) with
        {
            Group = VerifyMode.Group,
            Summary = "restore only shows what it would create and push",
            // A run that was meant to be dry must never write.
            RefusalElsewhere = mode => mode is "mirror" or "plan" ? "; what mirror would do is told by mode plan" : "",
        };

    public static ActionInput<long> PushLimit { get; } =
        new("push-limit", InputKind.Text, InputFormat.Bytes)
        {
            Group = VerifyMode.Group,
            Summary = "Largest pack that restore pushes at once; more is sent in several pushes",
            Text =
                "With `mode: restore`: the largest pack that is pushed at once, such "
                + "as `500MiB` or `1GiB`; more is sent in several pushes. GitHub refuses "
                + "2 GiB.",
            Default = "1900MiB",
            Pattern = "^[1-9][0-9]{0,8}(KiB|MiB|GiB)$",
        };

    private static readonly ModeText s_text = new()
    {
        Title = "Restore",
        Sums =
        [
            ("Mirrored", t => t.Mirrored, "restored"),
            ("Unchanged", t => t.Unchanged, "equal already"),
            ("Created", t => t.Created, "created"),
            ("Skipped", t => t.Skipped, "skipped"),
            ("Failed", t => t.Failed, "failed"),
        ],
        Safe = report => $"back at {ModeText.HostName(report.Destination.Host)}",
        NamesBoth = true,
        New = static count => Quantity.Count(count, "new repository", "new repositories"),
        Done = "restored",
        Same = "equal already",
        DoneHeading = "Restored",
        Source = "Restored from",
        Destination = "Restored to",
    };

    private static readonly ModeText s_dryRunText = s_text with
    {
        Title = "Restore, dry run",
        Sums =
        [
            ("Mirrored", t => t.Mirrored, "to restore"),
            ("Unchanged", t => t.Unchanged, "equal already"),
            ("Created", t => t.Created, "to create"),
            ("Skipped", t => t.Skipped, "skipped"),
            ("Failed", t => t.Failed, "failed"),
        ],
        Safe = report => $"at {ModeText.HostName(report.Destination.Host)} already",
        IsPlan = true,
        Created = "would be created",
        Planned = "would be restored",
        New = static count => $"{count} would be created",
        Refs = "to move",
        DoneHeading = "Would be restored",
    };

    /// <inheritdoc/>
    public override string Name => "restore";

    /// <inheritdoc/>
    public override ModeHelp Help { get; } =
        new()
        {
            Command = "Bring the repositories back to the source from the mirrors or from a backup, or with --drill prove that they would come back",
            Does = "brings repositories back to the source, from the mirrors or from a backup",
            InShort = "brings repositories back to the source",
            Purpose =
            [
                "Missing repositories are created at the source, private ones unless "
                    + "--destination-visibility source, under their old names and descriptions.",
                "A repository there that has refs is refused unless --adopt. With --dry-run nothing is written.",
                "With --from backup the bundles in --backup-dir are read, checked and sent; the mirrors' host needs no option.",
                "With --drill the mirrors are brought back into a scratch folder, "
                    + "compared, walked by libgit2 and removed; nothing is written to the source.",
            ],
            Examples =
            [
                "restore --github-owner acme-new --bitbucket-workspace acme-mirror --dry-run",
                "restore --github-owner acme-new --bitbucket-workspace acme-mirror --repositories website",
                "restore --from backup --backup-dir /srv/backup --github-owner acme-new",
                $"restore {MirrorMode.ExampleOwners} --drill --sample 5",
            ],
            ExitCodes = "0 done, 1 repositories failed or differ",
        };

    /// <inheritdoc/>
    public override IReadOnlyList<ActionInput> Inputs => [.. base.Inputs, VerifyMode.PreviousReport, BackupMode.From, BackupMode.BackupDir];

    /// <inheritdoc/>
    public override IReadOnlyList<ActionInput> OwnInputs => [IncludeKept, DryRun, PushLimit, DrillMode.Drill, DrillMode.Sample];

    /// <inheritdoc/>
    public override IReadOnlyList<ActionOutput> Outputs => [.. ActionOutputs.Common, ActionOutputs.Different];

    /// <inheritdoc/>
    protected override IReadOnlyList<ActionInput> IdleInputs =>
        [BitbucketInputs.Project, SelectionInputs.Forks, SelectionInputs.Archived, RefInputs.Prune, RefInputs.PruneLimit, RefInputs.KeepDays];

    /// <inheritdoc/>
    public override ModeText TextOf(string? variant) =>
        variant switch
        {
            DryRunVariant => s_dryRunText,
            DrillMode.Variant => DrillMode.Text,
            _ => s_text,
        };

    /// <inheritdoc/>
    protected override IRunSettings ReadSettings(CheckedInputs inputs)
    {
        var isFromBackup = IsFromBackup(inputs);
        if (inputs.Read(DrillMode.Drill))
        {
            if (isFromBackup)
            {
                inputs.Refuse(BackupMode.From, "a drill is of the mirrors; what bundles bring back is proven by mode backup with check and deep.");
            }

            var pair = HostPair.Read(inputs);
            var drilled = ReadOptions(inputs, pair);
            var drill = ReadRun(inputs, drilled, pair) with { Variant = DrillMode.Variant };
            return new DrillSettings(drill, pair, DrillMode.Read(inputs));
        }

        DrillMode.RefuseAlone(inputs);
        if (isFromBackup)
        {
            var target = HostRole.Source.Read(inputs, isWritten: true, isTrial: inputs.Read(DryRun));
            var folder = inputs.ReadPath(BackupMode.BackupDir, "folder");
            var (settings, asked) = ReadRestore(inputs, target, BackupSource.Kind, [folder]);
            return new FolderRestoreSettings(settings, folder, target, asked);
        }

        var hosts = HostPair.Read(inputs, isRestore: true, isTrial: inputs.Read(DryRun));
        var (run, restore) = ReadRestore(inputs, hosts.Source, hosts.Destination.Host.Kind, hosts.Destination.Owners);
        return new RestoreSettings(run, hosts, restore, PreviousReportLookup.OfRestore(inputs, run));
    }

    private (RunSettings Run, RestoreOptions Restore) ReadRestore(CheckedInputs inputs, HostSide target, string kind, IReadOnlyList<string> owners)
    {
        var options = RunInputs.ReadOptions(inputs, owners) with { IsPlan = inputs.Read(DryRun), CreateInterval = ReadCreateInterval(inputs) };
        var restore = new RestoreOptions(target.Owner) { IncludeKept = inputs.Read(IncludeKept), PushLimit = inputs.Read(PushLimit) };
        var run = ReadRun(inputs, options, new(kind, options.Owners), new(target.Host.Kind, restore.Owner));
        return (run with { Variant = options.IsPlan ? DryRunVariant : null }, restore);
    }

    private static bool IsFromBackup(CheckedInputs inputs)
    {
        var isFromBackup = inputs.Read(BackupMode.From) == FromBackup;
        if (BackupMode.OtherThan(inputs, FromMirrors, FromBackup) is { } other)
        {
            inputs.Refuse(BackupMode.From, $"'{other}' has a meaning only with mode backup; restore takes {FromMirrors} or {FromBackup}.");
        }

        var idle = isFromBackup ? VerifyMode.PreviousReport : (ActionInput)BackupMode.BackupDir;
        if (inputs.Value(idle) is { IsGiven: true, FromFile: null } value && value.Text != idle.Default)
        {
            inputs.Warnings.Add($"{inputs.Label(idle)} has {(isFromBackup ? "no meaning with" : "a meaning in restore only with")} from: backup.");
        }

        return isFromBackup;
    }

    /// <summary>Hosts slow down clients that create more than one repository a second; an explicit pause is taken as it is.</summary>
    private static TimeSpan ReadCreateInterval(CheckedInputs inputs)
    {
        var given = inputs.Read(RunInputs.CreateInterval);
        return inputs.IsGiven(RunInputs.CreateInterval) || given >= s_leastPause ? given : s_leastPause;
    }
}

/// <summary>What a restore was asked.</summary>
internal sealed record RestoreSettings(RunSettings Run, HostPair Hosts, RestoreOptions Restore, PreviousReportLookup Previous) : IRunSettings
{
    /// <inheritdoc/>
    public Task<RunReport> DoAsync(Connections connections, RunReport? previous, CancellationToken cancellationToken)
    {
        var use = new HostUse(Run.Mirror);
        var (mirrors, target) = (connections.Source(Hosts.Destination, use), connections.Destination(Hosts.Source, use));
        var context = connections.Context(mirrors, target, Run.Mirror, previous);
        return new WorkspaceRestore(context, Restore, previous).RunAsync(cancellationToken);
    }
}

/// <summary>What a restore from the folder of a backup was asked.</summary>
/// <param name="Run">What all runs have in common.</param>
/// <param name="Folder">The folder, absolute.</param>
/// <param name="Target">Where the repositories go.</param>
/// <param name="Restore">What is asked beyond that.</param>
internal sealed record FolderRestoreSettings(RunSettings Run, string Folder, HostSide Target, RestoreOptions Restore) : IRunSettings
{
    /// <inheritdoc/>
    public Task<RunReport> DoAsync(Connections connections, RunReport? previous, CancellationToken cancellationToken)
    {
        var target = connections.Destination(Target, new HostUse(Run.Mirror));
        var context = connections.Context(new BackupSource(Folder), target, Run.Mirror, previous);
        return new WorkspaceRestore(context, Restore, previous).RunAsync(cancellationToken);
    }
}
