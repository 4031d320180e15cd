using MirrorAction.Benchmarks.Compare.Results;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Benchmarks;

/// <summary>
/// What the pages say about speed is what <c>bench/compare</c> measured and nothing else. After a change to tables or chart,
/// <c>UPDATE_SNAPSHOTS=1</c> draws them
/// again from the measurements that are published.
/// </summary>
public sealed class PublishedComparisonTests
{
    private static readonly string s_json = Checkout.PathOf("docs", "performance", ComparisonOutput.JsonFile);
    private static readonly string s_chart = Checkout.PathOf("docs", "performance", ComparisonOutput.ChartFile);

    [Fact]
    public void Pages_and_chart_say_what_was_measured()
    {
        var published = File.Exists(s_json) ? ComparisonJson.Read(File.ReadAllText(s_json)) : null;
        if (published is not null && Snapshot.IsRewritten)
        {
            ComparisonOutput.Publish(published, Checkout.Root);
        }

        Block("README.md").ShouldBe(published is null ? "" : ComparisonText.Readme(published));
        Block("docs/PERFORMANCE.md").ShouldBe(published is null ? "" : ComparisonText.Performance(published));
        (File.Exists(s_chart) ? File.ReadAllText(s_chart) : null).ShouldBe(published is null ? null : Chart.Svg(published));
    }

    [Fact]
    public void Publishing_writes_files_and_blocks_and_nothing_else()
    {
        var root = Directory.CreateTempSubdirectory().FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(root, "docs"));
            foreach (var page in new[] { "README.md", "docs/PERFORMANCE.md" })
            {
                File.WriteAllText(Path.Combine(root, page), "before\n<!-- compare -->\nof last time\n<!-- /compare -->\nbehind\n");
            }

            ComparisonOutput.Publish(SampleComparison.Comparison, root);

            File.ReadAllText(Path.Combine(root, "README.md"))
                .ShouldBe($"before\n<!-- compare -->\n{ComparisonText.Readme(SampleComparison.Comparison)}<!-- /compare -->\nbehind\n");
            File.ReadAllText(Path.Combine(root, "docs/PERFORMANCE.md")).ShouldContain(ComparisonText.Performance(SampleComparison.Comparison));
            File.ReadAllText(Path.Combine(root, "docs/performance/compare.svg")).ShouldBe(Chart.Svg(SampleComparison.Comparison));
            ComparisonJson
                .Read(File.ReadAllText(Path.Combine(root, "docs/performance/compare.json")))
                .Scenarios.Count.ShouldBe(SampleComparison.Comparison.Scenarios.Count);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void A_page_without_marks_is_refused()
    {
        var page = Path.GetTempFileName();
        try
        {
            File.WriteAllText(page, "<!-- /compare -->\n<!-- compare -->\n");
            Should.Throw<InvalidDataException>(() => MarkedBlock.Write(page, "compare", "x\n"));
            Should.Throw<InvalidDataException>(() => MarkedBlock.Read(page, "inputs"));
            File.ReadAllText(page).ShouldBe("<!-- /compare -->\n<!-- compare -->\n");
        }
        finally
        {
            File.Delete(page);
        }
    }

    private static string Block(string page) => MarkedBlock.Read(Checkout.PathOf(page), ComparisonOutput.Block);
}
