using System.Globalization;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Modes;
using MirrorAction.Reporting.History;

namespace MirrorAction.Reporting.Summary;

/// <summary>How it was before: the last verification, the last drill, the mirror that was verified longest ago, the last runs.</summary>
internal static class TimeSection
{
    /// <summary>The last so many runs are told.</summary>
    private const int Runs = 7;

    /// <summary>Adds it to the page. Without a history there is nothing to tell.</summary>
    public static void Write(BoundedMarkdown page, RunOutcome outcome)
    {
        if (HistoryEntry.Of(outcome.Report, null) is not { } entry || outcome.History.Entries.Count < 2)
        {
            return;
        }

        page.Rows(["### Over time", ""], [.. Lines(outcome, entry).Select(line => $"- {line}")], []);
        Trend(page, outcome.History.Like(entry));
    }

    private static IEnumerable<string> Lines(RunOutcome outcome, HistoryEntry entry)
    {
        var report = outcome.Report;
        if (!outcome.Words.IsOfMirrors)
        {
            yield break;
        }

        if (report.Mode != VerifyMode.ModeName)
        {
            var verify = outcome.History.LastBetweenSidesOf(entry, other => other.Mode == VerifyMode.ModeName);
            yield return $"Last verify: {(verify is null ? "none known" : $"{When(verify, report)}, {Share(verify)} equal")}";
        }

        if (report.Variant != DrillMode.Variant)
        {
            var drill = outcome.History.LastBetweenSidesOf(entry, other => other.Variant == DrillMode.Variant);
            var result = drill is null ? "none known" : $"{When(drill, report)}, {Share(drill)} came back equal";
            yield return $"Last restore drill: {result}{(drill is null ? "" : $", recovery time {Quantity.Duration(drill.DurationMs)}")}";
        }

        if (OldestUnverified(report) is { } oldest)
        {
            yield return $"Oldest unverified mirror: {SummaryWriter.Source(oldest)}, {ReportText.LastVerified(oldest, report)}";
        }
    }

    /// <summary>Of those that are not verified now the one that was verified longest ago, or never.</summary>
    private static RepositoryReport? OldestUnverified(RunReport report) =>
        report.Repositories.Where(repository => SafetyCounts.Of(repository) == Safety.NotSafe).MinBy(r => r.VerifiedAt ?? DateTimeOffset.MinValue);

    private static void Trend(BoundedMarkdown page, IReadOnlyList<HistoryEntry> runs)
    {
        if (runs.Count < 2)
        {
            return;
        }

        page.Table(
            "The last runs",
            [
                "Began (UTC)",
                Column.Number("Safe"),
                Column.Number("Not safe"),
                Column.Number("Not looked at"),
                Column.Number("Refs moved"),
                Column.Number("Time"),
            ],
            [
                .. runs.TakeLast(Runs)
                    .Reverse()
                    .Select(run =>
                        new[]
                        {
                            run.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
                            Number(run.Safe),
                            Number(run.NotSafe),
                            Number(run.NotLookedAt),
                            Number(run.Totals.RefsUpdated),
                            Quantity.Duration(run.DurationMs),
                        }
                    ),
            ]
        );
    }

    private static string When(HistoryEntry run, RunReport report) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{run.EndedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC ({Quantity.Age(report.EndedAt() - run.EndedAt)} ago)"
        );

    private static string Share(HistoryEntry run) => FormattableString.Invariant($"{run.Safe} of {run.Safe + run.NotSafe + run.NotLookedAt}");

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
