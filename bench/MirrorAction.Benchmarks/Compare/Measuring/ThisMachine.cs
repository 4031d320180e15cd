using System.Runtime.InteropServices;
using MirrorAction.Benchmarks.Compare.Results;
using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks.Compare.Measuring;

/// <summary>Tells what the comparison runs on.</summary>
internal static class ThisMachine
{
    internal static Machine Describe() =>
        new(
            ValueOf("/etc/os-release", "PRETTY_NAME=")?.Trim('"') ?? RuntimeInformation.OSDescription,
            ValueOf("/proc/cpuinfo", "model name")?.TrimStart('\t', ' ', ':') ?? RuntimeInformation.ProcessArchitecture.ToString(),
            Environment.ProcessorCount,
            Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Math.Pow(1024, 3), 1),
            RealGit.Run(Path.GetTempPath(), "version").Replace("git version ", "", StringComparison.Ordinal),
            Environment.Version.ToString()
        );

    private static string? ValueOf(string file, string name) =>
        File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..] : null;
}
