using System.Globalization;
using MirrorAction.Simulation.World;

namespace MirrorAction.Simulation;

/// <summary>The inputs of a run, as far as simulations vary them.</summary>
internal sealed record Settings
{
    public const string User = "x-token-auth";

    public required string GitHubToken { get; init; }

    public required string BitbucketToken { get; init; }

    public string Mode { get; init; } = "mirror";

    public int KeepDays { get; init; } = 90;

    public string PruneLimit { get; init; } = "100%";

    public bool FollowsVisibility { get; init; }

    public bool Adopt { get; init; }

    public int Concurrency { get; init; } = 1;

    public int TimeoutMinutes { get; init; } = 330;

    public string LogLevel { get; init; } = "info";

    /// <summary>The environment of a step that has these inputs.</summary>
    public Dictionary<string, string> Environment(string folder) =>
        new(StringComparer.Ordinal)
        {
            ["GITHUB_ACTIONS"] = "true",
            ["CI"] = "true",
            ["GITHUB_WORKSPACE"] = folder,
            ["GITHUB_STEP_SUMMARY"] = Path.Combine(folder, "summary.md"),
            ["GITHUB_OUTPUT"] = Path.Combine(folder, "output.txt"),
            ["INPUT_MODE"] = Mode,
            ["INPUT_GITHUB-OWNER"] = SimWorld.Owner,
            ["INPUT_GITHUB-TOKEN"] = GitHubToken,
            ["INPUT_BITBUCKET-WORKSPACE"] = SimWorld.Workspace,
            ["INPUT_BITBUCKET-TOKEN"] = BitbucketToken,
            ["INPUT_KEEP-DAYS"] = KeepDays.ToString(CultureInfo.InvariantCulture),
            ["INPUT_PRUNE-LIMIT"] = PruneLimit,
            ["INPUT_DESTINATION-VISIBILITY"] = FollowsVisibility ? "source" : "private",
            ["INPUT_ADOPT"] = Adopt ? "true" : "false",
            ["INPUT_CONCURRENCY"] = Concurrency.ToString(CultureInfo.InvariantCulture),
            ["INPUT_TIMEOUT-MINUTES"] = TimeoutMinutes.ToString(CultureInfo.InvariantCulture),
            ["INPUT_LOG-LEVEL"] = LogLevel,
            ["INPUT_REPORT-DIR"] = "report",
        };
}
