using MirrorAction.Benchmarks.Compare.Results;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Benchmarks;

public sealed class ComparisonTextTests
{
    [Fact]
    public void Readme_shows_the_times() => Snapshot.Match(ComparisonText.Readme(SampleComparison.Comparison), "readme");

    [Fact]
    public void Performance_page_shows_everything() => Snapshot.Match(ComparisonText.Performance(SampleComparison.Comparison), "performance");

    [Fact]
    public void What_failed_is_never_shown_as_a_time()
    {
        var comparison = SampleComparison.Of(
            SampleComparison.Scenario(
                "first-60",
                "60 repositories",
                Networks.Loopback,
                new Floor(240, 1, 1, 0.5, ""),
                [SampleComparison.Cell("mirror-action", [7.77], exitCodes: [1]), SampleComparison.Cell("shell", [8.88], isMirrored: false)]
            )
        );

        foreach (
            var text in new[]
            {
                ComparisonText.Console(comparison),
                ComparisonText.Readme(comparison),
                ComparisonText.Performance(comparison),
                Chart.Svg(comparison),
            }
        )
        {
            text.ShouldNotContain("7.77");
            text.ShouldNotContain("8.88");
            text.ShouldContain("failed");
            text.ShouldContain("incomplete");
        }
    }
}
