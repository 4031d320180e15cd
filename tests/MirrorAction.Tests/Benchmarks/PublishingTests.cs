using MirrorAction.Benchmarks.Compare.Results;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Benchmarks;

public sealed class PublishingTests
{
    [Fact]
    public void Publishing_writes_the_chart_and_the_lines_between_the_marks_and_nothing_else()
    {
        using var root = new TempFolder("publish-");
        root.CreateFolder("docs");
        string[] pages = [Path.Combine(root.Path, "README.md"), Path.Combine(root.Path, "docs", "PERFORMANCE.md")];
        foreach (var page in pages)
        {
            File.WriteAllText(page, "before\n<!-- compare -->\nof last time\n<!-- /compare -->\nbehind\n");
        }

        ComparisonOutput.Publish(SampleComparison.Comparison, root.Path);

        File.ReadAllText(pages[0]).ShouldBe(Page(ComparisonText.Readme(SampleComparison.Comparison)));
        File.ReadAllText(pages[1]).ShouldBe(Page(ComparisonText.Performance(SampleComparison.Comparison)));
        Directory.EnumerateFiles(Path.Combine(root.Path, "docs", "performance")).Select(Path.GetFileName).ShouldBe(["compare.svg"]);
    }

    /// <summary>Day, machine and rounds stand in each, so that none of them is left from another measurement.</summary>
    [Fact]
    public void Readme_page_and_chart_show_the_same_measurement()
    {
        var chart = File.ReadAllText(Checkout.PathOf("docs", "performance", ComparisonOutput.ChartFile));
        string[] pages = [Block("README.md"), Block("docs/PERFORMANCE.md")];
        var circumstances = pages[0].Split('\n').Single(l => l.EndsWith("every tool had its turn.", StringComparison.Ordinal));

        pages[1].Split('\n').ShouldContain(circumstances);
        foreach (var sentence in circumstances.Split(". "))
        {
            chart.ShouldContain(sentence);
        }
    }

    [Fact]
    public void A_page_without_marks_is_refused()
    {
        using var folder = new TempFolder("publish-");
        var page = Path.Combine(folder.Path, "page.md");
        File.WriteAllText(page, "<!-- /compare -->\n<!-- compare -->\n");

        Should.Throw<InvalidDataException>(() => MarkedBlock.Write(page, "compare", "x\n"));
        Should.Throw<InvalidDataException>(() => MarkedBlock.Read(page, "inputs"));
        File.ReadAllText(page).ShouldBe("<!-- /compare -->\n<!-- compare -->\n");
    }

    private static string Page(string block) => $"before\n<!-- compare -->\n{block}<!-- /compare -->\nbehind\n";

    private static string Block(string page) => MarkedBlock.Read(Checkout.PathOf(page), ComparisonOutput.Block);
}
