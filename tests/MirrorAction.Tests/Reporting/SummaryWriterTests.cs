using System.Text;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Reporting;

public sealed class SummaryWriterTests
{
    [Fact]
    public void A_varied_run_reads_well() => Snapshot.Match(Sample.Summary(Sample.Varied()), "summary");

    [Fact]
    public void A_plan_says_what_would_be_done() =>
        Snapshot.Match(
            Sample.Summary(
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
            Sample.Summary(
                Sample.Run() with
                {
                    Result = RunResult.Failure,
                    Error = new(ErrorCode.SourceUnauthorized, "GitHub refused the token.", "Make a new one."),
                }
            ),
            "summary-error"
        );

    [Fact]
    public void A_quiet_run_is_short() => Snapshot.Match(Sample.Summary(Sample.Run(Sample.Repository("docs"))), "summary-quiet");

    [Fact]
    public void Failures_stand_before_everything_else()
    {
        var summary = Sample.Summary(Sample.Varied());
        foreach (var later in new[] { "### Changed", "### Overwritten", "### Mirrors without", "<details>", "Not looked at (2)" })
        {
            summary.IndexOf("### 1 repository: <code>destination-forbidden</code>").ShouldBeLessThan(summary.IndexOf(later), later);
        }
    }

    [Fact]
    public void Five_thousand_repositories_fit_and_what_does_not_fit_is_counted()
    {
        var repositories = Enumerable
            .Range(0, 5000)
            .Select(i => i % 100 == 0 ? Sample.Failed($"bad-{i}") : Sample.Mirrored($"a-repository-with-quite-a-long-name-{i}"))
            .ToArray();

        var summary = Sample.Summary(Sample.Run(repositories));

        Encoding.UTF8.GetByteCount(summary).ShouldBeLessThanOrEqualTo(900 * 1024);
        summary.Split("| [acme/bad-").Length.ShouldBe(51, "every failure is there");
        var rows = summary.Split('\n').Count(line => line.StartsWith("| [acme/"));
        var extremes = 5; // They are in a table of their own, too.
        summary.ShouldEndWith($"\n{5000 + (4950 * 4) + extremes - rows} more rows are in report.json.\n");
        Wholeness(summary);
    }

    [Fact]
    public void Failures_alone_can_fill_the_page_and_keep_their_rows_whole()
    {
        var failures = Enumerable
            .Range(0, 5000)
            .Select(i => Sample.Failed($"bad-{i}", $"{i} {new string('é', 100_000)}", new string('&', 1000)))
            .ToArray();

        var summary = Sample.Summary(Sample.Run([Sample.Mirrored("fine"), .. failures]));

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
        var calm = Sample.Summary(Of("calm"));
        var hostile = Sample.Summary(Of(text));

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
    [InlineData("backup", "Backup")]
    public void Nothing_selected_is_never_well(string mode, string word) =>
        Sample
            .Summary(Sample.Run() with { Mode = mode })
            .ShouldStartWith($"## ⚠️ {word} acme → acme-mirror: no repository was selected\n\n2 requests · 5.1 s\n");

    [Fact]
    public void Shard_and_its_number_are_told() =>
        Sample.Summary(Sample.Run(Sample.Repository("docs")) with { Shard = "2/5" }).ShouldContain("\n**Mirror acme → acme-mirror (shard 2/5)** · ");

    [Fact]
    public void Sign_is_the_colour_of_the_step()
    {
        var failed = Sample.Run(Sample.Repository("docs"), Sample.Failed("api"));
        var odd = Sample.Run(Sample.Repository("docs") with { Warnings = ["odd"] });

        new RunOutcome(failed, 1).Sign.ShouldBe("❌");
        new RunOutcome(failed, 0).Sign.ShouldBe("⚠️", "fail-on said never");
        new RunOutcome(odd, 0).Sign.ShouldBe("⚠️");
        new RunOutcome(Sample.Run(Sample.Repository("docs")), 0).Sign.ShouldBe("✅");
    }

    [Theory]
    [InlineData(1, 0, 0, "1 of 1 repository is safe at Bitbucket (checked 2026-11-21 02:00 UTC)")]
    [InlineData(61, 1, 0, "61 of 62 repositories are safe at Bitbucket (checked 2026-11-21 02:00 UTC); 1 is not")]
    [InlineData(0, 2, 1, "0 of 3 repositories are safe at Bitbucket (checked 2026-11-21 02:00 UTC); 2 are not; 1 was not looked at")]
    public void Answer_adds_up(int safe, int failed, int skipped, string answer) =>
        new RunOutcome(
            Sample.Run([
                .. Enumerable.Range(0, safe).Select(i => Sample.Repository($"s{i}")),
                .. Enumerable.Range(0, failed).Select(i => Sample.Failed($"f{i}")),
                .. Enumerable.Range(0, skipped).Select(i => Sample.Skipped($"e{i}")),
            ]),
            0
        ).Answer.ShouldBe(answer);

    [Fact]
    public void Failures_with_one_cause_have_one_fix_and_can_be_run_again()
    {
        var summary = Sample.Summary(
            Sample.Run(
                Sample.Failed("a", "acme-mirror/a is full.", "Make room in acme-mirror/a."),
                Sample.Failed("b", "acme-mirror/b is full.", "Make room in acme-mirror/b."),
                Sample.Failed("c", "gone", "Look.", ErrorCode.Network)
            )
        );

        summary.ShouldContain("### 2 repositories: <code>destination-forbidden</code>\n\n- … is full.\n- **What to do:** Make room in ….\n");
        summary.ShouldContain("/docs/ERRORS.md#destination-forbidden)\n- Just these again: <code>repositories: acme/a, acme/b</code>\n");
        summary.ShouldContain("### 1 repository: <code>network</code>\n\n- gone\n");
    }

    [Fact]
    public void Every_error_code_has_its_place_in_the_documentation()
    {
        var page = File.ReadAllText(Checkout.PathOf("docs/ERRORS.md"));
        Enum.GetValues<ErrorCode>().Select(DocsLinks.Word).ShouldAllBe(code => page.Contains($"<a id=\"{code}\"></a>"));
    }

    [Fact]
    public void Long_tables_are_folded()
    {
        var repositories = Enumerable.Range(0, 21).Select(i => Sample.Failed($"r{i}")).ToArray();

        Sample.Summary(Sample.Run(repositories[..20])).ShouldContain("### 20 repositories: <code>");
        Sample.Summary(Sample.Run(repositories)).ShouldContain("<details>\n<summary>21 repositories: <code>");
    }

    [Fact]
    public void Mirror_that_is_not_there_is_no_link_and_what_was_not_reached_has_no_row()
    {
        var plan = Sample.Run(
            Sample.Mirrored("new") with
            {
                Status = RepositoryStatus.Planned,
            },
            Sample.Failed("gone") with
            {
                DestinationUrl = null,
            },
            Sample.Skipped("late", SkipReason.Cancelled)
        ) with
        {
            Mode = "plan",
        };

        var summary = Sample.Summary(plan);

        summary.ShouldContain("| acme-mirror/new (would be created) |");
        summary.ShouldContain("| acme-mirror/gone |");
        summary.ShouldNotContain("acme/late");
    }

    [Fact]
    public void Earlier_runs_are_told_with_the_last_verification_and_drill()
    {
        var run = Sample.Run(Sample.Repository("docs"), Sample.Failed("api") with { VerifiedAt = Sample.Run().StartedAt.AddDays(-9) });
        var mirror = Sample.Run(Sample.Repository("docs"), Sample.Repository("api")) with { StartedAt = run.StartedAt.AddDays(-1) };
        var verify = mirror with { Mode = "verify", StartedAt = run.StartedAt.AddDays(-2) };
        var drill = mirror with { Mode = "restore", Variant = "drill", StartedAt = run.StartedAt.AddDays(-30), DurationMs = 125_000 };

        Snapshot.Match(Sample.Summary(run, drill, verify, mirror), "summary-over-time");
        Sample.Summary(run).ShouldNotContain("Over time");
    }

    [Fact]
    public void Shards_without_a_result_come_first() =>
        Snapshot.Match(
            Sample.Summary(
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
