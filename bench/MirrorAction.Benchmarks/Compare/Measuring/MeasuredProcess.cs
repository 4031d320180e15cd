using System.Diagnostics;

namespace MirrorAction.Benchmarks.Compare.Measuring;

/// <summary>A program to be run and measured.</summary>
/// <param name="Program">The program and its arguments.</param>
/// <param name="Folder">Where it works.</param>
/// <param name="Environment">Its environment besides <c>PATH</c>, <c>HOME</c> and the like; nothing else is inherited.</param>
internal sealed record MeasuredProcess(IReadOnlyList<string> Program, string Folder, IReadOnlyDictionary<string, string> Environment)
{
    private const int LongestOutput = 4000;

    /// <summary>Runs it to its end.</summary>
    /// <param name="report">A file to write what the kernel counted to.</param>
    internal async Task<ProcessUsage> RunAsync(string report)
    {
        var wrapper = Path.Combine(AppContext.BaseDirectory, "Compare", "Measuring", "run-measured.sh");
        var start = new ProcessStartInfo("bash", [wrapper, report, .. Program])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = System.Environment.GetEnvironmentVariable("PATH");
        start.Environment["HOME"] = Folder;
        start.Environment["TMPDIR"] = Path.GetTempPath();
        start.Environment["LC_ALL"] = "C";
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        var sampler = new MemorySampler(process.Id);
        await sampler.UntilAsync(process.WaitForExitAsync());
        var text = await output + await error;
        return ProcessUsage.Parse(
            await File.ReadAllLinesAsync(report),
            sampler.PeakBytes,
            text.Length > LongestOutput ? text[^LongestOutput..] : text
        );
    }
}
