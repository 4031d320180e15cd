using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks.Growth;

/// <summary>
/// Time and memory of one run against the number of repositories, of refs, the size of a pack, and the distance of the hosts: a picture for each, and a
/// table with the slopes. Each point is the quicker of two runs, the second only where the first was short.
/// </summary>
internal static class GrowthScenario
{
    /// <summary>A run that took longer is not repeated.</summary>
    private static readonly TimeSpan s_short = TimeSpan.FromSeconds(5);

    internal static Command Command()
    {
        var repositories = Amounts("--repositories", "10,100,1000,10000", "Repositories of one run, unchanged");
        var refs = Amounts("--refs", "10,100,1000,10000,100000,1000000", "Refs of one repository: its first mirror, then unchanged");
        var packs = Amounts("--pack-mib", "1,4,16,64,256,1024,4096", "MiB of one pack");
        var latencies = Amounts("--latency-ms", "0,25,50,100,200", "Milliseconds before every answer: 60 repositories, one of them with a commit");
        var minutes = Subcommand.Number("--minutes", 60, "After so many no further point is begun");
        var output = new Option<string>("--output")
        {
            Description = "Where pictures and tables go",
            DefaultValueFactory = _ => Checkout.PathOf("artifacts", "growth"),
            HelpName = "FOLDER",
        };
        return Subcommand.Of(
            "growth",
            "Time and memory of a run against the number of repositories, refs, bytes and milliseconds",
            async result =>
            {
                var run = new Run(Path.GetFullPath(result.GetRequiredValue(output)), TimeSpan.FromMinutes(result.GetValue(minutes)));
                await run.RepositoriesAsync(Parse(result.GetRequiredValue(repositories)));
                await run.RefsAsync(Parse(result.GetRequiredValue(refs)));
                await run.PacksAsync(Parse(result.GetRequiredValue(packs)));
                await run.LatenciesAsync(Parse(result.GetRequiredValue(latencies)));
            },
            repositories,
            refs,
            packs,
            latencies,
            minutes,
            output
        );
    }

    private static Option<string> Amounts(string name, string otherwise, string description) =>
        new(name)
        {
            Description = $"{description}; an empty list leaves them out",
            DefaultValueFactory = _ => otherwise,
            HelpName = "N,...",
        };

    private static int[] Parse(string list) =>
        [.. list.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(text => int.Parse(text, CultureInfo.InvariantCulture)).Order()];

    private sealed class Run(string folder, TimeSpan limit)
    {
        private readonly Stopwatch _watch = Stopwatch.StartNew();

        internal async Task RepositoriesAsync(int[] amounts)
        {
            var points = new List<GrowthPoint>();
            foreach (var amount in amounts.TakeWhile(_ => HasTime))
            {
                await using var hosts = await MeasuredHosts.StartAsync();
                hosts.AddRepositories(amount);
                hosts.AddMirrors();
                points.Add(await MeasureAsync(hosts, amount));
            }

            Write(new GrowthSeries("repositories", "Repositories, none of them changed", "repositories", points));
        }

        internal async Task RefsAsync(int[] amounts)
        {
            var (first, later) = (new List<GrowthPoint>(), new List<GrowthPoint>());
            foreach (var amount in amounts.TakeWhile(_ => HasTime))
            {
                await using var hosts = await MeasuredHosts.StartAsync();
                AddRefs(hosts.GitHub.AddRepository("acme", "refs").Git, amount);
                first.Add(await OnceAsync(hosts, amount));
                later.Add(await MeasureAsync(hosts, amount));
            }

            Write(new GrowthSeries("refs-first", "Refs of one repository, its first mirror", "refs", first));
            Write(new GrowthSeries("refs", "Refs of one repository, unchanged", "refs", later));
        }

        internal async Task PacksAsync(int[] amounts)
        {
            var points = new List<GrowthPoint>();
            foreach (var amount in amounts.TakeWhile(_ => HasTime))
            {
                await using var hosts = await MeasuredHosts.StartAsync();
                hosts.GitHub.AddRepository("acme", "large").Git.FillWithNoise((long)amount << 20);
                points.Add(await OnceAsync(hosts, amount));
            }

            Write(new GrowthSeries("packs", "Size of one pack, its first mirror", "MiB", points));
        }

        internal async Task LatenciesAsync(int[] amounts)
        {
            if (amounts.Length == 0)
            {
                return;
            }

            var points = new List<GrowthPoint>();
            await using var hosts = await MeasuredHosts.StartAsync();
            hosts.AddRepositories(60);
            hosts.AddMirrors();
            foreach (var amount in amounts.TakeWhile(_ => HasTime))
            {
                hosts.Delay(TimeSpan.FromMilliseconds(amount));
                hosts.Change(60);
                points.Add(await OnceAsync(hosts, amount));
            }

            Write(new GrowthSeries("latency", "Distance of the hosts: 60 repositories, one of them with a commit", "ms", points));
        }

        private bool HasTime => _watch.Elapsed < limit;

        private static async Task<GrowthPoint> MeasureAsync(MeasuredHosts hosts, int amount)
        {
            var point = await OnceAsync(hosts, amount);
            if (point.Seconds > s_short.TotalSeconds)
            {
                return point;
            }

            var again = await OnceAsync(hosts, amount);
            return again.Seconds < point.Seconds ? again : point;
        }

        private static async Task<GrowthPoint> OnceAsync(MeasuredHosts hosts, int amount)
        {
            var inputs = SandboxInputs.Between(hosts.GitHub, hosts.Bitbucket);
            inputs["create-interval"] = "0s";
            var run = await MeasuredRun.OfAsync(inputs, hosts.CreateFolder("run"));
            var point = new GrowthPoint(amount, run.Wall.TotalSeconds, run.Cpu.TotalSeconds, run.PeakWorkingSet / 1048576.0);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{amount, 9} exit {run.ExitCode} {point.Seconds, 9:0.00} s, CPU {point.CpuSeconds, 8:0.00} s, {point.Mebibytes, 7:0.0} MiB  {run.Output}"
                )
            );
            return run.ExitCode == 0 ? point : throw new InvalidOperationException($"A run over {amount} ended with {run.ExitCode}.");
        }

        /// <summary>A hundred commits, and a branch at one of them for each ref: written as git packs refs.</summary>
        private static void AddRefs(GitRepository git, int count)
        {
            using var import = git.Import();
            for (var i = 1; i <= 100; i++)
            {
                import.Commit("main", "README.md", $"{i}\n");
            }

            string[] ids = [.. import.Complete().Values];
            var lines = Enumerable.Range(1, count).Select(i => $"{ids[i % ids.Length]} refs/heads/branch-{i:0000000}");
            File.WriteAllLines(Path.Combine(git.Path, "packed-refs"), ["# pack-refs with: sorted", .. lines]);
        }

        private void Write(GrowthSeries series)
        {
            if (series.Points.Count < 2)
            {
                return;
            }

            Directory.CreateDirectory(folder);
            var circumstances = string.Create(
                CultureInfo.InvariantCulture,
                $"{DateTime.UtcNow:yyyy-MM-dd}, {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, .NET {Environment.Version}; hosts on the same machine"
            );
            File.WriteAllText(Path.Combine(folder, $"{series.Name}.svg"), GrowthChart.Svg(series, circumstances));
            File.WriteAllText(Path.Combine(folder, $"{series.Name}.md"), Table(series));
            Console.WriteLine(Table(series));
        }

        private static string Table(GrowthSeries series)
        {
            var text = new StringBuilder();
            text.Append(CultureInfo.InvariantCulture, $"| {series.Unit} | wall s | slope | CPU s | peak MiB | slope | bends |\n");
            text.Append("| ---: | ---: | ---: | ---: | ---: | ---: | --- |\n");
            for (var i = 0; i < series.Points.Count; i++)
            {
                var point = series.Points[i];
                string[] bends = [.. Bend(series.TimeBends, "time"), .. Bend(series.MemoryBends, "memory")];
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| {point.Amount:#,0} | {point.Seconds:0.00} | {Slope(series.TimeSlopes, i)} | {point.CpuSeconds:0.00} | {point.Mebibytes:0.0} "
                );
                text.Append(CultureInfo.InvariantCulture, $"| {Slope(series.MemorySlopes, i)} | {string.Join(", ", bends)} |\n");
                IEnumerable<string> Bend(IReadOnlyList<double> at, string what) => at.Contains(point.Amount) ? [what] : [];
            }

            return text.ToString();
        }

        private static string Slope(IReadOnlyList<double> slopes, int point) =>
            point == 0 ? "" : slopes[point - 1].ToString("0.00", CultureInfo.InvariantCulture);
    }
}
