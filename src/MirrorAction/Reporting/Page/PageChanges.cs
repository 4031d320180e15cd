using System.Globalization;
using MirrorAction.Git.Model;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Reporting.Page;

/// <summary>What changed in each repository, which old values are kept and how one comes back, and mirrors without a source.</summary>
internal static class PageChanges
{
    /// <summary>The trend comes after it.</summary>
    private const double Share = 0.95;

    private const int MaxChanges = 200;

    /// <summary>Adds it to the page.</summary>
    public static void Write(BoundedHtml page, RunOutcome outcome)
    {
        Changes(page, outcome);
        Kept(page, outcome);
        if (outcome.Report.Orphans.Count > 0)
        {
            page.Line($"<section><h2>Mirrors without a source ({outcome.Report.Orphans.Count})</h2>");
            page.Line("<p>Their source is gone, has another name now, or these credentials do not see it. They are never deleted.</p><ul>");
            page.Rows(outcome.Report.Orphans.Select(orphan => $"<li>{HtmlText.Escape(orphan)}</li>"), Share);
            page.Line("</ul></section>");
        }
    }

    private static void Changes(BoundedHtml page, RunOutcome outcome)
    {
        var changed = outcome.Report.Repositories.Where(repository => repository.Changes.Count > 0).ToList();
        if (changed.Count == 0)
        {
            return;
        }

        page.Line($"<section><h2>{(outcome.Words.IsComparison ? "Refs that differ" : "Refs that changed")}</h2>");
        page.Rows(changed.Select(repository => Details(repository, outcome.Words)), Share);
        page.Line("</section>");
    }

    private static string Details(RepositoryReport repository, ModeText words)
    {
        var rows = repository
            .Changes.Take(MaxChanges)
            .Select(change =>
                $"<tr><td>{HtmlText.Code(change.Ref)}<td>{(words.IsComparison ? ReportText.Difference(change) : ReportText.Kind(change))}"
                + $"<td>{Id(change.Old)}<td>{Id(change.New)}"
            );
        var rest = repository.Changes.Count - MaxChanges;
        return $"<details><summary>{HtmlText.Escape(repository.Source)}: {Quantity.Count(repository.Changes.Count, "ref")}</summary><table>"
            + "<thead><tr><th scope=\"col\">Ref</th><th scope=\"col\">What</th><th scope=\"col\">Before, at the mirror</th>"
            + $"<th scope=\"col\">After</th></tr></thead><tbody>{string.Concat(rows)}</tbody></table>"
            + $"{(rest > 0 ? string.Create(CultureInfo.InvariantCulture, $"<p>and {rest} more in report.json</p>") : "")}</details>";
    }

    private static void Kept(BoundedHtml page, RunOutcome outcome)
    {
        var kept = (
            from repository in outcome.Report.Repositories
            from change in repository.Changes
            where change is { Kind: RefChangeKind.Keep, New: not null }
            select (Repository: repository, Change: change)
        ).ToList();
        if (kept.Count == 0)
        {
            return;
        }

        var first = kept[0].Change;
        page.Line($"<section><h2>Old values that are kept ({kept.Count})</h2>");
        page.Line($"<p>Each is a tag under {HtmlText.Code(RefPatternSet.KeptPrefix)} in its mirror. To get one back, in a clone of the mirror:</p>");
        page.Line($"<pre>git fetch origin {HtmlText.Escape(HtmlText.ShellQuote($"{first.Ref}:refs/heads/recovered"))}</pre>");
        page.Line("<div class=\"wide\" role=\"region\" aria-label=\"Kept values\" tabindex=\"0\"><table><thead><tr>");
        page.Line("<th scope=\"col\">Mirror</th><th scope=\"col\">Kept as</th><th scope=\"col\">Value</th></tr></thead><tbody>");
        page.Rows(
            kept.Select(old =>
                $"<tr><td>{HtmlText.Link(old.Repository.Destination, old.Repository.DestinationUrl)}<td>{HtmlText.Code(old.Change.Ref)}"
                + $"<td>{Id(old.Change.New)}"
            ),
            Share
        );
        page.Line("</tbody></table></div></section>");
    }

    private static string Id(string? id) => id is null ? "" : HtmlText.Code(ReportText.ShortId(id));
}
