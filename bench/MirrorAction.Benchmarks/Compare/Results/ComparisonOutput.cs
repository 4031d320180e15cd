using System.Text;
using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks.Compare.Results;

/// <summary>Where a comparison goes: the console, a folder, and the pages of the repository.</summary>
internal static class ComparisonOutput
{
    internal const string ChartFile = "compare.svg";

    /// <summary>The part of README.md and docs/PERFORMANCE.md that a comparison writes.</summary>
    internal const string Block = "compare";

    /// <summary>Prints the comparison and writes it as JSON and as a chart.</summary>
    /// <param name="comparison">What was measured.</param>
    /// <param name="outputFolder">Gets both files; is created where it is missing.</param>
    /// <param name="publish">Whether the repository's pages shall show it too.</param>
    /// <param name="repositoryRoot">The checkout whose pages are meant.</param>
    internal static void Write(Comparison comparison, string outputFolder, bool publish, string repositoryRoot)
    {
        Console.Write(ComparisonText.Console(comparison));
        Save(comparison, outputFolder);
        if (publish)
        {
            Publish(comparison, repositoryRoot);
        }
    }

    /// <summary>Writes the chart in <c>docs/performance</c> and the pages' blocks; the same comparison always gives the same bytes.</summary>
    internal static void Publish(Comparison comparison, string repositoryRoot)
    {
        WriteFile(Path.Combine(repositoryRoot, "docs", "performance", ChartFile), Chart.Svg(comparison));
        MarkedBlock.Write(Path.Combine(repositoryRoot, "README.md"), Block, ComparisonText.Readme(comparison));
        MarkedBlock.Write(Path.Combine(repositoryRoot, "docs", "PERFORMANCE.md"), Block, ComparisonText.Performance(comparison));
    }

    /// <summary>Writes JSON and chart into a folder, which is created where it is missing.</summary>
    internal static void Save(Comparison comparison, string folder)
    {
        WriteFile(Path.Combine(folder, "compare.json"), ComparisonJson.Write(comparison));
        WriteFile(Path.Combine(folder, ChartFile), Chart.Svg(comparison));
    }

    private static void WriteFile(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }
}
