using System.Diagnostics;
using System.Globalization;
using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks;

/// <summary>One run of the real program as a process: how long, how much memory at the most, how much CPU.</summary>
/// <param name="ExitCode">The program's exit code.</param>
/// <param name="Wall">From start to end.</param>
/// <param name="PeakWorkingSet">The largest resident set that the kernel saw, in bytes (VmHWM).</param>
/// <param name="Cpu">User and system time.</param>
/// <param name="Output">The program's last line but one: its totals.</param>
internal sealed record MeasuredRun(int ExitCode, TimeSpan Wall, long PeakWorkingSet, TimeSpan Cpu, string Output)
{
    /// <summary>Runs the program and waits for its end.</summary>
    /// <param name="inputs">Its settings by input name.</param>
    /// <param name="folder">Where it works.</param>
    /// <param name="arguments">Its command line.</param>
    internal static async Task<MeasuredRun> OfAsync(IReadOnlyDictionary<string, string> inputs, string folder, params string[] arguments)
    {
        string[] command = [.. ProgramUnderTest.Command, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = folder };
        start.RedirectStandardOutput = true;
        foreach (var (name, value) in inputs)
        {
            start.Environment[SandboxInputs.VariableOf(name)] = value;
        }

        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var (peak, cpu) = (0L, TimeSpan.Zero);
        while (!process.HasExited)
        {
            // The kernel forgets both with the process, so that the last look counts.
            (peak, cpu) = (Math.Max(peak, PeakOf(process.Id)), CpuOf(process) ?? cpu);
            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(20));
        }

        var wall = watch.Elapsed;
        var lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new MeasuredRun(process.ExitCode, wall, peak, cpu, lines.LastOrDefault(l => l.Contains("repositor", StringComparison.Ordinal)) ?? "");
    }

    private static TimeSpan? CpuOf(Process process)
    {
        try
        {
            return process.TotalProcessorTime;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null; // It has just ended.
        }
    }

    /// <summary>The largest resident set of a process so far, in bytes.</summary>
    internal static long PeakOf(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null
                ? 0
                : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Trim(), CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0; // It has just ended.
        }
    }
}
