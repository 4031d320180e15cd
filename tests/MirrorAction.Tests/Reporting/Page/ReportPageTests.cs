using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting;
using MirrorAction.Reporting.History;
using MirrorAction.Reporting.Page;

namespace MirrorAction.Tests.Reporting.Page;

/// <summary>The page as text. <c>eng/check-page</c> opens it in a browser.</summary>
public sealed partial class ReportPageTests
{
    [Fact]
    public void Answer_repositories_changes_and_the_way_back_are_there()
    {
        var page = Page(Sample.Varied());

        page.ShouldContain(
            "<h1><span aria-hidden=\"true\">❌</span> 3 of 6 repositories are safe at Bitbucket (checked 2026-11-21 02:00 UTC); 1 is not"
        );
        page.ShouldContain("<div class=\"ok\"><dt>Safe at Bitbucket</dt><dd>3</dd></div>");
        page.ShouldContain("<strong>What to do:</strong> Give the token the scope write:repository:bitbucket.");
        page.ShouldContain("/docs/ERRORS.md#destination-forbidden\">destination-forbidden</a>");
        page.ShouldContain("<td><a href=\"https://github.com/acme/Website\">acme/Website</a><td>");
        page.ShouldContain("<summary>acme/Website: 5 refs</summary>");
        page.ShouldContain("<pre>git fetch origin &#39;refs/tags/mirror-kept/20261121T020000Z/heads/main:refs/heads/recovered&#39;</pre>");
        page.ShouldContain("<li>acme-mirror/old-thing</li>");
        page.ShouldNotContain("The last runs");
        Rows().Count(page).ShouldBe(6);
    }

    [Fact]
    public void Only_the_style_and_the_script_of_the_page_may_run_and_nothing_is_loaded()
    {
        var page = Page(Sample.Varied());

        var policy = Policy().Match(page).Groups[1].Value;
        policy.ShouldBe(
            $"default-src 'none'; style-src '{Hash(Between(page, "<style>", "</style>"))}'; "
                + $"script-src '{Hash(Between(page, "<script>", "</script>"))}'; base-uri 'none'; form-action 'none'"
        );
        Loading().Matches(page).ShouldBeEmpty();
        page.Split("<script").Length.ShouldBe(2);
    }

    [Fact]
    public void Earlier_runs_are_a_chart_and_a_table_and_each_repository_has_its_own()
    {
        var run = Sample.Run(Sample.Mirrored("Website"), Sample.Repository("docs"));
        var before = Sample.Run(Sample.Failed("Website"), Sample.Repository("docs")) with { StartedAt = run.StartedAt.AddDays(-1) };

        var page = Page(run, before);

        page.ShouldContain("aria-label=\"Safe repositories in 2 runs from 2026-11-20 to 2026-11-21\"");
        page.ShouldContain("<tr><td>2026-11-20 02:00<td>1<td>1<td>0<td>0<td>5.1 s");
        page.ShouldContain("aria-label=\"moved or failed in 2 of 2 runs\"");
        page.Split("class=\"spark\"").Length.ShouldBe(2, "docs did not move");
    }

    [Theory]
    [InlineData("mirror", null)]
    [InlineData("plan", null)]
    [InlineData("verify", null)]
    [InlineData("restore", null)]
    [InlineData("restore", "dry-run")]
    [InlineData("restore", "drill")]
    [InlineData("backup", null)]
    [InlineData("backup", "check")]
    public void Every_mode_has_a_page_of_its_own_words(string mode, string? variant)
    {
        var run = Sample.Run(Sample.Repository("docs")) with { Mode = mode, Variant = variant };

        Page(run).ShouldContain($"<p>{HtmlText.Escape(new RunOutcome(run, 0).Title)} · ");
        Page(run with { Repositories = [], Totals = new() }).ShouldContain("no repository was selected</h1>");
    }

    [Fact]
    public void Five_thousand_repositories_stay_below_three_megabytes()
    {
        var repositories = Enumerable
            .Range(0, 5_000)
            .Select(i => i % 100 == 0 ? Sample.Failed($"bad-{i}") : Sample.Repository($"a-repository-with-quite-a-long-name-{i}"))
            .ToArray();

        var page = Page(Sample.Run(repositories), Sample.Run(repositories) with { StartedAt = Sample.Run().StartedAt.AddDays(-1) });

        Encoding.UTF8.GetByteCount(page).ShouldBeLessThan(ReportPage.MaxBytes);
        Rows().Count(page).ShouldBe(5_000);
        page.ShouldNotContain("more rows are in report.json");
    }

    [Fact]
    public void What_has_no_room_is_counted_and_the_page_is_whole()
    {
        var repositories = Enumerable
            .Range(0, 8_000)
            .Select(i => Sample.Mirrored($"{new string('é', 100)}-{i}") with { Warnings = ["odd"] })
            .ToArray();

        var page = Page(Sample.Run(repositories));

        Encoding.UTF8.GetByteCount(page).ShouldBeLessThan(ReportPage.MaxBytes);
        page.ShouldMatch(@"<p>\d+ more rows are in report\.json\.</p>");
        page.ShouldEndWith("</html>\n");
        foreach (var tag in new[] { "section", "table", "details", "ul", "main" })
        {
            page.Split($"<{tag}").Length.ShouldBe(page.Split($"</{tag}>").Length, tag);
        }
    }

    [Theory]
    [MemberData(nameof(HostileText.All), MemberType = typeof(HostileText))]
    [InlineData("</style></script><script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("' onmouseover='alert(1)")]
    public void Hostile_text_shows_as_text(string text)
    {
        var (calm, hostile) = (Page(Of("calm")), Page(Of(text)));

        Tags().Count(hostile).ShouldBe(Tags().Count(calm));
        hostile.ShouldNotContain("href=\"javascript:", Case.Insensitive);

        static RunReport Of(string text) =>
            Sample.Varied() with
            {
                Version = "v " + text,
                Source = new("github", ["w " + text]),
                Repositories =
                [
                    Sample.Failed("x", "m " + text, "h " + text) with
                    {
                        Source = "s " + text,
                        Destination = "d " + text,
                        SourceUrl = "javascript:" + text,
                        DestinationUrl = null,
                        Warnings = ["w " + text],
                    },
                    Sample.Mirrored("y") with
                    {
                        Changes =
                        [
                            new("refs/heads/" + text, RefChangeKind.Force, Sample.OldId, Sample.NewId),
                            new("refs/tags/mirror-kept/" + text, RefChangeKind.Keep, null, Sample.OldId),
                        ],
                    },
                ],
                Orphans = ["o " + text],
                Warnings = ["v " + text],
                Shards = [new("1/2 " + text, "r " + text, RunResult.Failure, new(ErrorCode.NoReport, "e " + text, "i " + text))],
                Error = new(ErrorCode.Internal, "e " + text, "i " + text),
            };
    }

    [Fact]
    public void Name_of_a_ref_is_one_argument_for_the_shell() =>
        HtmlText.ShellQuote("refs/tags/a'; rm -rf $HOME; '").ShouldBe(@"'refs/tags/a'\''; rm -rf $HOME; '\'''");

    private static string Page(RunReport report, params RunReport[] earlier) =>
        ReportPage.Text(
            new RunOutcome(report, ExitCodes.For(report, Inputs.FailOn.Any))
            {
                History = earlier
                    .Append(report)
                    .Select(run => HistoryEntry.Of(run, null))
                    .OfType<HistoryEntry>()
                    .Aggregate(RunHistory.None, (history, entry) => history.With(entry)),
                Docs = new("https://github.com/acme/mirror-action/blob/v1/docs/"),
            }
        );

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static string Between(string text, string start, string end) => text.Split(start)[1].Split(end)[0];

    [GeneratedRegex("<tr class=")]
    private static partial Regex Rows();

    [GeneratedRegex("<[a-z!/]")]
    private static partial Regex Tags();

    [GeneratedRegex("""http-equiv="Content-Security-Policy" content="([^"]*)">""")]
    private static partial Regex Policy();

    [GeneratedRegex(@"<(link|img|iframe|object|embed|audio|video|source|base)\b|\bsrc=|@import|url\(", RegexOptions.IgnoreCase)]
    private static partial Regex Loading();
}
