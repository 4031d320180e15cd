using MirrorAction.Benchmarks.Compare.Results;

namespace MirrorAction.Tests.Benchmarks;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(new[] { 4.0 }, 4.0)]
    [InlineData(new[] { 9.0, 1.0, 3.0 }, 3.0)]
    [InlineData(new[] { 8.0, 1.0, 2.0, 4.0 }, 3.0)]
    [InlineData(new[] { 1.0, 1.0, 100.0, 1.0, 100.0 }, 1.0)]
    public void Median_is_the_middle(double[] values, double median) => Statistics.Median(values).ShouldBe(median);

    [Fact]
    public void Nothing_has_no_median() => Should.Throw<ArgumentException>(() => Statistics.Median([]));

    [Fact]
    public void Ratio_is_that_of_rounds_and_not_of_medians() => Ratio([4, 8, 3], [1, 2, 3]).ShouldBe(4); // The medians are 4 and 2.

    [Fact]
    public void Ratio_of_an_even_number_of_rounds_is_between_the_two_in_the_middle() => Ratio([2, 4, 6, 30], [1, 1, 1, 1]).ShouldBe(5);

    [Fact]
    public void Rounds_that_only_one_tool_did_do_not_count() => Ratio([2, 4, 100, 100, 100], [1, 1]).ShouldBe(3);

    [Fact]
    public void Tools_without_a_common_round_have_no_ratio() => Ratio([1, 2], []).ShouldBeNull();

    private static double? Ratio(double[] tool, double[] reference) =>
        Statistics.RatioPerPair(SampleComparison.Cell("a", tool).Samples, SampleComparison.Cell("b", reference).Samples);
}
