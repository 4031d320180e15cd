using System.Globalization;

namespace MirrorAction.Benchmarks.Compare.Measuring;

/// <summary>
/// The largest memory of a process's descendants together: every 20 ms the sum of their proportional set sizes (pages that several share
/// are counted once), but never less than the largest resident set that the kernel saw of any one of them (VmHWM), which no sampling can miss
/// but in the last 20 ms of a process.
/// </summary>
internal sealed class MemorySampler(int root)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);

    private readonly ProcessTree _tree = new(root);

    /// <summary>In bytes, so far.</summary>
    internal long PeakBytes { get; private set; }

    /// <summary>Samples until the end of a task.</summary>
    internal async Task UntilAsync(Task end)
    {
        while (!end.IsCompleted)
        {
            Sample();
            await Task.WhenAny(end, Task.Delay(s_interval));
        }
    }

    private void Sample()
    {
        var sum = 0L;
        foreach (var process in _tree.Descendants())
        {
            sum += Read($"/proc/{process}/smaps_rollup", "Pss:");
            PeakBytes = Math.Max(PeakBytes, Read($"/proc/{process}/status", "VmHWM:"));
        }

        PeakBytes = Math.Max(PeakBytes, sum);
    }

    /// <summary>The kibibytes behind a name as bytes; 0 when the process has just ended.</summary>
    private static long Read(string file, string name)
    {
        try
        {
            var line = File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.AsSpan(name.Length).Trim(" \tkB"), CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
