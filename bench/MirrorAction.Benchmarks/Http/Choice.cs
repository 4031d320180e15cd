using System.Diagnostics;
using System.Globalization;
using MirrorAction.Benchmarks.Compare.Results;

namespace MirrorAction.Benchmarks.Http;

/// <summary>One variant of a choice.</summary>
/// <param name="Name">What it does.</param>
/// <param name="RunAsync">Does it once; returns what else is worth knowing, or nothing.</param>
internal sealed record Variant(string Name, Func<Task<string>> RunAsync);

/// <summary>Measures the variants of a choice in turns, so that what else the machine does meets all of them alike.</summary>
internal static class Choice
{
    internal static async Task MeasureAsync(string question, int rounds, params Variant[] variants)
    {
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{question} (medians of {rounds} rounds)"));
        Console.WriteLine($"  {"variant", -44} {"wall ms", 9} {"CPU ms", 8} {"alloc MiB", 10}");
        var results = variants.ToDictionary(v => v.Name, _ => new List<Result>(), StringComparer.Ordinal);
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var variant in variants)
            {
                var result = await RunAsync(variant);
                if (round > 0)
                {
                    results[variant.Name].Add(result); // The first round compiles.
                }
            }
        }

        foreach (var (name, measured) in results)
        {
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {name, -44} {Median(measured, r => r.Wall), 9:0} {Median(measured, r => r.Cpu), 8:0} {Median(measured, r => r.Allocated / 1048576.0), 10:0.00}  {measured[^1].Note}"
                )
            );
        }
    }

    private static async Task<Result> RunAsync(Variant variant)
    {
        using var self = Process.GetCurrentProcess();
        var allocated = GC.GetTotalAllocatedBytes();
        var cpu = self.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        var note = await variant.RunAsync();
        var wall = watch.Elapsed;
        self.Refresh();
        return new Result(wall.TotalMilliseconds, (self.TotalProcessorTime - cpu).TotalMilliseconds, GC.GetTotalAllocatedBytes() - allocated, note);
    }

    private static double Median(List<Result> results, Func<Result, double> value) => Statistics.Median(results.Select(value));

    private sealed record Result(double Wall, double Cpu, long Allocated, string Note);
}
