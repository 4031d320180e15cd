using System.Text;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Reporting;

public sealed class SummaryWriterTests
{
    [Fact]
    public void A_varied_run_reads_well() => Snapshot.Match(SummaryWriter.Write(Sample.Varied()), "summary");

    [Fact]
    public void A_plan_says_what_would_be_done() =>
        Snapshot.Match(
            SummaryWriter.Write(
                Sample.Run(Sample.Mirrored("Website") with { Status = RepositoryStatus.Planned }, Sample.Repository("docs")) with
                {
                    Mode = "plan",
                }
            ),
            "summary-plan"
        );

    [Fact]
    public void A_run_that_could_not_begin_says_why() =>
        Snapshot.Match(
            SummaryWriter.Write(
                Sample.Run() with
                {
                    Result = RunResult.Failure,
                    Error = new(ErrorCode.SourceUnauthorized, "GitHub refused the token.", "Make a new one."),
                }
            ),
            "summary-error"
        );

    [Fact]
    public void A_quiet_run_is_short() => Snapshot.Match(SummaryWriter.Write(Sample.Run(Sample.Repository("docs"))), "summary-quiet");

    [Fact]
    public void Failures_stand_before_everything_else()
    {
        var summary = SummaryWriter.Write(Sample.Varied());
        foreach (var later in new[] { "### Changed", "### Overwritten", "### Mirrors without", "### Skipped", "<details>" })
        {
            summary.IndexOf("### Failed").ShouldBeLessThan(summary.IndexOf(later), later);
        }
    }

    [Fact]
    public void Five_thousand_repositories_fit_and_what_does_not_fit_is_counted()
    {
        var repositories = Enumerable
            .Range(0, 5000)
            .Select(i => i % 100 == 0 ? Sample.Failed($"bad-{i}") : Sample.Mirrored($"a-repository-with-quite-a-long-name-{i}"))
            .ToArray();

        var summary = SummaryWriter.Write(Sample.Run(repositories));

        Encoding.UTF8.GetByteCount(summary).ShouldBeLessThanOrEqualTo(900 * 1024);
        summary.Split("| [acme/bad-").Length.ShouldBe(51, "every failure is there");
        var rows = summary.Split('\n').Count(line => line.StartsWith("| [acme/"));
        summary.ShouldEndWith($"\n{5000 + (4950 * 4) - rows} more rows are in report.json.\n");
        Wholeness(summary);
    }

    [Fact]
    public void Failures_alone_can_fill_the_page_and_keep_their_rows_whole()
    {
        var failures = Enumerable.Range(0, 5000).Select(i => Sample.Failed($"bad-{i}", new string('é', 100_000), new string('&', 1000))).ToArray();

        var summary = SummaryWriter.Write(Sample.Run([Sample.Mirrored("fine"), .. failures]));

        Encoding.UTF8.GetByteCount(summary).ShouldBeLessThanOrEqualTo(900 * 1024);
        summary.ShouldContain("| [acme/bad-0]");
        summary.ShouldNotContain("acme/fine");
        summary.ShouldEndWith("more rows are in report.json.\n");
        Wholeness(summary);
    }

    [Theory]
    [MemberData(nameof(HostileText.All), MemberType = typeof(HostileText))]
    public void Hostile_text_adds_no_row_and_no_markup(string text)
    {
        var calm = SummaryWriter.Write(Of("calm"));
        var hostile = SummaryWriter.Write(Of(text));

        hostile.Split('\n').Length.ShouldBe(calm.Split('\n').Length);
        hostile.Count(c => c == '|').ShouldBe(calm.Count(c => c == '|'));
        hostile.Count(c => c == '<').ShouldBe(calm.Count(c => c == '<'));
        hostile.Replace("> [!CAUTION]", "").ShouldNotContain("![");
        hostile.ShouldNotContain("evil.example)");

        static RunReport Of(string text) =>
            Sample.Varied() with
            {
                Repositories =
                [
                    Sample.Failed("x", "m " + text, "h " + text) with
                    {
                        Source = "s " + text,
                        Destination = "d " + text,
                        SourceUrl = null,
                        DestinationUrl = text,
                    },
                    Sample.Mirrored("y") with
                    {
                        Changes = [new("refs/heads/" + text, RefChangeKind.Force, Sample.OldId, Sample.NewId)],
                    },
                ],
                Orphans = ["o " + text],
                Source = new("github", ["w " + text]),
                Warnings = ["v " + text],
                Shards =
                [
                    new("1/2 " + text, "r " + text, RunResult.Failure, new(ErrorCode.NoReport, "e " + text, "i " + text)),
                    new("2/2", "2.json", RunResult.Success, null),
                ],
                Error = new(ErrorCode.Internal, "e " + text, "i " + text),
            };
    }

    [Theory]
    [InlineData("mirror", "Mirror")]
    [InlineData("plan", "Plan")]
    public void Nothing_selected_is_not_called_up_to_date(string mode, string word) =>
        SummaryWriter.Write(Sample.Run() with { Mode = mode }).ShouldStartWith($"## ✅ {word} acme → acme-mirror: no repository was selected\n");

    [Fact]
    public void Shard_and_its_number_are_in_the_headline() =>
        SummaryWriter
            .Write(Sample.Run(Sample.Repository("docs")) with { Shard = "2/5" })
            .ShouldStartWith("## ✅ Mirror acme → acme-mirror (shard 2/5): everything was up to date\n");

    [Fact]
    public void Shards_without_a_result_come_first() =>
        Snapshot.Match(
            SummaryWriter.Write(
                Sample.Run(Sample.Repository("docs")) with
                {
                    Result = RunResult.Partial,
                    Warnings = ["The token dies tomorrow."],
                    Shards =
                    [
                        new("1/3", "mirror-report-0/report.json", RunResult.Success, null),
                        new(
                            "2/3",
                            "mirror-report-1/report.json",
                            RunResult.Failure,
                            new(ErrorCode.SourceUnauthorized, "GitHub refuses the token.", "Make a new one.")
                        ),
                        new("3/3", null, RunResult.Failure, new(ErrorCode.NoReport, "Shard 3/3 gave no report.", "Re-run the failed jobs.")),
                        new(null, "other/report.json", RunResult.Failure, new(ErrorCode.NoReport, "other/report.json is no whole report.", null)),
                    ],
                }
            ),
            "summary-shards"
        );

    /// <summary>Each table row has as many cells as its head, and what is opened is closed.</summary>
    private static void Wholeness(string summary)
    {
        var cells = 0;
        foreach (var line in summary.Split('\n'))
        {
            var count = line.StartsWith('|') ? line.Count(c => c == '|') : 0;
            (count == 0 || cells == 0 || count == cells).ShouldBeTrue(line.Length > 300 ? line[..300] : line);
            cells = count;
        }

        summary.Split("<details>").Length.ShouldBe(summary.Split("</details>").Length);
    }
}
