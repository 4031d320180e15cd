using System.Globalization;
using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks;

/// <summary>What one run needs at the most where there is much of something.</summary>
internal static class ExtremeScenarios
{
    internal static async Task RunAsync(Arguments arguments)
    {
        var repositories = arguments.Number("--repositories", 5000);
        var refs = arguments.Number("--refs", 50_000);
        var packMiB = arguments.Number("--pack-mib", 1024);
        Console.WriteLine($"{"scenario",-46} {"exit",4} {"wall s",8} {"CPU s",7} {"peak MiB",9}  totals");
        await MeasureAsync([$"{repositories} repositories, unchanged"], hosts =>
        {
            hosts.AddRepositories(repositories);
            hosts.AddMirrors();
        });
        await MeasureAsync([$"{refs} refs in one repository", $"{refs} refs in one repository, again"], hosts =>
        {
            var repository = hosts.GitHub.AddRepository("acme", "many-refs");
            repository.Git.Commit("README.md", "1\n");
            repository.Git.AddBranches(refs);
        });
        await MeasureAsync([$"{packMiB} MiB in one pack", $"{packMiB} MiB in one pack, again"], hosts => hosts.GitHub.AddRepository("acme", "large").Git.FillWithNoise((long)packMiB << 20));
    }

    private static async Task MeasureAsync(string[] runs, Action<MeasuredHosts> fill)
    {
        await using var hosts = await MeasuredHosts.StartAsync();
        fill(hosts);
        foreach (var what in runs)
        {
            var run = await MeasuredRun.OfAsync(SandboxInputs.Between(hosts.GitHub, hosts.Bitbucket), hosts.CreateFolder("run"));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{what,-46} {run.ExitCode,4} {run.Wall.TotalSeconds,8:0.00} {run.Cpu.TotalSeconds,7:0.00} {run.PeakWorkingSet / 1048576.0,9:0.0}  {run.Output}"));
        }
    }
}
