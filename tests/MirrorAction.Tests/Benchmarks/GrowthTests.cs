using System.Xml.Linq;
using MirrorAction.Benchmarks.Counts;
using MirrorAction.Benchmarks.Growth;

namespace MirrorAction.Tests.Benchmarks;

public sealed class GrowthTests
{
    private static readonly GrowthSeries s_series = new(
        "refs",
        "Refs of one repository",
        "refs",
        [new(10, 0.1, 0.1, 30), new(100, 0.1, 0.1, 30), new(1000, 1, 1, 30), new(10_000, 10, 9, 300)]
    );

    [Fact]
    public void Slope_is_that_of_the_logarithms_and_a_bend_is_where_it_changes()
    {
        s_series.TimeSlopes.Select(slope => Math.Round(slope, 3)).ShouldBe([0, 1, 1]);
        s_series.MemorySlopes.Select(slope => Math.Round(slope, 3)).ShouldBe([0, 0, 1]);
        s_series.TimeBends.ShouldBe([100]);
        s_series.MemoryBends.ShouldBe([1000]);
    }

    [Fact]
    public void Picture_shows_every_point_and_rings_the_bends()
    {
        var svg = XDocument.Parse(GrowthChart.Svg(s_series, "somewhere"));
        var circles = svg.Descendants().Where(e => e.Name.LocalName == "circle").Select(e => (string?)e.Attribute("class")).ToArray();

        circles.Count(kind => kind == "dot").ShouldBe(8);
        circles.Count(kind => kind == "bend").ShouldBe(2);
        svg.Descendants().Single(e => e.Name.LocalName == "desc").Value.ShouldContain("10,000 refs: 10 s, 300 MiB.");
    }

    [Theory]
    [InlineData(105, 0)]
    [InlineData(106, 1)]
    public void Counts_that_grow_by_more_than_a_twentieth_are_told(long requests, int grown)
    {
        var before = new Count(100, 1000, 1000, 1_000_000, 0);

        var growth = (before with { Requests = requests, Instructions = 5 }).GrownSince(before).ToArray();

        growth.Length.ShouldBe(grown);
        growth.ShouldAllBe(line => line.Contains("requests 100 → 106 (+6.0", StringComparison.Ordinal));
    }
}
