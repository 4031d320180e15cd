using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks;

/// <summary>
/// An organisation of thousands, divided over shards that run at once as the jobs of a matrix do, and then in one run for comparison. Nearly all
/// repositories are unchanged; with <c>--first</c> the shards find no mirror yet and create all of them.
/// </summary>
internal static class ShardScenario
{
    /// <summary>One repository in so many has a new commit before each measurement.</summary>
    private const int ChangedOneIn = 100;

    internal static Command Command()
    {
        var shards = Subcommand.Number("--shards", 5, "Shards of the organisation");
        var repositories = Subcommand.Number("--repositories", 5000, "Its repositories");
        var latency = Subcommand.Number("--latency-ms", 40, "Milliseconds before every answer");
        var atOnce = Subcommand.Number("--max-parallel", 0, "Shards that run at once; 0 for all");
        var first = new Option<bool>("--first") { Description = "Begin without mirrors" };
        return Subcommand.Of(
            "shards",
            "An organisation of thousands, divided over shards, and then in one run",
            result =>
            {
                var count = result.GetValue(shards);
                var parallel = result.GetValue(atOnce) is > 0 and var given ? given : count;
                return RunAsync(count, parallel, result.GetValue(repositories), result.GetValue(latency), result.GetValue(first));
            },
            shards,
            repositories,
            latency,
            atOnce,
            first
        );
    }

    private static async Task RunAsync(int shards, int atOnce, int repositories, int latency, bool first)
    {
        await using var hosts = await MeasuredHosts.StartAsync();
        hosts.AddRepositories(repositories);
        if (!first)
        {
            hosts.AddMirrors();
        }

        hosts.Delay(TimeSpan.FromMilliseconds(latency));
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{repositories} repositories, {shards} shards ({atOnce} at once), {latency} ms before every answer, one repository in {ChangedOneIn} changed"
            )
        );
        Console.WriteLine(
            $"{"run", -12} {"exit", 4} {"wall s", 8} {"CPU s", 7} {"peak MiB", 9} {"GitHub REST", 12} {"git", 6} {"Bitbucket REST", 15} {"git", 6}  totals"
        );

        hosts.Change(ChangedOneIn);
        await MeasureAsync(hosts, [.. Enumerable.Range(1, shards).Select(i => $"{i}/{shards}")], atOnce, $"{shards} shards");
        if (!first)
        {
            hosts.Change(ChangedOneIn);
            await MeasureAsync(hosts, [""], 1, "one run");
        }
    }

    private static async Task MeasureAsync(MeasuredHosts hosts, string[] shards, int atOnce, string all)
    {
        hosts.GitHub.ClearRequests();
        hosts.Bitbucket.ClearRequests();
        var runs = new MeasuredRun[shards.Length];
        var watch = Stopwatch.StartNew();
        await Parallel.ForAsync(
            0,
            shards.Length,
            new ParallelOptions { MaxDegreeOfParallelism = atOnce },
            async (i, _) =>
            {
                var inputs = SandboxInputs.Between(hosts.GitHub, hosts.Bitbucket);

                // A token of its own, so that the hosts' records tell the shards apart.
                inputs["github-token"] = hosts.GitHub.AddToken(new SandboxGitHubToken(GitHubToken(shards[i]), "mirror-bot", SeesPrivate: true)).Value;
                inputs["bitbucket-token"] = hosts.Bitbucket.Add(BitbucketCredential.AccessToken(BitbucketToken(shards[i]))).Secret;
                inputs["shard"] = shards[i];
                runs[i] = await MeasuredRun.OfAsync(inputs, hosts.CreateFolder($"{all}-{i}"));
            }
        );
        var wall = watch.Elapsed;
        var (gitHub, bitbucket) = (hosts.GitHub.Requests, hosts.Bitbucket.Requests);
        for (var i = 0; i < shards.Length && shards.Length > 1; i++)
        {
            Print(shards[i], runs[i], Of(gitHub, GitHubToken(shards[i])), Of(bitbucket, BitbucketToken(shards[i])));
        }

        var sum =
            runs.Length == 1
                ? runs[0]
                : new MeasuredRun(
                    runs.Max(r => r.ExitCode),
                    wall,
                    runs.Max(r => r.PeakWorkingSet),
                    TimeSpan.FromSeconds(runs.Sum(r => r.Cpu.TotalSeconds)),
                    "(memory: the largest)"
                );
        Print(all, sum, gitHub, bitbucket);
    }

    private static void Print(string name, MeasuredRun run, IReadOnlyList<RecordedRequest> gitHub, IReadOnlyList<RecordedRequest> bitbucket) =>
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name, -12} {run.ExitCode, 4} {run.Wall.TotalSeconds, 8:0.0} {run.Cpu.TotalSeconds, 7:0.0} {run.PeakWorkingSet / 1048576.0, 9:0.0} "
                    + $"{gitHub.Count(r => !r.IsGit), 12} {gitHub.Count(r => r.IsGit), 6} {bitbucket.Count(r => !r.IsGit), 15} {bitbucket.Count(r => r.IsGit), 6}  {run.Output}"
            )
        );

    private static List<RecordedRequest> Of(IReadOnlyList<RecordedRequest> requests, string token) =>
        [.. requests.Where(r => r.Login?.Password == token || r.Headers.GetValueOrDefault("Authorization") == $"Bearer {token}")];

    private static string GitHubToken(string shard) => $"ghp_shard_{shard}";

    private static string BitbucketToken(string shard) => $"ATCTT3x-shard-{shard}";
}
