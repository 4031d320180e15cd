using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;
using MirrorAction.Reporting;
using MirrorAction.Reporting.History;

namespace MirrorAction.Inputs;

/// <summary>The inputs that say how a run goes and how it tells of itself.</summary>
internal static class RunInputs
{
    /// <summary>The heading in the help.</summary>
    public const string Group = "The run";

    public static ActionInput<int> Concurrency { get; } =
        ActionInput.Number("concurrency", 1, 64, "8", "How many repositories are mirrored at a time, `1` to `64`.") with
        {
            Group = Group,
            Summary = "Repositories at a time, 1 to 64",
        };

    public static ActionInput<Shard?> Shard { get; } =
        new("shard", InputKind.Text, InputFormat.Shard)
        {
            Group = Group,
            Summary = "2/5 takes only the second of five equal parts of the repositories",
            Text =
                "Takes only a part of the selected repositories: `2/5` is the second "
                + "of five. A repository's part depends on its name and the number of "
                + "parts alone, so a new one moves no other. For a job matrix; request budgets are divided by the number of parts.",
            Pattern = "^[0-9]{1,3}/[0-9]{1,3}$",
        };

    /// <summary>Of the mode plan alone.</summary>
    public static ActionInput<int> ShardCount { get; } =
        ActionInput.Number(
            "shard-count",
            1,
            Mirroring.Reports.Shard.MaxCount,
            byDefault: null,
            "With `mode: plan`: number of shards, `1` to `256`, for which the output `matrix` is given."
        ) with
        {
            Group = Group,
            Summary = "With mode plan: gives the output matrix for so many shards, 1 to 256",
        };

    public static ActionInput<int> TimeoutMinutes { get; } =
        ActionInput.Number(
            "timeout-minutes",
            0,
            50_400,
            "330",
            "Minutes for the whole run; past it the rest is reported as cancelled. "
                + "`0` is without limit. Keep it below the job's own `timeout-minutes`."
        ) with
        {
            Group = Group,
            Summary = "Minutes for the whole run; 0 = no limit",
        };

    public static ActionInput<TimeSpan> CreateInterval { get; } =
        new("create-interval", InputKind.Text, InputFormat.Duration)
        {
            Group = Group,
            Summary = "Pause between two repository creations; in restore at least 1s unless it is given",
            Text =
                "Pause between two repository creations, such as `500ms`, `2s` or "
                + "`1m`; with shards, between two of all shards together. In `restore` "
                + "between any two changes, and with `0ms` more than 450 creations "
                + "an hour are allowed, for a GitHub Enterprise Server without limits.",
            Default = "500ms",
            DefaultText = "`500ms`, in `restore` `1s`",
            Pattern = "^(0|[0-9]{1,7}(ms|s|m))$",
        };

    public static ActionInput<int> MaxAttempts { get; } =
        ActionInput.Number("max-attempts", 1, 100, "4", "How often each repository is tried, at least `1`.") with
        {
            Group = Group,
            Summary = "Tries per repository",
        };

    public static ActionInput<string> ReportDir { get; } =
        new("report-dir", InputKind.Text, text => text)
        {
            Group = Group,
            Summary = "Folder for report.json, relative to the workspace",
            Text =
                "Folder for `report.json`, relative to the workspace or absolute. With `mode: report` the reports of shards are looked for below it.",
            Default = "mirror-report",
        };

    public static ActionInput<string?> History { get; } =
        new("history", InputKind.Text, text => text)
        {
            Group = Group,
            Summary = "File to which each run appends a line, relative to the workspace",
            Text =
                "File to which each run appends a line, relative to the workspace or absolute. The page and the summary draw their trends from it; "
                + "keep it from one run to the next. A shard leaves it alone, and `mode: report` appends one line for all of them.",
            DefaultText = "`history.jsonl` in `report-dir`",
        };

    public static ActionInput<FailOn> FailOn { get; } =
        ActionInput.Choice(
            "fail-on",
            "When failed repositories fail the step: `any` of them, only when `all` "
                + "failed, or `never`. What `verify` or a drill finds different fails it "
                + "always.",
            [("any", Inputs.FailOn.Any), ("all", Inputs.FailOn.All), ("never", Inputs.FailOn.Never)],
            "any"
        ) with
        {
            Group = Group,
            Summary = "When failed repositories fail the step",
        };

    public static ActionInput<MessageLevel> LogLevel { get; } =
        ActionInput.Choice(
            "log-level",
            "How much is printed: `debug`, `info`, `warning` or `error`. A re-run with debug logging always means `debug`.",
            [("debug", MessageLevel.Debug), ("info", MessageLevel.Info), ("warning", MessageLevel.Warning), ("error", MessageLevel.Error)],
            "info"
        ) with
        {
            Group = Group,
            Summary = "How much is printed; debug when RUNNER_DEBUG=1",
        };

    public static ActionInput<LogFormat> LogFormat { get; } =
        ActionInput.Choice(
            "log-format",
            "How the log is printed: `text`, or `json` for log collectors, one compact event a line.",
            [("text", Inputs.LogFormat.Text), ("json", Inputs.LogFormat.Json)],
            "text"
        ) with
        {
            Group = Group,
            Summary = "text for people, json for log collectors: one event a line",
        };

    /// <summary>All of them, in the order of the help.</summary>
    public static IReadOnlyList<ActionInput> All { get; } =
    [Concurrency, Shard, ShardCount, TimeoutMinutes, CreateInterval, MaxAttempts, ReportDir, History, FailOn, LogLevel, LogFormat];

    /// <summary>What a run does with the repositories of some owners.</summary>
    public static MirrorOptions ReadOptions(CheckedInputs inputs, IReadOnlyList<string> owners)
    {
        var shard = inputs.Read(Shard);
        return new()
        {
            Owners = owners,
            Rules = inputs.Rules,
            Shard = shard,
            Shares = new(shard?.Count ?? 1),
            Filter = SelectionInputs.Read(inputs),
            Wikis = inputs.Read(SelectionInputs.Wikis),
            FollowSourceVisibility = inputs.Read(HostRole.Visibility),
            Concurrency = inputs.Read(Concurrency),
            Timeout = inputs.Read(TimeoutMinutes) is > 0 and var minutes ? TimeSpan.FromMinutes(minutes) : Timeout.InfiniteTimeSpan,
            CreateInterval = inputs.Read(CreateInterval),
            Refs = RefInputs.Read(inputs),
        };
    }

    /// <summary>How much is printed; a re-run with debug logging (<c>RUNNER_DEBUG=1</c>) shows everything.</summary>
    public static MessageLevel ReadLogLevel(CheckedInputs inputs, EnvironmentVariables environment)
    {
        var level = inputs.Read(LogLevel);
        return environment["RUNNER_DEBUG"] == "1" ? MessageLevel.Debug : level;
    }

    /// <summary>Where a run leaves what it tells.</summary>
    public static ReportPlace ReadReportPlace(CheckedInputs inputs)
    {
        var folder = inputs.ReadPath(ReportDir, "folder");
        return new(folder, inputs.IsGiven(History) ? inputs.ReadPath(History, "file") : Path.Combine(folder, HistoryFile.FileName));
    }
}
