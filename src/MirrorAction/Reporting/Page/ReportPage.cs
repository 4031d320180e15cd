using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Reporting.Page;

/// <summary>
/// <c>report.html</c>: a run as one page that loads nothing and needs no script: the answer, tiles, what needs a person, the repositories, what
/// changed and how to get it back, how it was before.
/// </summary>
internal static class ReportPage
{
    /// <summary>The file's name in the folder of reports.</summary>
    public const string FileName = "report.html";

    /// <summary>A larger page is slow to open.</summary>
    public const int MaxBytes = 3 * 1024 * 1024;

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <returns>Its path, absolute.</returns>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public static string Write(RunOutcome outcome, string folder)
    {
        var path = Path.Combine(folder, FileName);
        WholeFile.Write(path, file => file.Write(Encoding.UTF8.GetBytes(Text(outcome))));
        return path;
    }

    /// <summary>What is in the file.</summary>
    public static string Text(RunOutcome outcome)
    {
        var page = new BoundedHtml(MaxBytes);
        Head(page, outcome);
        page.Line("<main>");
        Tiles(page, outcome);
        Alert(page, outcome.Report.Error);
        Alert(page, outcome.Loss);
        PagePersons.Write(page, outcome);
        PageTable.Write(page, outcome);
        PageChanges.Write(page, outcome);
        PageTrend.Write(page, outcome);
        page.Line("</main>");
        Foot(page, outcome);
        return page.ToString();
    }

    private static void Head(BoundedHtml page, RunOutcome outcome)
    {
        var answer = HtmlText.Escape(outcome.Answer);
        page.Line("<!DOCTYPE html>");
        page.Line("<html lang=\"en\">");
        page.Line("<head>");
        page.Line("<meta charset=\"utf-8\">");
        page.Line($"<meta http-equiv=\"Content-Security-Policy\" content=\"{PageAssets.Policy}\">");
        page.Line("<meta name=\"referrer\" content=\"no-referrer\">");
        page.Line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        page.Line($"<title>{outcome.Sign} {answer}</title>");
        page.Line($"<style>{PageAssets.Style}</style>");
        page.Line("</head>");
        page.Line("<body>");
        page.Line("<header>");
        page.Line("<a class=\"skip\" href=\"#repositories\">Skip to the repositories</a>");
        page.Line($"<h1><span aria-hidden=\"true\">{outcome.Sign}</span> {answer}</h1>");
        page.Line($"<p>{HtmlText.Escape(string.Join(" · ", outcome.Remarks.Prepend(outcome.Title)))}</p>");
        page.Line("</header>");
    }

    private static void Tiles(BoundedHtml page, RunOutcome outcome)
    {
        var counts = outcome.Counts;
        page.Line("<dl class=\"tiles\">");
        var safe = outcome.Words.Safe(outcome.Report);
        Tile("ok", char.ToUpperInvariant(safe[0]) + safe[1..], counts.Safe);
        Tile(counts.NotSafe > 0 ? "bad" : "idle", $"Not {safe}", counts.NotSafe);
        Tile("idle", "Not looked at", counts.NotLookedAt);
        Tile("idle", "Changed", outcome.Report.Totals.Mirrored);
        Tile("idle", "Refs", outcome.Report.Totals.RefsUpdated);
        page.Line("</dl>");

        void Tile(string kind, string name, long count) =>
            page.Line(string.Create(CultureInfo.InvariantCulture, $"<div class=\"{kind}\"><dt>{HtmlText.Escape(name)}</dt><dd>{count}</dd></div>"));
    }

    private static void Alert(BoundedHtml page, RepositoryError? error)
    {
        if (error is not null)
        {
            page.Line($"<p class=\"alert\"><strong>{HtmlText.Escape(error.Message)}</strong><br>{HtmlText.Escape(error.Hint ?? "")}</p>");
        }
    }

    private static void Foot(BoundedHtml page, RunOutcome outcome)
    {
        page.Line("<footer class=\"soft\">");
        if (page.Dropped > 0)
        {
            page.Line($"<p>{Quantity.Count(page.Dropped, "more row is", "more rows are")} in report.json.</p>");
        }

        page.Line($"<p>mirror-action {HtmlText.Escape(outcome.Report.Version)}. All times are UTC.</p>");
        page.Line("</footer>");
        page.Line($"<script>{PageAssets.Script}</script>");
        page.Line("</body>");
        page.Line("</html>");
    }
}

/// <summary>The one style and the one script of the page, and the policy that lets a browser run these two and load nothing.</summary>
internal static class PageAssets
{
    /// <summary>The style.</summary>
    public static string Style { get; } = Read("page.css");

    /// <summary>The script. Without it the page can be read all the same.</summary>
    public static string Script { get; } = Read("page.js");

    /// <summary>The content security policy (CSP level 3).</summary>
    public static string Policy { get; } =
        $"default-src 'none'; style-src '{Hash(Style)}'; script-src '{Hash(Script)}'; base-uri 'none'; form-action 'none'";

    private static string Read(string name)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return $"\n{reader.ReadToEnd().ReplaceLineEndings("\n")}";
    }

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
}
