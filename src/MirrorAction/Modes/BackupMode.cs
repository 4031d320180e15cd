using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Inputs;
using MirrorAction.Logging;
using MirrorAction.Mirroring.Backup;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting;

namespace MirrorAction.Modes;

/// <summary>Writes the repositories as git bundles into a folder; with <c>check</c>, the <see cref="BackupCheckMode"/>.</summary>
internal sealed class BackupMode : RunMode
{
    /// <summary>The heading of its own inputs.</summary>
    internal const string Group = "backup";

    public static ActionInput<string> From { get; } =
        ActionInput.Choice(
            "from",
            "Where the repositories are read. With `mode: backup`: at the `source` or at the `destination`, whose mirrors "
                + "are backed up then; the other host needs no input. `github` and `bitbucket` name the same sides by what is there. "
                + "With `mode: restore`: from the `mirrors`, or from the `backup` in `backup-dir`, which needs no input of the mirrors' host.",
            [
                (HostRole.Source.Name, HostRole.Source.Name),
                (HostRole.Destination.Name, HostRole.Destination.Name),
                .. KnownHosts.All.Where(IsUsual).Select(host => (host.Kind, host.Kind)),
                (RestoreMode.FromMirrors, RestoreMode.FromMirrors),
                (RestoreMode.FromBackup, RestoreMode.FromBackup),
            ],
            HostRole.Source.Name
        ) with
        {
            Group = Group,
            Summary = "Where backup and restore read the repositories; backup is the folder backup-dir",
            DefaultText = "`source`, in `restore` `mirrors`",
        };

    public static ActionInput<string> BackupDir { get; } =
        new("backup-dir", InputKind.Text, text => text)
        {
            Group = Group,
            Summary = "Folder of the bundles, relative to the workspace",
            Text =
                "Folder of the bundles, relative to the workspace or absolute. `mode: backup` writes them; `mode: restore` with `from: backup` "
                + "reads them.",
            Default = "mirror-backup",
        };

    public static ActionInput<int> FullEvery { get; } =
        ActionInput.Number(
            "full-every",
            1,
            10_000,
            "30",
            "With `mode: backup`: how many bundles a chain has, the full one "
                + "included, `1` to `10000`; after so many a full one begins the next chain."
        ) with
        {
            Group = Group,
            Summary = "Bundles in a chain: after so many a full one begins the next chain",
        };

    public static ActionInput<int> Keep { get; } =
        ActionInput.Number("keep", 0, 10_000, "2", "With `mode: backup`: how many chains are kept of each repository; `0` is all.") with
        {
            Group = Group,
            Summary = "Chains that are kept of each repository; 0 = all",
        };

    private static readonly ModeText s_text = new()
    {
        Title = "Backup",
        Sums =
        [
            ("Mirrored", t => t.Mirrored, "backed up"),
            ("Unchanged", t => t.Unchanged, "without anything new"),
            ("Skipped", t => t.Skipped, "skipped"),
            ("Failed", t => t.Failed, "failed"),
        ],
        Safe = static _ => "backed up",
        NamesBoth = true,
        Created = "for the first time",
        Done = "backed up",
        Same = "nothing new",
        Refs = "new or moved",
        Checked = "written",
        New = static count => $"{count} for the first time",
        DoneHeading = "With something new",
        Destination = "Bundle",
    };

    /// <inheritdoc/>
    public override string Name => "backup";

    /// <inheritdoc/>
    public override ModeHelp Help { get; } =
        new()
        {
            Command = "Write the repositories as git bundles into a folder",
            Does = "writes repositories as git bundles into a folder",
            InShort = "writes bundles",
            Purpose =
            [
                "Writes <owner>/<name>/full-<time>.bundle below --backup-dir first, then "
                    + "incr-<time>.bundle with what is new, and a manifest.json beside them.",
                "'git clone' reads a full bundle, 'git fetch' the ones that follow it. "
                    + "With --check the bundles are read and checked, and no host is asked.",
                "With --check --deep each chain is brought back into a scratch folder too, and libgit2 walks its history.",
            ],
            Examples =
            [
                "backup --github-owner acme --backup-dir /srv/backup",
                "backup --from bitbucket --bitbucket-workspace acme-mirror --backup-dir /srv/backup",
                "backup --check --backup-dir /srv/backup",
                "backup --check --deep --backup-dir /srv/backup",
            ],
            ExitCodes = "0 done, 1 repositories failed or, with --check, bundles are damaged",
        };

    /// <inheritdoc/>
    public override IReadOnlyList<ActionInput> OwnInputs => [From, BackupDir, FullEvery, Keep, BackupCheckMode.Check, VerifyMode.Deep];

    /// <inheritdoc/>
    protected override IReadOnlyList<ActionInput> IdleInputs =>
        [
            BitbucketInputs.Project,
            HostRole.Visibility,
            .. RefInputs.All.Where(input => input != RefInputs.Refs && input != RefInputs.Lfs),
            RunInputs.CreateInterval,
        ];

    /// <inheritdoc/>
    public override ModeText TextOf(string? variant) => variant == BackupCheckMode.Variant ? BackupCheckMode.Text : s_text;

    /// <inheritdoc/>
    protected override IRunSettings ReadSettings(CheckedInputs inputs)
    {
        var isCheck = inputs.Read(BackupCheckMode.Check);
        if (!isCheck && inputs.Value(VerifyMode.Deep) is { IsGiven: true, FromFile: null } && inputs.Read(VerifyMode.Deep))
        {
            inputs.Warnings.Add($"{inputs.Label(VerifyMode.Deep)} has a meaning in mode backup only together with check.");
        }

        var side = isCheck ? null : RoleOf(inputs).Read(inputs, isWritten: false);
        var options = RunInputs.ReadOptions(inputs, side?.Owners ?? []);
        var backup = new BackupOptions(inputs.ReadPath(BackupDir, "folder"))
        {
            FullEvery = inputs.Read(FullEvery),
            Keep = inputs.Read(Keep) is > 0 and var keep ? keep : null,
            Scratch = isCheck && inputs.Read(VerifyMode.Deep) ? DrillMode.ScratchOf(inputs) : null,
        };
        var folder = new ReportDestination("folder", backup.Folder);
        if (side is null)
        {
            var check = ReadRun(inputs, options, new("folder", []), folder) with { Variant = BackupCheckMode.Variant };
            return new BackupCheckSettings(check, backup);
        }

        return new BackupSettings(ReadRun(inputs, options, new(side.Host.Kind, side.Owners), folder), backup, side);
    }

    /// <summary>The hosts of the usual pair are known by their names, too.</summary>
    private static bool IsUsual(HostDefinition host) => host == KnownHosts.DefaultSource || host == KnownHosts.DefaultDestination;

    /// <summary>
    /// What <see cref="From"/> says where that is of another mode; null where it is not. A configuration file serves several modes, and a form passes
    /// on what nobody changed in it.
    /// </summary>
    internal static string? OtherThan(CheckedInputs inputs, params ReadOnlySpan<string> own) =>
        inputs.Read(From) is var from && !own.Contains(from) && from != From.Default && inputs.Value(From).FromFile is null ? from : null;

    private static HostRole RoleOf(CheckedInputs inputs)
    {
        string[] destination = [HostRole.Destination.Name, inputs.Read(HostRole.Destination.Kind).Kind];
        string[] source = [HostRole.Source.Name, inputs.Read(HostRole.Source.Kind).Kind];
        if (OtherThan(inputs, [.. source, .. destination]) is { } other)
        {
            inputs.Refuse(From, $"'{other}' is neither the source nor the destination; give source or destination.");
        }

        return inputs.Read(From) is var from && !source.Contains(from) && destination.Contains(from) ? HostRole.Destination : HostRole.Source;
    }
}

/// <summary>What a backup was asked.</summary>
internal sealed record BackupSettings(RunSettings Run, BackupOptions Backup, HostSide From) : IRunSettings
{
    /// <inheritdoc/>
    public Task<RunReport> DoAsync(Connections connections, RunReport? previous, CancellationToken cancellationToken)
    {
        var source = connections.Source(From, new HostUse(Run.Mirror));
        return new BackupRun(new(source, connections.Git, Run.Mirror, Backup, connections.Observer, connections.Time, ProductVersion.Text)).RunAsync(
            cancellationToken
        );
    }
}
