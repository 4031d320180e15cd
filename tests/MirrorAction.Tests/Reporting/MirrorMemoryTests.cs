using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting;

namespace MirrorAction.Tests.Reporting;

/// <summary>What a run knows of mirrors outlives the reports of other runs.</summary>
public sealed class MirrorMemoryTests
{
    private static readonly DateTimeOffset s_verified = Sample.Run().EndedAt();

    [Theory]
    [InlineData("backup", null)]
    [InlineData("backup", "check")]
    [InlineData("plan", null)]
    [InlineData("doctor", null)]
    [InlineData("restore", "drill")]
    [InlineData("restore", "dry-run")]
    public void Run_of_another_mode_makes_nobody_forget(string mode, string? variant)
    {
        var mirror = Dated(Sample.Run(Sample.Repository("Website") with { Description = "The site" }));
        var other = Sample.Run() with { Mode = mode, Variant = variant, Destination = new("folder", "/srv/backup") };

        var kept = ReadBack(MirrorMemory.Carry(other, mirror));
        var twice = ReadBack(MirrorMemory.Carry(other, kept));

        var known = MirrorMemory.Recall(twice, Lookup)!.Repositories.ShouldHaveSingleItem();
        (known.Source, known.Destination, known.VerifiedAt, known.Description).ShouldBe(
            ("acme/Website", "acme-mirror/website", s_verified.Trim(), "The site")
        );
    }

    [Fact]
    public void Run_for_one_repository_makes_nobody_forget_the_others()
    {
        var all = Dated(Sample.Run(Sample.Repository("Website"), Sample.Repository("docs")));
        var one = Dated(Sample.Run(Sample.Failed("docs")));

        var kept = ReadBack(MirrorMemory.Carry(one, all));

        kept.Remembered.ShouldHaveSingleItem().Mirrors.ShouldHaveSingleItem().Source.ShouldBe("acme/Website");
        MirrorMemory.Recall(kept, Lookup)!.Repositories.Select(r => r.Source).ShouldBe(["acme/docs", "acme/Website"]);
    }

    [Fact]
    public void Drill_that_found_a_mirror_equal_is_remembered_as_a_verification()
    {
        var drill = Sample.Run(Sample.Repository("docs"), Sample.Repository("api", RepositoryStatus.Different) with { Verified = false }) with
        {
            Mode = "restore",
            Variant = "drill",
        };

        var mirror = MirrorMemory.Carry(drill, null).Remembered.ShouldHaveSingleItem().Mirrors.ShouldHaveSingleItem();

        (mirror.Source, mirror.VerifiedAt).ShouldBe(("acme/docs", s_verified));
    }

    [Fact]
    public void Later_verification_counts_and_what_the_report_tells_itself_is_not_told_twice()
    {
        var old = Dated(Sample.Run(Sample.Repository("docs")));
        var later = Dated(Sample.Run(Sample.Repository("docs")) with { StartedAt = old.StartedAt.AddDays(1) });
        var backup = Sample.Run() with { Mode = "backup", Destination = new("folder", "/srv/backup") };

        var kept = MirrorMemory.Carry(MirrorMemory.Carry(backup, old), later);

        kept.Remembered.ShouldHaveSingleItem().Mirrors.ShouldHaveSingleItem().VerifiedAt.ShouldBe(later.EndedAt());
        MirrorMemory.Carry(later, kept).Remembered.ShouldBeEmpty();
    }

    [Fact]
    public void Mirrors_between_other_sides_are_nobodys()
    {
        var other = Dated(Sample.Run(Sample.Repository("docs")) with { Destination = new("gitlab", "acme-mirror") });

        var kept = MirrorMemory.Carry(Sample.Run() with { Mode = "backup", Destination = new("folder", "/b") }, other);

        MirrorMemory.Recall(kept, Lookup).ShouldBeNull();
        kept.Remembered.ShouldHaveSingleItem().Destination.Host.ShouldBe("gitlab");
    }

    [Fact]
    public void Secrets_are_taken_out_of_what_is_remembered()
    {
        var kept = MirrorMemory.Carry(
            Sample.Run() with
            {
                Mode = "plan",
            },
            Dated(Sample.Run(Sample.Repository("s3cret") with { Description = "s3cret" }))
        );

        System.Text.Encoding.UTF8.GetString(Sample.Json(kept.Redacted(text => text.Replace("s3cret", "***")))).ShouldNotContain("s3cret");
    }

    private static PreviousReportLookup Lookup =>
        new(null, "/none", report => report.Source.Host == "github" && report.Destination == new ReportDestination("bitbucket", "acme-mirror"));

    private static RunReport Dated(RunReport report) => PreviousReport.WithVerifiedTimes(report, null);

    private static RunReport ReadBack(RunReport report)
    {
        using var file = new MemoryStream(Sample.Json(report));
        return ReportForm.Read(file, takesAll: true).Report!;
    }
}

file static class Times
{
    /// <summary>As a file has it, in whole seconds.</summary>
    public static DateTimeOffset Trim(this DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
