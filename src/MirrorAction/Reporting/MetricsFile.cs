using System.Globalization;
using System.Text;
using System.Text.Json;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting.History;

namespace MirrorAction.Reporting;

/// <summary>
/// <c>metrics.prom</c>: the numbers of the last run in Prometheus' text format, for node_exporter's textfile collector or a Pushgateway. All are
/// gauges, none has a timestamp of its own.
/// </summary>
/// <remarks>
/// <code>
/// # TYPE name gauge
/// name{label="value"} number
/// </code>
/// A label's value escapes <c>\</c>, <c>"</c> and line breaks.
/// </remarks>
internal sealed class MetricsFile
{
    /// <summary>The file's name in the folder of reports.</summary>
    public const string FileName = "metrics.prom";

    /// <summary>Each repository has series of its own, and thousands burden a server: with more, only those that are not safe have.</summary>
    private const int MaxRepositories = 1_000;

    private readonly StringBuilder _text = new();
    private readonly string _mode;

    private MetricsFile(RunReport report) => _mode = report.Variant is null ? report.Mode : $"{report.Mode}-{report.Variant}";

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <param name="report">The run.</param>
    /// <param name="history">All runs, this one included.</param>
    /// <param name="folder">The folder of reports, absolute.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public static void Write(RunReport report, RunHistory history, string folder) =>
        WholeFile.Write(Path.Combine(folder, FileName), file => file.Write(Encoding.UTF8.GetBytes(Text(report, history))));

    /// <summary>What is in the file.</summary>
    public static string Text(RunReport report, RunHistory history)
    {
        var metrics = new MetricsFile(report);
        metrics.AddRun(report, history);
        metrics.AddRepositories(report);
        return metrics._text.ToString();
    }

    private void AddRun(RunReport report, RunHistory history)
    {
        Begin("mirror_build_info", "The program that ran last.");
        Add("mirror_build_info", 1, ("version", report.Version));
        Begin("mirror_last_run_timestamp_seconds", "When the last run ended.");
        Add("mirror_last_run_timestamp_seconds", Seconds(report.EndedAt()));
        if (LastSuccess(report, history) is { } success)
        {
            Begin("mirror_last_success_timestamp_seconds", "When the last run ended in which no repository failed or differed.");
            Add("mirror_last_success_timestamp_seconds", Seconds(success));
        }

        Begin("mirror_run_duration_seconds", "How long the last run took.");
        Add("mirror_run_duration_seconds", report.DurationMs / 1000.0);
        Begin("mirror_run_result", "1 for the result of the last run, 0 for the others.");
        foreach (var result in Enum.GetValues<RunResult>())
        {
            Add("mirror_run_result", result == report.Result ? 1 : 0, ("result", Word(result)));
        }

        Begin("mirror_repositories", "Selected repositories by what became of them.");
        foreach (var status in Enum.GetValues<RepositoryStatus>())
        {
            Add("mirror_repositories", report.Repositories.Count(repository => repository.Status == status), ("status", Word(status)));
        }

        Begin("mirror_refs", "Refs by what happened to them.");
        var refs = report.Repositories.Select(repository => repository.Refs).ToList();
        Add("mirror_refs", refs.Sum(r => (long)r.Created), ("kind", "create"));
        Add("mirror_refs", refs.Sum(r => (long)r.Updated), ("kind", "update"));
        Add("mirror_refs", refs.Sum(r => (long)r.Forced), ("kind", "force"));
        Add("mirror_refs", refs.Sum(r => (long)r.Deleted), ("kind", "delete"));
        Add("mirror_refs", refs.Sum(r => (long)r.Kept), ("kind", "keep"));
        Begin("mirror_requests", "HTTP requests of the last run.");
        Add("mirror_requests", report.Totals.Requests);
    }

    private void AddRepositories(RunReport report)
    {
        var all = report.Repositories.Where(repository => repository.Reason != SkipReason.Cancelled).ToList();
        var shown = all.Count <= MaxRepositories ? all : [.. all.Where(r => SafetyCounts.Of(r) == Safety.NotSafe).Take(MaxRepositories)];
        if (shown.Count == 0)
        {
            return;
        }

        Begin("mirror_repository_last_success_timestamp_seconds", "When it was last verified.");
        foreach (var repository in shown)
        {
            if (MirrorMemory.VerifiedAt(repository, report) is { } verified)
            {
                Add("mirror_repository_last_success_timestamp_seconds", Seconds(verified), Labels(repository));
            }
        }

        Begin("mirror_repository_duration_seconds", "How long it took.");
        shown.ForEach(repository => Add("mirror_repository_duration_seconds", repository.DurationMs / 1000.0, Labels(repository)));
        Begin("mirror_repository_bytes", "Bytes of bodies from and to the git servers.");
        foreach (var repository in shown)
        {
            Add("mirror_repository_bytes", repository.BytesReceived, [.. Labels(repository), ("direction", "received")]);
            Add("mirror_repository_bytes", repository.BytesSent, [.. Labels(repository), ("direction", "sent")]);
        }
    }

    private static DateTimeOffset? LastSuccess(RunReport report, RunHistory history) =>
        report.Result == RunResult.Success ? report.EndedAt()
        : HistoryEntry.Of(report, null) is not { } entry ? null
        : history.LastBetweenSidesOf(entry, other => other.IsLike(entry) && other.Result == RunResult.Success)?.EndedAt;

    private static (string Name, string Value)[] Labels(RepositoryReport repository)
    {
        var slash = repository.Source.LastIndexOf('/');
        return [("owner", repository.Source[..Math.Max(slash, 0)]), ("repository", repository.Source[(slash + 1)..])];
    }

    private void Begin(string name, string help) => _text.Append($"# HELP {name} {help}\n# TYPE {name} gauge\n");

    private void Add(string name, double value, params (string Name, string Value)[] labels)
    {
        var all = labels.Append(("mode", _mode)).Select(label => $"{label.Item1}=\"{Escape(label.Item2)}\"");
        _text.Append(CultureInfo.InvariantCulture, $"{name}{{{string.Join(',', all)}}} {value:0.###}\n");
    }

    private static string Escape(string value) =>
        value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);

    private static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
