using System.Globalization;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting.History;
using MirrorAction.Reporting.Summary;

namespace MirrorAction.Reporting.Page;

/// <summary>All repositories in a table that the script lets people sort and filter.</summary>
internal static class PageTable
{
    /// <summary>As much of the page as may be full behind it: changes and trend come after it.</summary>
    private const double Share = 0.85;

    /// <summary>Adds it to the page. What was not reached has no row.</summary>
    public static void Write(BoundedHtml page, RunOutcome outcome)
    {
        var reached = SummaryWriter.Reached(outcome.Report).OrderBy(SafetyRank).ToList();
        page.Line($"<section id=\"repositories\"><h2>Repositories ({reached.Count})</h2>");
        if (reached.Count > 0)
        {
            var activity = Activity.Of(outcome);
            Tools(page);
            page.Line("<div class=\"wide\" role=\"region\" aria-label=\"Repositories\" tabindex=\"0\"><table id=\"table\"><thead><tr>");
            string[] heads =
            [
                outcome.Words.Source,
                outcome.Words.Destination,
                "State",
                "Refs",
                "Bytes",
                "Time",
                .. outcome.Words.DatesVerification ? new[] { "Last verified" } : [],
                .. activity is null ? [] : new[] { "Runs" },
            ];
            page.Line(string.Concat(heads.Select(head => $"<th scope=\"col\">{HtmlText.Escape(head)}</th>")));
            page.Line("</tr></thead><tbody>");
            page.Rows(reached.Select(repository => Row(repository, outcome.Words, activity)), Share);
            page.Line("</tbody></table></div>");
        }

        page.Line("</section>");
    }

    private static void Tools(BoundedHtml page)
    {
        page.Line("<div id=\"tools\" class=\"tools\" hidden>");
        page.Line("<label>Filter <input id=\"filter\" type=\"search\"></label>");
        page.Line("<label>State <select id=\"state\"><option value=\"\">all</option><option value=\"bad\">not safe</option>");
        page.Line("<option value=\"ok\">safe</option><option value=\"idle\">not looked at</option></select></label>");
        page.Line("<span id=\"count\" role=\"status\"></span></div>");
    }

    private static string Row(RepositoryReport repository, ModeText words, Activity? activity)
    {
        var bytes = repository.BytesReceived + repository.BytesSent;
        var url = words.IsPlan && repository.Created ? null : repository.DestinationUrl;
        var kind = SafetyCounts.Of(repository) switch
        {
            Safety.Safe => "ok",
            Safety.NotSafe => "bad",
            _ => "idle",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"<tr class=\"{kind}\"><td>{HtmlText.Link(repository.Source, repository.SourceUrl)}<td>{HtmlText.Link(repository.Destination, url)}"
                + $"<td class=\"t\">{HtmlText.Escape(ReportText.Result(repository, words).ToString())}<td>{ReportText.Refs(repository.Refs)}"
                + $"<td class=\"n\" data-v=\"{bytes}\">{Quantity.Bytes(bytes)}"
                + $"<td class=\"n\" data-v=\"{repository.DurationMs}\">{Quantity.Duration(repository.DurationMs)}"
                + $"{(words.DatesVerification ? Verified(repository) : "")}{activity?.Cell(repository)}"
        );
    }

    /// <summary>When both sides were last found equal; what never was comes first when sorted.</summary>
    private static string Verified(RepositoryReport repository) =>
        repository.VerifiedAt is { } time
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"<td class=\"n\" data-v=\"{time.ToUnixTimeSeconds()}\">{time.UtcDateTime:yyyy-MM-dd HH:mm}"
            )
            : "<td class=\"n\" data-v=\"0\">never";

    private static int SafetyRank(RepositoryReport repository) =>
        SafetyCounts.Of(repository) switch
        {
            Safety.NotSafe => 0,
            Safety.Safe => 1,
            _ => 2,
        };
}
