using MirrorAction.Inputs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Reporting;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Reporting;

/// <summary>Each mode tells of itself in its own words.</summary>
public sealed class ModeWordsTests
{
    private static readonly RunReport s_verify = Of(
        "verify",
        null,
        Sample.Repository("docs"),
        Sample.Repository("api"),
        Different("Website"),
        Different("new") with
        {
            VerifiedAt = null,
            Warnings = [],
            Error = new(
                ErrorCode.DestinationNotFound,
                "There is no mirror of acme/new: bitbucket lists no acme-mirror/new.",
                "Run once with 'mode: mirror'."
            ),
        }
    );

    [Fact]
    public void Verify_says_what_differs_and_since_when_at_most() => Snapshot.Match(Sample.Summary(s_verify), "summary-verify");

    [Fact]
    public void Restore_says_what_is_back() => Snapshot.Match(Sample.Summary(Restore(null, RepositoryStatus.Mirrored)), "summary-restore");

    [Fact]
    public void Dry_run_says_what_would_be_back() =>
        Snapshot.Match(Sample.Summary(Restore("dry-run", RepositoryStatus.Planned)), "summary-restore-dry-run");

    [Fact]
    public void Drill_says_how_long_it_took() =>
        Snapshot.Match(
            Sample.Summary(
                Of("restore", "drill", Sample.Repository("docs") with { BytesReceived = 300 << 20, DurationMs = 21_000 }, Different("Website"))
            ),
            "summary-drill"
        );

    [Fact]
    public void Backup_says_what_was_written() => Snapshot.Match(Sample.Summary(Backup(null)), "summary-backup");

    [Fact]
    public void Check_says_what_is_damaged() => Snapshot.Match(Sample.Summary(Backup("check")), "summary-backup-check");

    [Theory]
    [InlineData("verify", null, "2 of 2 repositories are safe at Bitbucket (checked")]
    [InlineData("restore", null, "2 of 2 repositories are back at Bitbucket (checked")]
    [InlineData("restore", "dry-run", "2 of 2 repositories are at Bitbucket already (checked")]
    [InlineData("restore", "drill", "2 of 2 repositories are recoverable from Bitbucket (tried")]
    [InlineData("backup", null, "2 of 2 repositories are backed up (written")]
    [InlineData("backup", "check", "2 of 2 repositories are whole in the backup (checked")]
    public void Good_end_has_its_own_answer(string mode, string? variant, string answer)
    {
        Sample.Summary(Of(mode, variant, Sample.Repository("a"), Sample.Repository("b"))).ShouldStartWith($"## ✅ {answer} 2026-11-21 02:00 UTC)\n");
        Sample.Summary(Of(mode, variant)).Split('\n')[0].ShouldEndWith(": no repository was selected");
    }

    [Theory]
    [InlineData("drill", "restore", "** · recovery time 5.1 s, 13 objects walked by libgit2 in 1.5 s · ")]
    [InlineData("check", "backup", "** · 13 objects walked by libgit2 in 1.5 s · ")]
    public void Second_reading_is_told(string variant, string mode, string remark) =>
        Sample
            .Summary(
                Of(
                    mode,
                    variant,
                    Sample.Repository("a") with
                    {
                        SecondReading = new("libgit2", 12, 1_400),
                    },
                    Sample.Repository("b") with
                    {
                        SecondReading = new("libgit2", 1, 100),
                    }
                )
            )
            .ShouldContain(remark);

    [Fact]
    public void Drill_flows_from_the_mirrors() =>
        Sample.Summary(Of("restore", "drill", Sample.Repository("a"))).ShouldContain("**Restore drill acme-mirror → acme** ");

    [Theory]
    [InlineData("verify", null, "4 repositories: 2 equal, 2 different, 0 skipped, 0 failed; 6 refs different, ")]
    [InlineData("restore", "drill", "4 repositories: 2 came back equal, 2 different, 0 skipped, 0 failed; 6 refs different, ")]
    [InlineData("backup", "check", "4 repositories: 2 whole, 0 skipped, 0 damaged; ")]
    [InlineData("backup", null, "4 repositories: 0 backed up, 2 without anything new, 0 skipped, 0 failed; 6 refs new or moved, ")]
    public void Sums_have_their_own_words(string mode, string? variant, string sums) =>
        ReportText.Totals(s_verify with { Mode = mode, Variant = variant }).ToString().ShouldStartWith(sums);

    [Fact]
    public void Finished_repository_is_told_by_the_names_on_both_sides_where_they_are_not_alike()
    {
        Line(Restore(null, RepositoryStatus.Mirrored).Repositories[0])
            .ShouldBe("acme-mirror/website -> acme-new/Website  restored, created  1 ref  12 KiB  0.4 s");
        Line(Restore("dry-run", RepositoryStatus.Planned).Repositories[0], variant: "dry-run")
            .ShouldBe("acme-mirror/website -> acme-new/Website  planned, would be created  1 ref  12 KiB  0.4 s");
        Line(Backup(null).Repositories[0] with { Created = true }, "backup")
            .ShouldBe("acme/Website -> incr-20261121T020000Z.bundle  backed up, for the first time  4 refs  12 KiB  0.1 s");
        Line(Backup(null).Repositories[1], "backup").ShouldBe("acme/docs  nothing new  12 refs  700 B  0.1 s");
        Line(s_verify.Repositories[2], "verify").ShouldBe("acme/Website  different  3 refs  12 KiB  0.4 s");
        Line(Backup("check").Repositories[2], "backup", "check").ShouldBe("acme/api  damaged  700 B  0.1 s");

        static string Line(RepositoryReport report, string mode = "restore", string? variant = null) =>
            ReportText.Line(report, ModeText.Of(mode, variant)).ToString();
    }

    [Theory]
    [MemberData(nameof(HostileText.All), MemberType = typeof(HostileText))]
    public void Hostile_text_in_what_differs_adds_no_row_and_no_markup(string text)
    {
        var (calm, hostile) = (Sample.Summary(Named("calm")), Sample.Summary(Named(text)));

        hostile.Split('\n').Length.ShouldBe(calm.Split('\n').Length);
        hostile.Count(c => c == '|').ShouldBe(calm.Count(c => c == '|'));
        hostile.Count(c => c == '<').ShouldBe(calm.Count(c => c == '<'));

        static RunReport Named(string text) =>
            Of(
                "verify",
                null,
                Different("x") with
                {
                    Source = "s " + text,
                    SourceUrl = null,
                    Destination = "d " + text,
                    Changes = [new("refs/heads/" + text, RefChangeKind.Update, Sample.OldId, Sample.NewId)],
                    Warnings = ["w " + text],
                },
                Different("y") with
                {
                    Error = new(ErrorCode.Protocol, "e " + text, null),
                }
            );
    }

    [Theory]
    [InlineData(30, "less than a minute")]
    [InlineData(90, "1 minute")]
    [InlineData(7_300, "2 hours")]
    [InlineData(200_000, "2 days")]
    public void Age_is_told_roughly(int seconds, string age) =>
        ReportText
            .LastVerified(
                Sample.Repository("x") with
                {
                    VerifiedAt = s_verify.StartedAt.AddMilliseconds(s_verify.DurationMs).AddSeconds(-seconds),
                },
                s_verify
            )
            .ShouldBe($"verified {age} ago");

    [Theory]
    [InlineData(FailOn.Any)]
    [InlineData(FailOn.All)]
    [InlineData(FailOn.Never)]
    public void Differences_fail_the_step_whatever_fail_on_says(object failOn)
    {
        ExitCodes.For(s_verify, (FailOn)failOn).ShouldBe(1);
        ExitCodes.For(s_verify with { Mode = "restore", Variant = "drill" }, (FailOn)failOn).ShouldBe(1);
        ExitCodes.For(Of("verify", null, Sample.Repository("docs")), (FailOn)failOn).ShouldBe(0);
    }

    [Fact]
    public void Many_differences_of_one_repository_do_not_push_the_table_away()
    {
        var changes = Enumerable.Range(0, 100).Select(i => new RefChange($"refs/heads/b{i}", RefChangeKind.Create, null, Sample.NewId)).ToList();

        ReportText
            .Differences(Different("x") with { Changes = changes, Warnings = [] })
            .ShouldBe(
                "refs/heads/b0 (only at the source), refs/heads/b1 (only at the source), refs/heads/b2 (only at the source), refs/heads/b3 (only at the source), refs/heads/b4 (only at the source), and 95 more"
            );
    }

    [Fact]
    public void Foreign_value_is_named_with_the_way_in_which_its_ref_differs_or_moved()
    {
        var changes = new RefChange[]
        {
            new("refs/heads/a", RefChangeKind.Update, Sample.OldId, Sample.NewId, Foreign: true),
            new("refs/heads/b", RefChangeKind.Delete, Sample.OldId, null, Foreign: true),
        };

        ReportText
            .Differences(Different("x") with { Changes = changes, Warnings = [] })
            .ShouldBe("refs/heads/a (other value, foreign), refs/heads/b (only at the mirror, foreign)");
        changes.Select(ReportText.Kind).ShouldBe(["update, foreign", "delete, foreign"]);
        Sample
            .Summary(Of("mirror", null, Sample.Repository("x") with { Status = RepositoryStatus.Mirrored, Changes = changes }))
            .ShouldContain("| delete, foreign |");
    }

    private static RepositoryReport Different(string name) =>
        Sample.Mirrored(name) with
        {
            Status = RepositoryStatus.Different,
            Created = false,
            Verified = false,
            VerifiedAt = new DateTimeOffset(2026, 11, 18, 2, 0, 0, TimeSpan.Zero),
            Changes = [.. Sample.Mirrored(name).Changes.Where(change => change.Kind != RefChangeKind.Keep)],
            Warnings = ["The main branch is develop at the source and main at the mirror."],
        };

    private static RunReport Restore(string? variant, RepositoryStatus done) =>
        Of(
            "restore",
            variant,
            TurnRound(
                Sample.Mirrored("Website") with
                {
                    Status = done,
                    Changes = [new("refs/heads/main", RefChangeKind.Create, null, Sample.NewId)],
                    Refs = new() { Created = 1 },
                }
            ),
            TurnRound(Sample.Repository("docs")),
            TurnRound(
                Sample.Failed(
                    "api",
                    "acme-new/api has refs already and does not look like this repository.",
                    "Restore into another owner, or give adopt: true.",
                    ErrorCode.NotAMirror
                )
            )
        ) with
        {
            Source = new("bitbucket", ["acme-mirror"]),
            Destination = new("github", "acme-new"),
        };

    private static RepositoryReport TurnRound(RepositoryReport report) =>
        report with
        {
            Source = report.Destination,
            SourceUrl = report.DestinationUrl,
            Destination = report.Source.Replace("acme/", "acme-new/"),
            DestinationUrl = report.SourceUrl!.Replace("/acme/", "/acme-new/"),
        };

    private static RunReport Backup(string? variant) =>
        Of(
            "backup",
            variant,
            InFolder(
                Sample.Repository("Website", variant is null ? RepositoryStatus.Mirrored : RepositoryStatus.Unchanged) with
                {
                    Refs = new() { Created = 3, Updated = 1 },
                    BytesReceived = 12 * 1024,
                }
            ),
            InFolder(Sample.Repository("docs")),
            InFolder(
                Sample.Failed(
                    "api",
                    "acme/api/incr-20261121T020000Z.bundle: SHA-256 is not that of manifest.json.",
                    "Make a new full backup; the bundles before it are whole.",
                    ErrorCode.DamagedBackup
                )
            )
        ) with
        {
            Source = variant is null ? new("github", ["acme"]) : new("folder", []),
            Destination = new("folder", "/srv/backup"),
        };

    private static RepositoryReport InFolder(RepositoryReport report) =>
        report with
        {
            Destination = report.Source + (report.Status == RepositoryStatus.Mirrored ? "/incr-20261121T020000Z.bundle" : ""),
            DestinationUrl = null,
        };

    private static RunReport Of(string mode, string? variant, params RepositoryReport[] repositories)
    {
        var totals = RunTally.Sum(repositories, 2);
        return Sample.Run(repositories) with { Mode = mode, Variant = variant, Totals = totals, Result = RunTally.Evaluate(totals, 0) };
    }
}
