using System.Text;
using MirrorAction.Http;
using MirrorAction.Inputs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Reporting;

namespace MirrorAction.Alarms;

/// <summary>The words in which a message tells of a run, and their bounds.</summary>
internal static class AlarmText
{
    /// <summary>More failures are counted only; the report has them all.</summary>
    private const int MaxLines = 20;

    private const int MaxLine = 300;

    /// <summary>Leaves room for the verdict in the shortest title that a service takes.</summary>
    private const int MaxNames = 80;

    private const char Rest = '…';

    /// <summary>What is told of a run that left a report.</summary>
    /// <param name="report">The report, without secrets.</param>
    /// <param name="code">The exit code.</param>
    /// <param name="kind">How the run ended.</param>
    /// <param name="link">The page of the workflow's run; null for none.</param>
    public static Alarm Of(RunReport report, int code, AlarmKind kind, Uri? link) =>
        new()
        {
            Kind = kind,
            Title = $"{Names(report)}: {Verdict(report, code, kind)}",
            Lines = [.. Bounded([.. Failures(report)]), ReportText.Totals(report).ToString()],
            Link = link,
            Report = report,
            ExitCode = code,
        };

    /// <summary>What is told of a run that did not begin.</summary>
    /// <param name="title">What happened.</param>
    /// <param name="reasons">Why, a line each, without secrets.</param>
    /// <param name="code">The exit code.</param>
    /// <param name="link">The page of the workflow's run; null for none.</param>
    public static Alarm OfNothing(string title, IEnumerable<string> reasons, int code, Uri? link) =>
        new()
        {
            Kind = AlarmKind.Failure,
            Title = $"Mirror: {title}",
            Lines = Bounded([.. reasons.Select(reason => Line(reason))]),
            Link = link,
            ExitCode = code,
        };

    /// <summary>The page of the workflow's run; null outside a workflow.</summary>
    public static Uri? LinkOf(EnvironmentVariables environment) =>
        environment["GITHUB_RUN_ID"] is { } id
        && environment["GITHUB_REPOSITORY"] is { } repository
        && Uri.TryCreate($"{environment["GITHUB_SERVER_URL"] ?? "https://github.com"}/{repository}/actions/runs/{id}", UriKind.Absolute, out var page)
        && page.Scheme is "https" or "http"
            ? page
            : null;

    /// <summary>As many lines as fit, joined by line breaks; an ellipsis stands for the rest.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="max">How much a service takes.</param>
    /// <param name="measure">How it counts; null for characters of UTF-16.</param>
    public static string Fit(IEnumerable<string> lines, int max, Func<string, int>? measure = null)
    {
        measure ??= static text => text.Length;
        var left = max - measure($"\n{Rest}");
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            var next = text.Length > 0 ? "\n" + line : line;
            left -= measure(next);
            if (left < 0)
            {
                return text.Append(text.Length > 0 ? "\n" : Start(line, left + measure(next), measure)).Append(Rest).ToString();
            }

            text.Append(next);
        }

        return text.ToString();
    }

    /// <summary>The bytes of a text in UTF-8.</summary>
    public static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);

    /// <summary>
    /// The text with an invisible gap behind each <c>@</c>: services look for mentions in texts that are otherwise taken as they are.
    /// </summary>
    public static string WithoutMentions(string text) => text.Replace("@", "@\u200B", StringComparison.Ordinal);

    private static string Names(RunReport report)
    {
        string[] sides = [string.Join(", ", report.Source.Owners), report.Destination.Workspace];
        return Line($"{ModeText.Of(report).Title} {string.Join(" → ", sides.Where(side => side.Length > 0))}", MaxNames);
    }

    private static string Verdict(RunReport report, int code, AlarmKind kind)
    {
        var (totals, repositories) = (report.Totals, Quantity.Count(report.Totals.Repositories, "repository", "repositories"));
        return report switch
        {
            { Error.Code: ErrorCode.Cancelled } => "stopped",
            { Error: not null } => "nothing could be done",
            _ when RunTally.NotReached(report) is > 0 and var left => FormattableString.Invariant($"stopped, {left} of {repositories} not reached"),
            { Totals.Failed: > 0 } => FormattableString.Invariant($"{totals.Failed} of {repositories} failed"),
            { Totals.Different: > 0 } => FormattableString.Invariant($"{totals.Different} of {repositories} differ"),
            _ when report.Shards.Count(shard => shard.Error is not null) is > 0 and var lost => $"{Quantity.Count(lost, "shard")} without a result",
            _ when kind == AlarmKind.Failure => FormattableString.Invariant($"exit code {code}"),
            _ when kind == AlarmKind.Recovery => $"well again, {repositories}",
            _ => $"well, {repositories}",
        };
    }

    private static IEnumerable<string> Failures(RunReport report)
    {
        if (report.Error is { } error)
        {
            yield return Line(error.Message);
        }

        foreach (var shard in report.Shards.Where(shard => shard.Error is not null))
        {
            yield return Line($"shard {shard.Shard ?? "unknown"}: {shard.Error!.Message}");
        }

        foreach (var repository in report.Repositories)
        {
            if (repository.Error is { } reason)
            {
                yield return Line($"{repository.Source}: {reason.Message}");
            }
            else if (repository.Status == RepositoryStatus.Different)
            {
                yield return Line($"{repository.Source} differs: {ReportText.Differences(repository)}");
            }
        }
    }

    private static List<string> Bounded(List<string> lines) =>
        lines.Count <= MaxLines ? lines : [.. lines.Take(MaxLines), FormattableString.Invariant($"and {lines.Count - MaxLines} more")];

    /// <summary>The beginning of a line that alone is too long.</summary>
    private static string Start(string line, int max, Func<string, int> measure)
    {
        var start = new StringBuilder();
        foreach (var rune in line.EnumerateRunes())
        {
            max -= measure(rune.ToString());
            if (max < 0)
            {
                break;
            }

            start.Append(rune.ToString());
        }

        return start.ToString();
    }

    private static string Line(string text, int max = MaxLine) => TextSanitizer.Clean(text, max);
}
