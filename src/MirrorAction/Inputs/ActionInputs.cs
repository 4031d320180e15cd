using MirrorAction.Inputs.Arguments;

namespace MirrorAction.Inputs;

/// <summary>The table of all inputs: options, environment, help, and the checks of <c>action.yml</c> come from it.</summary>
internal static class ActionInputs
{
    private const string RepositorySelection = "Which repositories";
    private const string GitHub = "GitHub";
    private const string Bitbucket = "Bitbucket";
    internal const string RefRules = "What happens to refs";
    private const string Run = "The run";
    private const string UrlPattern = "^https?://";

    public static ActionInput Mode { get; } =
        new(
            "mode",
            InputKind.Choice,
            Run,
            "mirror writes, plan shows what mirror would do, verify compares both sides, restore brings repositories back to GitHub, backup writes bundles, doctor checks the set-up, report joins the reports of shards"
        )
        {
            Default = "mirror",
            Allowed = ["mirror", "plan", "verify", "restore", "backup", "doctor", "report"],
        };

    public static ActionInput GitHubOwner { get; } =
        new("github-owner", InputKind.List, GitHub, "Organisations or users whose repositories are mirrored; in restore, the one they go to")
        {
            Fallback = "GITHUB_REPOSITORY_OWNER",
            IsFallbackOfRunner = true,
        };

    public static ActionInput GitHubToken { get; } =
        new("github-token", InputKind.Text, GitHub, "Token that reads the repositories; in restore, that creates and writes them")
        {
            Fallback = "GITHUB_TOKEN",
            IsSecret = true,
        };

    public static ActionInput GitHubAppId { get; } =
        new("github-app-id", InputKind.Text, GitHub, "Id or client id of a GitHub App that reads the repositories, instead of the token");

    public static ActionInput GitHubAppPrivateKey { get; } =
        new("github-app-private-key", InputKind.Text, GitHub, "Private key of the GitHub App, in PEM form") { IsSecret = true };

    public static ActionInput GitHubApiUrl { get; } =
        new("github-api-url", InputKind.Text, GitHub, "Base of the REST API")
        {
            Fallback = "GITHUB_API_URL",
            Default = "https://api.github.com",
            IsFallbackOfRunner = true,
            Pattern = UrlPattern,
        };

    public static ActionInput GitHubServerUrl { get; } =
        new("github-server-url", InputKind.Text, GitHub, "Base of git URLs")
        {
            Fallback = "GITHUB_SERVER_URL",
            Default = "https://github.com",
            IsFallbackOfRunner = true,
            Pattern = UrlPattern,
        };

    public static ActionInput BitbucketWorkspace { get; } =
        new("bitbucket-workspace", InputKind.Text, Bitbucket, "Slug of the workspace that holds the mirrors (required)")
        {
            Fallback = "MIRROR_BITBUCKET_USERNAME",
            Pattern = "^[a-z0-9_.-]+$",
        };

    public static ActionInput BitbucketToken { get; } =
        new("bitbucket-token", InputKind.Text, Bitbucket, "Access token, or API token with the e-mail (required unless there is an OAuth consumer)")
        {
            Fallback = "MIRROR_BITBUCKET_API_TOKEN",
            IsSecret = true,
        };

    public static ActionInput BitbucketEmail { get; } =
        new("bitbucket-email", InputKind.Text, Bitbucket, "Atlassian account e-mail of an API token") { Fallback = "MIRROR_BITBUCKET_EMAIL" };

    public static ActionInput BitbucketOAuthKey { get; } =
        new("bitbucket-oauth-key", InputKind.Text, Bitbucket, "Key of an OAuth consumer, instead of the token");

    public static ActionInput BitbucketOAuthSecret { get; } =
        new("bitbucket-oauth-secret", InputKind.Text, Bitbucket, "Secret of the OAuth consumer") { IsSecret = true };

    public static ActionInput BitbucketProject { get; } =
        new("bitbucket-project", InputKind.Text, Bitbucket, "Key of the project for new repositories")
        {
            IdleIn = ["verify", "restore", "backup"],
            Pattern = BitbucketInput.ProjectKeyPattern,
        };

    public static ActionInput BitbucketApiUrl { get; } =
        new("bitbucket-api-url", InputKind.Text, Bitbucket, "Base of the REST API")
        {
            Default = "https://api.bitbucket.org/2.0",
            Pattern = UrlPattern,
        };

    public static ActionInput BitbucketGitUrl { get; } =
        new("bitbucket-git-url", InputKind.Text, Bitbucket, "Base of git URLs") { Default = "https://bitbucket.org", Pattern = UrlPattern };

    public static ActionInput DestinationVisibility { get; } =
        new("destination-visibility", InputKind.Choice, Bitbucket, "Visibility of the mirrors; in restore, source is that of the mirror")
        {
            Default = "private",
            Allowed = ["private", "source"],
            IdleIn = ["backup"],
        };

    public static ActionInput Repositories { get; } =
        new("repositories", InputKind.List, RepositorySelection, "Names to take: globs or /regex/") { Default = "*" };

    public static ActionInput Exclude { get; } = new("exclude", InputKind.List, RepositorySelection, "Names to leave out, same form; wins");

    public static ActionInput Visibility { get; } =
        new("visibility", InputKind.Choice, RepositorySelection, "Public ones, private ones or all")
        {
            Default = "all",
            Allowed = ["all", "public", "private"],
        };

    public static ActionInput Forks { get; } =
        new("forks", InputKind.Choice, RepositorySelection, "What becomes of forks")
        {
            Default = "exclude",
            Allowed = ["include", "exclude", "only"],
            IdleIn = ["restore"],
        };

    public static ActionInput Archived { get; } =
        new("archived", InputKind.Choice, RepositorySelection, "What becomes of archived repositories")
        {
            Default = "include",
            Allowed = ["include", "exclude", "only"],
            IdleIn = ["restore"],
        };

    public static ActionInput Refs { get; } =
        new("refs", InputKind.List, RefRules, "Patterns of refs to mirror; ^ in front leaves out") { Default = "refs/heads/*,refs/tags/*" };

    public static ActionInput Prune { get; } =
        new("prune", InputKind.Boolean, RefRules, "Delete refs that the source no longer has") { Default = "true", IdleIn = ["restore", "backup"] };

    public static ActionInput PruneLimit { get; } =
        new("prune-limit", InputKind.Text, RefRules, "Refuse to delete more refs than this share or count")
        {
            Default = "50%",
            Pattern = "^([0-9]{1,9}|(100|[0-9]{1,2})%)$",
            IdleIn = ["verify", "restore", "backup"],
        };

    public static ActionInput KeepOverwritten { get; } =
        new("keep-overwritten", InputKind.Boolean, RefRules, "Keep rewritten and deleted tips under refs/tags/mirror-kept/")
        {
            Default = "true",
            IdleIn = ["verify", "backup"],
        };

    public static ActionInput KeepDays { get; } =
        new("keep-days", InputKind.WholeNumber, RefRules, "Days such kept tips live; 0 = for ever")
        {
            Default = "90",
            Max = 36_500,
            IdleIn = ["verify", "restore", "backup"],
        };

    public static ActionInput Adopt { get; } =
        new("adopt", InputKind.Boolean, RefRules, "Mirror even into a repository that is not this mirror yet")
        {
            Default = "false",
            IdleIn = ["verify", "backup"],
        };

    public static ActionInput Concurrency { get; } =
        new("concurrency", InputKind.WholeNumber, Run, "Repositories at a time, 1 to 64")
        {
            Default = "8",
            Min = 1,
            Max = 64,
        };

    public static ActionInput Shard { get; } =
        new("shard", InputKind.Text, Run, "2/5 takes only the second of five equal parts of the repositories")
        {
            Pattern = "^[0-9]{1,3}/[0-9]{1,3}$",
        };

    public static ActionInput ShardCount { get; } =
        new("shard-count", InputKind.WholeNumber, Run, "With mode plan: gives the output matrix for so many shards, 1 to 256")
        {
            Min = 1,
            Max = Mirroring.Reports.Shard.MaxCount,
            OnlyIn = ["plan"],
        };

    public static ActionInput Config { get; } =
        new("config", InputKind.Text, Run, "YAML file with inputs and rules for single repositories, relative to the workspace")
        {
            Default = ".github/mirror.yml",
        };

    public static ActionInput TimeoutMinutes { get; } =
        new("timeout-minutes", InputKind.WholeNumber, Run, "Minutes for the whole run; 0 = no limit") { Default = "330", Max = 50_400 };

    public static ActionInput CreateInterval { get; } =
        new("create-interval", InputKind.Text, Run, "Pause between two repository creations; in restore at least 1s unless it is given")
        {
            Default = "500ms",
            Pattern = "^(0|[0-9]{1,7}(ms|s|m))$",
            IdleIn = ["plan", "verify", "backup", "doctor"],
        };

    public static ActionInput MaxAttempts { get; } =
        new("max-attempts", InputKind.WholeNumber, Run, "Tries per repository")
        {
            Default = "4",
            Min = 1,
            Max = 100,
        };

    public static ActionInput ReportDir { get; } =
        new("report-dir", InputKind.Text, Run, "Folder for report.json, relative to the workspace") { Default = "mirror-report" };

    public static ActionInput FailOn { get; } =
        new("fail-on", InputKind.Choice, Run, "When failed repositories fail the step") { Default = "any", Allowed = ["any", "all", "never"] };

    public static ActionInput LogLevel { get; } =
        new("log-level", InputKind.Choice, Run, "How much is printed; debug when RUNNER_DEBUG=1")
        {
            Default = "info",
            Allowed = ["debug", "info", "warning", "error"],
        };

    public static ActionInput LogFormat { get; } =
        new("log-format", InputKind.Choice, Run, "text for people, json for log collectors: one event a line")
        {
            Default = "text",
            Allowed = ["text", "json"],
        };

    /// <summary>Every input, in the order of the help.</summary>
    public static IReadOnlyList<ActionInput> All { get; } =
    [
        GitHubOwner,
        GitHubToken,
        GitHubAppId,
        GitHubAppPrivateKey,
        GitHubApiUrl,
        GitHubServerUrl,
        BitbucketWorkspace,
        BitbucketToken,
        BitbucketEmail,
        BitbucketOAuthKey,
        BitbucketOAuthSecret,
        BitbucketProject,
        BitbucketApiUrl,
        BitbucketGitUrl,
        DestinationVisibility,
        Repositories,
        Exclude,
        Visibility,
        Forks,
        Archived,
        Refs,
        Prune,
        PruneLimit,
        KeepOverwritten,
        KeepDays,
        Adopt,
        ModeInputs.Repair,
        ModeInputs.Deep,
        ModeInputs.PreviousReport,
        ModeInputs.IncludeKept,
        ModeInputs.DryRun,
        ModeInputs.PushLimit,
        ModeInputs.Drill,
        ModeInputs.Sample,
        ModeInputs.From,
        ModeInputs.BackupDir,
        ModeInputs.FullEvery,
        ModeInputs.Keep,
        ModeInputs.Check,
        Mode,
        Config,
        Concurrency,
        Shard,
        ShardCount,
        TimeoutMinutes,
        CreateInterval,
        MaxAttempts,
        ReportDir,
        FailOn,
        LogLevel,
        LogFormat,
    ];
}
