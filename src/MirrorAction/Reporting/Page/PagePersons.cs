using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Reporting.Page;

/// <summary>What needs a person: what is not safe, by its cause, with one fix for all of a group; shards without a result; what looks odd.</summary>
internal static class PagePersons
{
    /// <summary>As much of the page as this may fill: the repositories come after it.</summary>
    private const double Share = 0.25;

    /// <summary>Adds it to the page.</summary>
    public static void Write(BoundedHtml page, RunOutcome outcome)
    {
        var groups = FailureGroup.Of(outcome.Report);
        var lost = outcome.Report.Shards.Where(joined => joined.Error is not null).ToList();
        if (groups.Count + lost.Count > 0)
        {
            page.Line("<section><h2>What needs a person</h2>");
            List(
                page,
                lost.Select(joined => $"Shard {joined.Shard ?? "unknown"}: {joined.Error!.Message} {joined.Error.Hint}").Select(HtmlText.Escape)
            );
            foreach (var group in groups)
            {
                Group(page, outcome, group);
            }

            page.Line("</section>");
        }

        var warnings = outcome
            .Report.Warnings.Select(HtmlText.Escape)
            .Concat(
                from repository in outcome.Report.Repositories
                where repository.Status != RepositoryStatus.Different
                from warning in repository.Warnings
                select $"{HtmlText.Link(repository.Source, repository.SourceUrl)}: {HtmlText.Escape(warning)}"
            )
            .ToList();
        if (warnings.Count > 0)
        {
            page.Line("<section><h2>Please look at these</h2>");
            List(page, warnings);
            page.Line("</section>");
        }
    }

    private static void Group(BoundedHtml page, RunOutcome outcome, FailureGroup group)
    {
        var title = group.Code is { } code ? HtmlText.Link(DocsLinks.Word(code), outcome.Docs.For(code)) : "different";
        page.Line($"<h3>{Quantity.Count(group.Repositories.Count, "repository", "repositories")}: {title}</h3>");
        if (group.Message is { } message)
        {
            page.Line($"<p>{HtmlText.Escape(message)}</p>");
        }

        if (group.Hint is { } hint)
        {
            page.Line($"<p><strong>What to do:</strong> {HtmlText.Escape(hint)}</p>");
        }

        if (group.Selection(outcome.Report) is { Count: > 0 } names)
        {
            page.Line($"<p>Just these again: {HtmlText.Code($"repositories: {string.Join(", ", names)}")}</p>");
        }

        List(page, group.Repositories.Select(repository => $"{HtmlText.Link(repository.Source, repository.SourceUrl)}{Reason(group, repository)}"));
    }

    private static string Reason(FailureGroup group, RepositoryReport repository) =>
        group.Message is not null ? ""
        : repository.Status == RepositoryStatus.Different ? $": {HtmlText.Escape(ReportText.Differences(repository))}"
        : $": {HtmlText.Escape(repository.Error?.Message ?? "no reason given")}";

    private static void List(BoundedHtml page, IEnumerable<string> items)
    {
        var rows = items.Select(item => $"<li>{item}</li>").ToList();
        if (rows.Count > 0)
        {
            page.Line("<ul>");
            var dropped = page.Rows(rows, Share);
            page.Line(dropped > 0 ? $"<li>and {dropped} more</li></ul>" : "</ul>");
        }
    }
}
