using System.CommandLine;
using System.Globalization;
using System.Text;
using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks;

/// <summary>What it takes to prove the mirrors and to get them back: every mode one after the other on one organisation.</summary>
internal static class ProofScenario
{
    private const string Owner = "acme-new";

    internal static Command Command()
    {
        var repositories = Subcommand.Number("--repositories", 60, "Small repositories");
        var packMiB = Subcommand.Number("--pack-mib", 256, "MiB of the large repository");
        var commits = Subcommand.Number("--commits", 20_000, "Commits of the old repository");
        return Subcommand.Of(
            "proof",
            "Verify, drill, backup, check and restore, one after the other",
            result => RunAsync(result.GetValue(repositories), result.GetValue(packMiB), result.GetValue(commits)),
            repositories,
            packMiB,
            commits
        );
    }

    private static async Task RunAsync(int repositories, int packMiB, int commits)
    {
        await using var hosts = await MeasuredHosts.StartAsync();
        hosts.AddRepositories(repositories);
        hosts.GitHub.AddRepository("acme", "large").Git.FillWithNoise((long)packMiB << 20);
        AddHistory(hosts.GitHub.AddRepository("acme", "old").Git, commits);
        hosts.GitHub.AddAccount(Owner);
        hosts.GitHub.AcceptsWrites = true;
        var folder = hosts.CreateFolder("run");

        Console.WriteLine($"{repositories} small repositories, one with {packMiB} MiB of files that do not compress, one with {commits} commits");
        Console.WriteLine($"{"run", -44} {"exit", 4} {"wall s", 8} {"CPU s", 7} {"peak MiB", 9}  totals");
        foreach (
            var command in (string[])
                ["mirror", "verify", "verify --deep", "restore --drill", "backup", "backup", "backup --check", $"restore --github-owner {Owner}"]
        )
        {
            var inputs = SandboxInputs.Between(hosts.GitHub, hosts.Bitbucket);
            if (command.StartsWith("restore --github-owner", StringComparison.Ordinal))
            {
                inputs["github-token"] = hosts.GitHub.WriteToken;
            }

            var run = await MeasuredRun.OfAsync(inputs, folder, command.Split(' '));
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{command, -44} {run.ExitCode, 4} {run.Wall.TotalSeconds, 8:0.00} {run.Cpu.TotalSeconds, 7:0.00} {run.PeakWorkingSet / 1048576.0, 9:0.0}  {run.Output}"
                )
            );
        }
    }

    /// <summary>Commits that change a line here and there, packed with deltas as a host packs them.</summary>
    private static void AddHistory(GitRepository git, int commits)
    {
        using (var import = git.Import())
        {
            var random = new Random(1);
            var files = Enumerable.Range(0, 50).Select(_ => Enumerable.Range(0, 400).Select(_ => $"line {random.Next()}\n").ToArray()).ToArray();
            for (var i = 0; i < commits; i++)
            {
                var file = i % files.Length;
                files[file][random.Next(400)] = $"line {random.Next()}\n";
                import.Commit("main", $"Change {i}", [new($"src/file-{file}.txt", Encoding.UTF8.GetBytes(string.Concat(files[file])))]);
            }

            import.Complete();
        }

        git.Git("repack", "-adfq", "--depth=50");
    }
}
