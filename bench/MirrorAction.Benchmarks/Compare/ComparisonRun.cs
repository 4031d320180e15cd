using System.Globalization;
using MirrorAction.Benchmarks.Compare.Measuring;
using MirrorAction.Benchmarks.Compare.Results;
using MirrorAction.Benchmarks.Compare.Scenarios;
using MirrorAction.Benchmarks.Compare.Tools;

namespace MirrorAction.Benchmarks.Compare;

/// <summary>Runs every tool in every scenario, one after the other in rounds, so that each meets the same moods of the machine.</summary>
internal sealed class ComparisonRun(IReadOnlyList<Tool> tools, int repetitions)
{
    /// <summary>A tool that takes longer has its turn in the first rounds alone: what takes so long varies little, and all rounds together would take hours.</summary>
    private const double LongSeconds = 8;

    private const int RoundsOfLong = 2;

    /// <summary>Runs one scenario over the networks asked for.</summary>
    internal async Task<IReadOnlyList<ScenarioResult>> RunAsync(Scenario scenario, Seeds seeds, IReadOnlyList<Network> networks)
    {
        var results = new List<ScenarioResult>();
        await using var world = await World.BuildAsync(scenario, seeds);
        foreach (var network in networks.Intersect(scenario.Networks))
        {
            await using var line = world.Connect(network);
            results.Add(await RunAsync(scenario, world, network));
        }

        return results;
    }

    private async Task<ScenarioResult> RunAsync(Scenario scenario, World world, Network network)
    {
        var samples = tools.ToDictionary(tool => tool, _ => new List<Sample>());
        var pipes = new List<Sample>();
        for (var round = 0; round < repetitions; round++)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{scenario.Name, -16} {network.Name, -8} {round + 1}/{repetitions}");
            foreach (var tool in tools.Skip(round % tools.Count).Concat(tools.Take(round % tools.Count)))
            {
                if (samples[tool].Count >= RoundsOfLong && Statistics.Median(samples[tool].Select(sample => sample.WallSeconds)) > LongSeconds)
                    continue;
                var sample = await MeasureAsync(tool, world);
                samples[tool].Add(sample);
                Tell(place, tool.About, sample);
            }

            if (scenario.IsFirst && network == Network.Loopback)
            {
                pipes.Add(await Pipe.MeasureAsync(world));
                Tell(place, Pipe.About, pipes[^1]);
            }
        }

        var floor = await FloorFinder.FindAsync(
            world,
            network,
            pipes.Count == 0 ? null : Statistics.Median(pipes.Select(sample => sample.WallSeconds))
        );
        return new ScenarioResult(
            scenario.Name,
            scenario.Title,
            network.Title,
            floor,
            [.. tools.Select(tool => new Cell(tool.About.Name, samples[tool])), new Cell(Pipe.About.Name, pipes)]
        );
    }

    private static async Task<Sample> MeasureAsync(Tool tool, World world)
    {
        var folder = world.Restore(tool.KeepsClones);
        world.ForgetRequests();
        var usage = await tool.In(world, folder).RunAsync(folder["measured"]);
        var traffic = Traffic.Of(world);
        if (usage.ExitCode != 0)
            Console.Error.WriteLine(usage.Output);
        return new Sample(
            usage.Wall.TotalSeconds,
            usage.Cpu.TotalSeconds,
            usage.PeakBytes,
            usage.DiskBytes,
            traffic.Requests,
            traffic.BytesReceived,
            traffic.BytesSent,
            usage.ExitCode,
            world.IsMirrored()
        )
        {
            RestRequests = traffic.RestRequests,
            RestBytes = traffic.RestReceived + traffic.RestSent,
        };
    }

    private static void Tell(string place, ToolResult tool, Sample sample)
    {
        const double mebibyte = 1 << 20;
        var usage = string.Create(
            CultureInfo.InvariantCulture,
            $"{sample.WallSeconds, 8:0.000} s, CPU {sample.CpuSeconds, 7:0.000} s, memory {sample.PeakBytes / mebibyte, 6:0.0} MiB, disk {sample.DiskBytes / mebibyte, 6:0.0} MiB"
        );
        var traffic = string.Create(
            CultureInfo.InvariantCulture,
            $"{sample.Requests, 5} requests, {sample.BytesReceived, 11} B in, {sample.BytesSent, 11} B out"
        );
        var failure = (sample.ExitCode == 0 ? "" : $", exit code {sample.ExitCode}") + (sample.IsMirrored ? "" : ", NOT MIRRORED");
        Console.WriteLine($"{place} {tool.Name, -14} {usage}, {traffic}{failure}");
    }
}
