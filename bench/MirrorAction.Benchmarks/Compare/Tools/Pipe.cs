using MirrorAction.Benchmarks.Compare.Measuring;
using MirrorAction.Benchmarks.Compare.Results;
using MirrorAction.Benchmarks.Compare.Scenarios;
using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks.Compare.Tools;

/// <summary>
/// The floor for first mirrors: no HTTP and no client, but <c>git upload-pack</c> piped into <c>git receive-pack</c> on the hosts' own folders.
/// </summary>
internal static class Pipe
{
    /// <summary>What tables call it.</summary>
    internal static ToolResult About { get; } =
        new(
            Participants.Pipe,
            "pipe",
            RealGit.Run(Path.GetTempPath(), "version"),
            "git upload-pack piped into git receive-pack on the hosts' own folders; first mirrors over loopback only"
        );

    /// <summary>What that takes for all repositories.</summary>
    internal static async Task<Sample> MeasureAsync(World world)
    {
        var folder = world.Restore(keepsClones: false);
        var lines = new List<string>();
        foreach (var (source, destination) in world.Pairs)
        {
            var need = PackNeed.Between(source.Git, destination.Git);
            var (request, commands) = (folder[$"{source.Name}.request"], folder[$"{source.Name}.commands"]);
            await File.WriteAllBytesAsync(request, need.Fetch);
            await File.WriteAllBytesAsync(commands, need.Commands);
            lines.Add($"{source.Git.Path} {destination.Git.Path} {request} {commands}");
        }

        await File.WriteAllLinesAsync(folder["pipes"], lines);
        var environment = new Dictionary<string, string?>();
        RealGit.SetEnvironment(environment);
        environment["COMPARE_PIPES"] = folder["pipes"];
        var script = Path.Combine(AppContext.BaseDirectory, "Compare", "Tools", "pipe.sh");
        var usage = await new MeasuredProcess(
            ["bash", script],
            folder.Work,
            environment.ToDictionary(entry => entry.Key, entry => entry.Value!)
        ).RunAsync(folder["measured"]);
        return new Sample(
            usage.Wall.TotalSeconds,
            usage.Cpu.TotalSeconds,
            usage.PeakBytes,
            usage.DiskBytes,
            0,
            0,
            0,
            usage.ExitCode,
            world.IsMirrored()
        );
    }
}
