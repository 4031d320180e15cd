using System.Globalization;
using System.Text;
using MirrorAction.Reporting.History;

namespace MirrorAction.Reporting.Page;

/// <summary>How it was before: the last runs of the same kind as a chart, and as a table for those who can't see one.</summary>
internal static class PageTrend
{
    private const int MaxRuns = 60;
    private const int TableRuns = 20;
    private const int BarWidth = 10;
    private const int Height = 100;

    /// <summary>Adds it to the page. A first run has nothing before it.</summary>
    public static void Write(BoundedHtml page, RunOutcome outcome)
    {
        if (HistoryEntry.Of(outcome.Report, null) is not { } entry || outcome.History.Like(entry) is not { Count: > 1 } all)
        {
            return;
        }

        IReadOnlyList<HistoryEntry> runs = [.. all.TakeLast(MaxRuns)];
        page.Line("<section><h2>The last runs</h2>");
        page.Line(Chart(runs));
        page.Line("<div class=\"wide\" role=\"region\" aria-label=\"The last runs\" tabindex=\"0\"><table><thead><tr>");
        string[] heads = ["Began (UTC)", "Safe", "Not safe", "Not looked at", "Refs moved", "Time"];
        page.Line(string.Concat(heads.Select(head => $"<th scope=\"col\">{head}</th>")) + "</tr></thead><tbody>");
        page.Rows(runs.Reverse().Take(TableRuns).Select(Row));
        page.Line("</tbody></table></div></section>");
    }

    private static string Chart(IReadOnlyList<HistoryEntry> runs)
    {
        var bars = new StringBuilder();
        for (var i = 0; i < runs.Count; i++)
        {
            var (run, x) = (runs[i], i * BarWidth);
            var all = Math.Max((long)run.Safe + run.NotSafe + run.NotLookedAt, 1);
            var safe = (int)(Height * (long)run.Safe / all);

            // One of thousands is seen, too.
            var bad = run.NotSafe == 0 ? 0 : Math.Max(4, (int)(Height * (long)run.NotSafe / all));
            var good = Math.Min(safe, Height - bad);
            Bar("i", x, 0, Height);
            Bar("g", x, Height - good, good);
            Bar("r", x, Height - good - bad, bad);
        }

        var label = string.Create(
            CultureInfo.InvariantCulture,
            $"Safe repositories in {runs.Count} runs from {runs[0].StartedAt.UtcDateTime:yyyy-MM-dd} to {runs[^1].StartedAt.UtcDateTime:yyyy-MM-dd}"
        );
        return $"<svg class=\"trend\" viewBox=\"0 0 {runs.Count * BarWidth} {Height}\" preserveAspectRatio=\"none\" role=\"img\" "
            + $"aria-label=\"{label}\">{bars}</svg>"
            + $"<p class=\"soft\">{label}: green is safe, red is not, grey was not looked at.</p>";

        void Bar(string kind, int x, int y, int height) =>
            bars.Append(CultureInfo.InvariantCulture, $"<rect class=\"{kind}\" x=\"{x}\" y=\"{y}\" width=\"{BarWidth - 2}\" height=\"{height}\"/>");
    }

    private static string Row(HistoryEntry run) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"<tr><td>{run.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm}<td>{run.Safe}<td>{run.NotSafe}<td>{run.NotLookedAt}<td>{run.Totals.RefsUpdated}"
                + $"<td>{Quantity.Duration(run.DurationMs)}"
        );
}
