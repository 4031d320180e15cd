using System.Globalization;

namespace MirrorAction.Benchmarks.Compare.Measuring;

/// <summary>What a program and everything that it started took.</summary>
/// <param name="ExitCode">What the program ended with.</param>
/// <param name="Wall">From its start to its end.</param>
/// <param name="Cpu">User and system time.</param>
/// <param name="DiskBytes">Bytes of files written, in pages: what the kernel calls <c>write_bytes</c>. Files deleted since are counted.</param>
/// <param name="PeakBytes">See <see cref="MemorySampler"/>.</param>
/// <param name="Output">The end of what it printed.</param>
internal sealed record ProcessUsage(int ExitCode, TimeSpan Wall, TimeSpan Cpu, long DiskBytes, long PeakBytes, string Output)
{
    /// <summary>Reads the report of <c>run-measured.sh</c>.</summary>
    internal static ProcessUsage Parse(IReadOnlyList<string> report, long peakBytes, string output)
    {
        var wall = Number(report[2]) - Number(report[1]);
        // The first line of `times` is the wrapper's own.
        var cpu = report[4].Split(' ').Sum(time => (double)Minutes(time));
        var written = report.Single(line => line.StartsWith("write_bytes:", StringComparison.Ordinal));
        return new ProcessUsage(
            int.Parse(report[0], CultureInfo.InvariantCulture),
            TimeSpan.FromSeconds((double)wall),
            TimeSpan.FromSeconds(cpu),
            long.Parse(written.Split(' ')[1], CultureInfo.InvariantCulture),
            peakBytes,
            output
        );
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Seconds from bash's form, such as <c>1m2.345s</c>.</summary>
    private static decimal Minutes(string time)
    {
        var parts = time.TrimEnd('s').Split('m');
        return (60 * Number(parts[0])) + Number(parts[1]);
    }
}
