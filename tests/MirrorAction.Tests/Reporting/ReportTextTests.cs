using MirrorAction.Inputs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting;

namespace MirrorAction.Tests.Reporting;

public sealed class ReportTextTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1024, "1 KiB")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(12 * 1024, "12 KiB")]
    [InlineData(256L << 20, "256 MiB")]
    [InlineData(long.MaxValue, "8388608 TiB")]
    public void Bytes_have_a_unit(long count, string text) => Quantity.Bytes(count).ShouldBe(text);

    [Theory]
    [InlineData(0, "0.0 s")]
    [InlineData(410, "0.4 s")]
    [InlineData(9_960, "9 s")]
    [InlineData(12_900, "12 s")]
    [InlineData(125_000, "2 min 5 s")]
    [InlineData(90_000_000, "25 h 0 min")]
    public void Durations_have_a_unit(long milliseconds, string text) => Quantity.Duration(milliseconds).ShouldBe(text);

    [Fact]
    public void A_finished_repository_is_one_line()
    {
        ReportText
            .Line(Sample.Mirrored("website"), ModeText.Of("mirror", null))
            .ToString()
            .ShouldBe("acme/website  mirrored, created  3 refs  12 KiB  0.4 s");
        ReportText.Line(Sample.Repository("docs"), ModeText.Of("mirror", null)).ToString().ShouldBe("acme/docs  unchanged  12 refs  700 B  0.1 s");
        ReportText.Line(Sample.Skipped("new"), ModeText.Of("mirror", null)).ToString().ShouldBe("acme/new  skipped (empty)  700 B  0.1 s");
        ReportText.Line(Sample.Failed("bad"), ModeText.Of("mirror", null)).ToString().ShouldBe("acme/bad  failed  700 B  0.1 s");
        ReportText
            .Line(Sample.Mirrored("website") with { Status = RepositoryStatus.Planned }, ModeText.Of("plan", null))
            .ToString()
            .ShouldBe("acme/website  planned, would be created  3 refs  12 KiB  0.4 s");
    }

    [Theory]
    [InlineData(FailOn.Any, 0, 3, 0)]
    [InlineData(FailOn.Any, 1, 3, 1)]
    [InlineData(FailOn.All, 1, 3, 0)]
    [InlineData(FailOn.All, 3, 3, 1)]
    [InlineData(FailOn.All, 0, 0, 0)]
    [InlineData(FailOn.Never, 3, 3, 0)]
    public void Failed_repositories_fail_the_step_as_asked(object failOn, int failed, int all, int code) =>
        ExitCodes
            .For(
                Sample.Run([.. Enumerable.Range(0, all).Select(i => i < failed ? Sample.Failed($"r{i}") : Sample.Repository($"r{i}"))]),
                (FailOn)failOn
            )
            .ShouldBe(code);

    [Fact]
    public void A_run_that_could_not_begin_fails_even_when_failures_do_not_count() =>
        ExitCodes.For(Sample.Run() with { Error = new(ErrorCode.Network, "m", null) }, FailOn.Never).ShouldBe(3);

    [Theory]
    [InlineData(ErrorCode.SourceUnauthorized, 3)]
    [InlineData(ErrorCode.DestinationNotFound, 3)]
    [InlineData(ErrorCode.Network, 3)]
    [InlineData(ErrorCode.RefRejected, 1)]
    [InlineData(ErrorCode.PruneGuard, 1)]
    public void Sync_tells_a_side_out_of_reach_from_a_failure(ErrorCode error, int code) =>
        ExitCodes.For(Sample.Failed("x", code: error)).ShouldBe(code);

    [Fact]
    public void Sync_that_moved_something_before_it_failed_did_do_something() =>
        ExitCodes.For(Sample.Failed("x", code: ErrorCode.Network) with { Changes = Sample.Mirrored("x").Changes }).ShouldBe(1);

    [Fact]
    public void Outputs_are_words_and_counts() =>
        ActionOutputs
            .Of(Sample.Varied(), new("mirror-report/report.json", "mirror-report/report.html"))
            .Select(output => $"{output.Key}={output.Value}")
            .ShouldBe([
                "result=partial",
                "repositories=6",
                "mirrored=1",
                "unchanged=2",
                "created=1",
                "skipped=2",
                "failed=1",
                "refs-updated=3",
                "report=mirror-report/report.json",
                "report-html=mirror-report/report.html",
            ]);

    [Theory]
    [InlineData("verify", null, 1)]
    [InlineData("restore", "drill", 1)]
    [InlineData("restore", null, 0)]
    [InlineData("mirror", null, 0)]
    public void Output_of_differences_is_there_where_they_were_the_question(string mode, string? variant, int times) =>
        ActionOutputs
            .Of(Sample.Varied() with { Mode = mode, Variant = variant }, new("", ""))
            .Count(output => output.Key == "different")
            .ShouldBe(times);

    [Fact]
    public void Redaction_reaches_every_text_of_a_report()
    {
        const string Secret = "s3cret";
        var report = Sample.Run(
            Sample.Failed(Secret, Secret, Secret) with
            {
                Destination = Secret,
                Changes = [new("refs/heads/" + Secret, RefChangeKind.Create, null, Sample.NewId)],
            }
        ) with
        {
            Orphans = [Secret],
            Source = new("github", [Secret]),
            Destination = new("bitbucket", Secret),
            Error = new(ErrorCode.Internal, Secret, Secret),
        };

        System.Text.Encoding.UTF8.GetString(Sample.Json(report.Redacted(text => text.Replace(Secret, "***")))).ShouldNotContain(Secret);
        Sample.Summary(report.Redacted(text => text.Replace(Secret, "***"))).ShouldNotContain(Secret);
    }
}
