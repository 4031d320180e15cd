using System.Text;

namespace MirrorAction.Benchmarks.Compare.Results;

/// <summary>A comparison in words: for the console, for README and for docs/PERFORMANCE.md. Pure.</summary>
internal static class ComparisonText
{
    private const string Command = "```sh\nbench/compare\n```\n";

    /// <summary>Enough to see what kind of number to expect; the page has all of them.</summary>
    private const int RowsOfReadme = 3;

    internal static string Console(Comparison comparison)
    {
        var text = new StringBuilder(string.Join(' ', Circumstances(comparison))).Append('\n');
        foreach (var network in Networks.Of(comparison))
        {
            text.Append($"\n{network}\n").Append(Tables.Full(comparison, network).Text());
        }

        return text.Append($"\n{Tables.OfAims(comparison).Text()}").ToString();
    }

    internal static string Readme(Comparison comparison)
    {
        var text = new StringBuilder($"![Median wall time of each tool in each scenario](docs/performance/{ComparisonOutput.ChartFile})\n");
        var network = Networks.Of(comparison).First();
        return text.Append($"\n**{Heading(network)}**\n\n")
            .Append(Tables.Times(comparison, network, RowsOfReadme).Markdown())
            .Append($"\n{string.Join(' ', Circumstances(comparison))}\n{Ratios(comparison)}\n")
            .ToString();
    }

    internal static string Performance(Comparison comparison)
    {
        var text = new StringBuilder($"![Median wall time of each tool in each scenario](performance/{ComparisonOutput.ChartFile})\n\n")
            .Append($"{string.Join(' ', Circumstances(comparison))}\n{Ratios(comparison)}\nPeaks are the largest of all rounds.\n\n{Command}\n")
            .Append(Tables.OfTools(comparison).Markdown());
        foreach (var network in Networks.Of(comparison))
        {
            text.Append($"\n### {Heading(network)}\n\n").Append(Tables.Full(comparison, network).Markdown());
        }

        return text.Append("\n### Floors\n\n")
            .Append(Tables.Floors(comparison).Markdown())
            .Append("\n### Aims\n\n")
            .Append(Tables.OfAims(comparison).Markdown())
            .ToString();
    }

    /// <summary>When, where and how often, a sentence each.</summary>
    internal static IReadOnlyList<string> Circumstances(Comparison comparison)
    {
        var machine = comparison.Machine;
        var rounds = comparison
            .Scenarios.SelectMany(s => s.Cells)
            .Select(c => c.Samples.Count)
            .Where(n => n > 0)
            .DefaultIfEmpty(comparison.Repetitions)
            .ToArray();
        var number = rounds.Min() == rounds.Max() ? $"{rounds.Max()}" : $"{rounds.Min()} to {rounds.Max()}";
        return
        [
            $"{comparison.Date}, {machine.OperatingSystem}, {machine.Processor}, {machine.Cores} cores, {Figures.Number(machine.MemoryGiB)} GiB.",
            $"With git {machine.Git} and .NET {machine.DotNet}; tools and hosts on the same machine.",
            $"Medians of {number} rounds: in each every tool had its turn, those that take long only in the first.",
        ];
    }

    private static string Ratios(Comparison comparison) =>
        $"× is the time of a tool divided by that of {comparison.Tools[0].Title} in the same round: above 1, {comparison.Tools[0].Title} was faster; below 1, slower.";

    private static string Heading(string network) =>
        network == Networks.Loopback ? "No distance at all (loopback)" : $"Hosts at a distance of {network}";
}
