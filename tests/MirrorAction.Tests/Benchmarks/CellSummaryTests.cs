using MirrorAction.Benchmarks.Compare.Results;

namespace MirrorAction.Tests.Benchmarks;

public sealed class CellSummaryTests
{
    [Fact]
    public void Peak_is_the_largest_of_all_rounds_and_the_rest_is_the_median()
    {
        Sample[] rounds = [Round(1, peak: 10, disk: 7), Round(5, peak: 90, disk: 9), Round(3, peak: 20, disk: 8)];

        var summary = Of(rounds);

        summary.PeakBytes.ShouldBe(90);
        summary.WallSeconds.ShouldBe(3);
        summary.DiskBytes.ShouldBe(8);
        summary.Failure.ShouldBeNull();
    }

    [Fact]
    public void One_failed_round_fails_the_cell()
    {
        var summary = Of(Round(1), Round(0.1, exitCode: 128), Round(1));

        summary.Failure.ShouldBe(new Failure("failed", "exit code 128 in 1 of 3 rounds"));
    }

    [Fact]
    public void A_mirror_that_is_not_equal_is_incomplete_though_the_tool_is_content()
    {
        var summary = Of(Round(1), Round(1, isMirrored: false));

        summary.Failure!.Word.ShouldBe("incomplete");
        summary.Failure.Reason.ShouldContain("1 of 2 rounds");
    }

    [Fact]
    public void What_failed_has_no_ratio_and_gives_none()
    {
        var good = Of(Round(1));
        var bad = Of(Round(2, exitCode: 1));

        bad.RatioTo(good).ShouldBeNull();
        good.RatioTo(bad).ShouldBeNull();
        good.RatioTo(null).ShouldBeNull();
        good.RatioTo(good).ShouldBe(1);
    }

    [Fact]
    public void A_tool_without_rounds_took_no_part()
    {
        var scenario = SampleComparison.Scenario("first-60", "", Networks.Loopback, new Floor(1, 1, 1, 1, ""), [new Cell("shell", [])]);

        CellSummary.Of(scenario, "shell").ShouldBeNull();
        CellSummary.Of(scenario, "kept").ShouldBeNull();
    }

    private static CellSummary Of(params Sample[] rounds) =>
        CellSummary.Of(
            SampleComparison.Scenario("first-60", "", Networks.Loopback, new Floor(1, 1, 1, 1, ""), [new Cell("shell", rounds)]),
            "shell"
        )!;

    private static Sample Round(double wall, long peak = 1, long disk = 0, int exitCode = 0, bool isMirrored = true) =>
        new(wall, 1, peak, disk, 1, 1, 1, exitCode, isMirrored);
}
