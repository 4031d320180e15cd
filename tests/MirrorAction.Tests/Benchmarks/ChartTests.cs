using System.Globalization;
using System.Xml.Linq;
using MirrorAction.Benchmarks.Compare.Results;

namespace MirrorAction.Tests.Benchmarks;

public sealed class ChartTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Chart_is_well_formed_and_brings_everything_with_it()
    {
        var svg = XDocument.Parse(Chart.Svg(SampleComparison.Comparison)).Root!;

        svg.Name.ShouldBe(s_svg + "svg");
        svg.Element(s_svg + "title")!.Value.ShouldNotBeEmpty();
        svg.Element(s_svg + "desc")!.Value.ShouldContain("MirrorAction 0.80 s, shell loop 24.0 s, kept clone 3.00 s");
        svg.Element(s_svg + "style")!.Value.ShouldContain("prefers-color-scheme: dark");
        string[] kinds = ["svg", "title", "desc", "style", "text", "line", "rect"];
        svg.DescendantsAndSelf().Select(e => e.Name.LocalName).Distinct().Except(kinds).ShouldBeEmpty();
        svg.Descendants().Attributes().Select(a => a.Name.LocalName).ShouldNotContain("href");
    }

    [Fact]
    public void What_was_measured_over_a_distance_is_shown_over_it_and_the_rest_over_loopback() =>
        Texts(SampleComparison.Comparison, "scenario")
            .ShouldBe([
                "First mirror of a large repository (40 ms, 200 Mbit/s), floor 8.40 s",
                "60 repositories, nothing changed (40 ms, 200 Mbit/s), floor 0.60 s",
                "A branch rewritten, one deleted (loopback), floor 0.060 s",
            ]);

    [Fact]
    public void Ten_times_as_long_is_as_far_at_every_place_of_the_axis()
    {
        var bars = Bars(
            SampleComparison.Of(
                SampleComparison.Scenario(
                    "first-60",
                    "",
                    Networks.Loopback,
                    new Floor(1, 1, 1, 0.1, ""),
                    [SampleComparison.Cell("mirror-action", [1]), SampleComparison.Cell("shell", [10]), SampleComparison.Cell("kept", [100])]
                )
            )
        );

        bars.Length.ShouldBe(3);
        (bars[2] - bars[1]).ShouldBe(bars[1] - bars[0], 0.2);
        bars[0].ShouldBeGreaterThan(0);
    }

    [Fact]
    public void What_failed_has_no_bar()
    {
        var scenario = SampleComparison.Scenario(
            "first-60",
            "",
            Networks.Loopback,
            new Floor(1, 1, 1, null, ""),
            [SampleComparison.Cell("mirror-action", [1]), SampleComparison.Cell("shell", [2], isMirrored: false)]
        );

        Bars(SampleComparison.Of(scenario)).Length.ShouldBe(1);
    }

    [Fact]
    public void Nothing_measured_is_an_empty_chart() => Bars(SampleComparison.Of()).ShouldBeEmpty();

    private static double[] Bars(Comparison comparison) =>
        [
            .. XDocument
                .Parse(Chart.Svg(comparison))
                .Descendants(s_svg + "rect")
                .Select(r => double.Parse(r.Attribute("width")!.Value, CultureInfo.InvariantCulture)),
        ];

    private static IEnumerable<string> Texts(Comparison comparison, string style) =>
        XDocument.Parse(Chart.Svg(comparison)).Descendants(s_svg + "text").Where(t => t.Attribute("class")?.Value == style).Select(t => t.Value);
}
