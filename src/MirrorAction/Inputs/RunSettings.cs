using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Inputs.Arguments;
using MirrorAction.Mirroring.Backup;
using MirrorAction.Mirroring.Drill;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Restore;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;
using MirrorAction.Mirroring.Verify;

namespace MirrorAction.Inputs;

/// <summary>Everything a run of the action needs, validated. Immutable; shows no secret as text.</summary>
internal sealed record RunSettings
{
    /// <summary>What is done.</summary>
    public RunMode Mode { get; init; } = RunMode.Mirror;

    /// <summary>Which repositories and how; in a restore, and in a backup of Bitbucket, its owner is the workspace.</summary>
    public required MirrorOptions Mirror { get; init; }

    /// <summary>What verify is asked beyond that.</summary>
    public VerifyOptions Verify { get; init; } = new();

    /// <summary>What restore is asked beyond that; null in other modes.</summary>
    public RestoreOptions? Restore { get; init; }

    /// <summary>What the drill of restore is asked; null in other modes.</summary>
    public DrillOptions? Drill { get; init; }

    /// <summary>What backup is asked beyond that; null in other modes.</summary>
    public BackupOptions? Backup { get; init; }

    /// <summary>How GitHub is reached; null when it is not asked.</summary>
    public GitHubSettings? GitHub { get; init; }

    /// <summary>How Bitbucket is reached; null when it is not asked.</summary>
    public BitbucketSettings? Bitbucket { get; init; }

    /// <summary>Addresses of those hosts that the configuration file gives: who can change it can have the credentials sent elsewhere.</summary>
    public IReadOnlyList<HostAddress> AddressesFromFile { get; init; } = [];

    /// <summary>The report of an earlier run, absolute; null for none.</summary>
    public string? PreviousReport { get; init; }

    /// <summary>The folder for <c>report.json</c>, absolute.</summary>
    public required string ReportDirectory { get; init; }

    /// <summary>When failed repositories fail the step.</summary>
    public FailOn FailOn { get; init; } = FailOn.Any;

    /// <summary>For so many shards a plan gives the output <c>matrix</c>; null gives none.</summary>
    public int? ShardCount { get; init; }

    /// <summary>What is printed.</summary>
    public MessageLevel LogLevel { get; init; } = MessageLevel.Info;

    /// <summary>How it is printed.</summary>
    public LogFormat LogFormat { get; init; }

    /// <summary>What the user should know about the configuration although it can be used.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The mode's name in the report.</summary>
    public string ModeName =>
        Mode switch
        {
            RunMode.Drill => "restore",
            RunMode.BackupCheck => "backup",
            _ => Mode.ToString().ToLowerInvariant(),
        };

    /// <summary>What is special about it in the report: <c>deep</c>, <c>drill</c>, <c>dry-run</c>, <c>check</c>; null for nothing.</summary>
    public string? Variant =>
        Mode switch
        {
            RunMode.Verify when Verify.IsDeep => "deep",
            RunMode.Drill => "drill",
            RunMode.Restore when Mirror.IsPlan => "dry-run",
            RunMode.BackupCheck => "check",
            _ => null,
        };

    /// <summary>Where the repositories come from, for a report that the engine did not get to make.</summary>
    public ReportSource ReportSource =>
        new(
            IsGitHubRead ? "github"
                : Mode == RunMode.BackupCheck ? "folder"
                : "bitbucket",
            Mirror.Owners
        );

    /// <summary>Where they go, for such a report.</summary>
    public ReportDestination ReportDestination =>
        Mode switch
        {
            RunMode.Restore => new("github", Restore!.Owner),
            RunMode.Backup or RunMode.BackupCheck => new("folder", Backup!.Folder),
            _ => new("bitbucket", Bitbucket!.Workspace),
        };

    private bool IsGitHubRead => Mode is not (RunMode.Restore or RunMode.BackupCheck) && (Mode != RunMode.Backup || Bitbucket is null);
}

/// <summary>What a run does.</summary>
internal enum RunMode
{
    /// <summary>Mirrors every selected repository.</summary>
    Mirror,

    /// <summary>Shows what a mirror would do.</summary>
    Plan,

    /// <summary>Compares both sides.</summary>
    Verify,

    /// <summary>Brings repositories back from Bitbucket to GitHub.</summary>
    Restore,

    /// <summary>Brings them back into a scratch folder only, and compares.</summary>
    Drill,

    /// <summary>Writes bundles.</summary>
    Backup,

    /// <summary>Checks bundles, without the network.</summary>
    BackupCheck,

    /// <summary>Checks credentials, permissions, limits and names.</summary>
    Doctor,
}

/// <summary>How GitHub is reached.</summary>
/// <param name="ApiUrl">Base of the REST API, without a slash at its end.</param>
/// <param name="ServerUrl">Base of git URLs, without a slash at its end.</param>
/// <param name="Token">The token; null reads public repositories only, or there is an App.</param>
/// <param name="App">Mints tokens instead of <paramref name="Token"/>; null for none.</param>
internal sealed record GitHubSettings(Uri ApiUrl, Uri ServerUrl, Secret? Token, GitHubAppKey? App);

/// <summary>How Bitbucket is reached.</summary>
/// <param name="ApiUrl">Base of the REST API, without a slash at its end.</param>
/// <param name="GitUrl">Base of git URLs, without a slash at its end.</param>
/// <param name="Workspace">The workspace's slug.</param>
/// <param name="Token">Access token, or API token when there is an e-mail; null with an OAuth consumer.</param>
/// <param name="Email">The Atlassian account of an API token; null for an access token.</param>
/// <param name="OAuth">Mints tokens instead of <paramref name="Token"/>; null for none.</param>
/// <param name="Project">Key of the project for new repositories; null leaves the choice to Bitbucket.</param>
internal sealed record BitbucketSettings(
    Uri ApiUrl,
    Uri GitUrl,
    string Workspace,
    Secret? Token,
    string? Email,
    BitbucketConsumer? OAuth,
    string? Project
);

/// <summary>How the log is printed.</summary>
internal enum LogFormat
{
    /// <summary>For people: lines on a terminal, workflow commands and groups on Actions.</summary>
    Text,

    /// <summary>For log collectors: one compact JSON event a line.</summary>
    Json,
}

/// <summary>When failed repositories fail the step.</summary>
internal enum FailOn
{
    /// <summary>One failed repository is enough.</summary>
    Any,

    /// <summary>Only when all failed.</summary>
    All,

    /// <summary>Never; report and outputs tell.</summary>
    Never,
}
