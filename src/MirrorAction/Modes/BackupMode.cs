using MirrorAction.Hosts;
using MirrorAction.Hosts.Bitbucket;
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

    public static ActionInput<bool> IsFromBitbucket { get; } =
        ActionInput.Choice(
            "from",
            "With `mode: backup`: where the repositories are read, `github` or `bitbucket`; the other host needs no input then.",
            [("github", false), ("bitbucket", true)],
            "github"
        ) with
        {
            Group = Group,
            Summary = "Where backup reads the repositories",
        };

    public static ActionInput<string> BackupDir { get; } =
        new("backup-dir", InputKind.Text, text => text)
        {
            Group = Group,
            Summary = "Folder for the bundles, relative to the workspace",
            Text = "With `mode: backup`: folder for the bundles, relative to the workspace or absolute.",
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
        Verdict = report =>
            report.Totals.Mirrored == 0 ? "nothing new" : $"{Quantity.Count(report.Totals.Mirrored, "repository", "repositories")} backed up",
        NamesBoth = true,
        Created = "for the first time",
        Done = "backed up",
        Same = "nothing new",
        Refs = "new or moved",
        DoneHeading = "Backed up",
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
    public override IReadOnlyList<ActionInput> OwnInputs => [IsFromBitbucket, BackupDir, FullEvery, Keep, BackupCheckMode.Check, VerifyMode.Deep];

    /// <inheritdoc/>
    protected override IReadOnlyList<ActionInput> IdleInputs =>
        [BitbucketInputs.Project, BitbucketInputs.Visibility, .. RefInputs.All.Where(input => input != RefInputs.Refs), RunInputs.CreateInterval];

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

        var isFromBitbucket = inputs.Read(IsFromBitbucket);
        var owners =
            isCheck ? []
            : isFromBitbucket ? [BitbucketInputs.ReadWorkspace(inputs)]
            : GitHubInputs.ReadOwners(inputs);
        var options = RunInputs.ReadOptions(inputs, owners);
        var backup = new BackupOptions(inputs.ReadPath(BackupDir, "folder"))
        {
            FullEvery = inputs.Read(FullEvery),
            Keep = inputs.Read(Keep) is > 0 and var keep ? keep : null,
            Scratch = isCheck && inputs.Read(VerifyMode.Deep) ? DrillMode.ScratchOf(inputs) : null,
        };
        var folder = new ReportDestination("folder", backup.Folder);
        if (isCheck)
        {
            var check = ReadRun(inputs, options, new("folder", owners), folder) with { Variant = BackupCheckMode.Variant };
            return new BackupCheckSettings(check, backup);
        }

        if (isFromBitbucket)
        {
            var bitbucket = BitbucketInputs.Read(inputs);
            return new BitbucketBackupSettings(ReadRun(inputs, options, new("bitbucket", owners), folder), backup, bitbucket);
        }

        var github = GitHubInputs.Read(inputs);
        return new GitHubBackupSettings(ReadRun(inputs, options, new("github", owners), folder), backup, github);
    }
}

/// <summary>What a backup was asked, wherever it reads.</summary>
internal abstract record BackupSettings(RunSettings Run, BackupOptions Backup) : IRunSettings
{
    /// <inheritdoc/>
    public Task<RunReport> DoAsync(Connections connections, RunReport? previous, CancellationToken cancellationToken)
    {
        var source = SourceOver(connections);
        return new BackupRun(new(source, connections.Git, Run.Mirror, Backup, connections.Observer, connections.Time, ProductVersion.Text)).RunAsync(
            cancellationToken
        );
    }

    /// <summary>Where the repositories are read.</summary>
    protected abstract IRepositorySource SourceOver(Connections connections);
}

/// <summary>A backup of GitHub.</summary>
internal sealed record GitHubBackupSettings(RunSettings Run, BackupOptions Backup, GitHubSettings GitHub) : BackupSettings(Run, Backup)
{
    /// <inheritdoc/>
    protected override IRepositorySource SourceOver(Connections connections) => connections.ToGitHub(GitHub, new HostUse(Run.Mirror));
}

/// <summary>A backup of the mirrors.</summary>
internal sealed record BitbucketBackupSettings(RunSettings Run, BackupOptions Backup, BitbucketSettings Bitbucket) : BackupSettings(Run, Backup)
{
    /// <inheritdoc/>
    protected override IRepositorySource SourceOver(Connections connections) =>
        new BitbucketSource(connections.ToBitbucket(Bitbucket, new HostUse(Run.Mirror)));
}
