using System.CommandLine;
using System.Globalization;
using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks;

/// <summary>What one run needs at the most where there is much of something.</summary>
internal static class ExtremeScenarios
{
    internal static Command Command()
    {
        var repositories = Subcommand.Number("--repositories", 5000, "Repositories of one run; 0 for none");
        var refs = Subcommand.Number("--refs", 50_000, "Refs of one repository; 0 for none");
        var packMiB = Subcommand.Number("--pack-mib", 1024, "MiB of one pack; 0 for none");
        var first = new Option<bool>("--first") { Description = "Begin without mirrors of the many repositories" };
        return Subcommand.Of(
            "extremes",
            "One run each over very many repositories, very many refs and a very large pack",
            result => RunAsync(result.GetValue(repositories), result.GetValue(refs), result.GetValue(packMiB), result.GetValue(first)),
            repositories,
            refs,
            packMiB,
            first
        );
    }

    private static async Task RunAsync(int repositories, int refs, int packMiB, bool first)
    {
        Console.WriteLine($"{"scenario", -46} {"exit", 4} {"wall s", 8} {"CPU s", 7} {"peak MiB", 9}  totals");
        if (repositories > 0)
        {
            await using var hosts = await MeasuredHosts.StartAsync();
            hosts.AddRepositories(repositories);
            if (first)
            {
                await MeasureAsync(hosts, $"{repositories} repositories, first mirror");
            }
            else
            {
                hosts.AddMirrors();
            }

            await MeasureAsync(hosts, $"{repositories} repositories, unchanged");
        }

        if (refs > 0)
        {
            await using var hosts = await MeasuredHosts.StartAsync();
            var git = hosts.GitHub.AddRepository("acme", "many-refs").Git;
            AddBranches(git, refs);
            await MeasureAsync(hosts, $"{refs} refs in one repository, first mirror");
            await MeasureAsync(hosts, $"{refs} refs in one repository, unchanged");
            git.Commit("README.md", "2\n");
            await MeasureAsync(hosts, $"{refs} refs in one repository, one commit");
            File.Delete(Path.Combine(git.Path, "packed-refs")); // All but the branch that has moved since.
            await MeasureAsync(hosts, $"{refs} refs in one repository, deleted");
        }

        if (packMiB > 0)
        {
            await using var hosts = await MeasuredHosts.StartAsync();
            hosts.GitHub.AddRepository("acme", "large").Git.FillWithNoise((long)packMiB << 20);
            await MeasureAsync(hosts, $"{packMiB} MiB in one pack, first mirror");
            await MeasureAsync(hosts, $"{packMiB} MiB in one pack, unchanged");
        }
    }

    /// <summary>As many commits as branches: written as git packs refs, because so many files would take minutes.</summary>
    private static void AddBranches(GitRepository git, int count)
    {
        using var import = git.Import();
        for (var i = 1; i <= count; i++)
        {
            import.Commit("main", "README.md", $"{i}\n");
        }

        var refs = import.Complete().Values.Select((id, i) => $"{id} refs/heads/branch-{i:000000}");
        File.WriteAllLines(Path.Combine(git.Path, "packed-refs"), refs);
    }

    private static async Task MeasureAsync(MeasuredHosts hosts, string what)
    {
        var inputs = SandboxInputs.Between(hosts.GitHub, hosts.Bitbucket);
        inputs["prune-limit"] = "100%";
        var run = await MeasuredRun.OfAsync(inputs, hosts.CreateFolder("run"));
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what, -46} {run.ExitCode, 4} {run.Wall.TotalSeconds, 8:0.00} {run.Cpu.TotalSeconds, 7:0.00} {run.PeakWorkingSet / 1048576.0, 9:0.0}  {run.Output}"
            )
        );
    }
}
