using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Mirroring;

namespace MirrorAction.Configuration;

/// <summary>Everything a run of the action needs, validated. Immutable; shows no secret as text.</summary>
internal sealed record RunSettings
{
    /// <summary>What is done: mirror, plan or doctor.</summary>
    public RunMode Mode { get; init; } = RunMode.Mirror;

    /// <summary>What the engine is asked to do.</summary>
    public required MirrorOptions Mirror { get; init; }

    /// <summary>The source.</summary>
    public required GitHubSettings GitHub { get; init; }

    /// <summary>The destination.</summary>
    public required BitbucketSettings Bitbucket { get; init; }

    /// <summary>The folder for <c>report.json</c>, absolute.</summary>
    public required string ReportDirectory { get; init; }

    /// <summary>When failed repositories fail the step.</summary>
    public FailOn FailOn { get; init; } = FailOn.Any;

    /// <summary>For so many shards a plan gives the output <c>matrix</c>; null gives none.</summary>
    public int? ShardCount { get; init; }

    /// <summary>What is printed.</summary>
    public MessageLevel LogLevel { get; init; } = MessageLevel.Info;

    /// <summary>What the user should know about the configuration although it can be used.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The mode's name in the report.</summary>
    public string ModeName => Mode switch { RunMode.Plan => "plan", RunMode.Doctor => "doctor", _ => "mirror" };
}

/// <summary>What a run does.</summary>
internal enum RunMode
{
    /// <summary>Mirrors every selected repository.</summary>
    Mirror,

    /// <summary>Shows what a mirror would do.</summary>
    Plan,

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
internal sealed record BitbucketSettings(Uri ApiUrl, Uri GitUrl, string Workspace, Secret? Token, string? Email, BitbucketConsumer? OAuth, string? Project);

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
