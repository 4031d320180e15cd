using System.Text.Json;
using MirrorAction.Hosting;
using MirrorAction.Inputs;
using MirrorAction.Inputs.Arguments;
using MirrorAction.Simulation.Hosts;
using MirrorAction.Simulation.Network;
using MirrorAction.Simulation.World;

namespace MirrorAction.Simulation;

/// <summary>What a run of the program left behind.</summary>
/// <param name="ExitCode">Its exit code; null when it was killed.</param>
/// <param name="Log">Everything that it printed.</param>
/// <param name="Report"><c>report.json</c>; null when it wrote none.</param>
/// <param name="Texts">All texts that it wrote, by name.</param>
internal sealed record Leavings(int? ExitCode, string Log, JsonElement? Report, IReadOnlyDictionary<string, string> Texts);

/// <summary>Runs the whole program, from the environment of its step to its exit code.</summary>
internal static class ProgramRun
{
    /// <summary>A run in memory is over in milliseconds; one that is not waits for something that never comes.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    /// <summary>Runs it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="hosts">Both hosts.</param>
    /// <param name="seed">What the weather comes from.</param>
    /// <param name="folder">A folder of its own.</param>
    public static async Task<Leavings> PlayAsync(SimRun run, SimHosts hosts, long seed, string folder)
    {
        Directory.CreateDirectory(folder);
        var output = new StringWriter();
        var surroundings = new ProcessEnvironment
        {
            Environment = new EnvironmentVariables(run.Settings.Environment(folder)),
            Output = new ProgramOutput(() => output, () => TextWriter.Null),
            WorkingDirectory = folder,
            Time = new PatientTime(run.World),
        };
        var network = new SimNetwork(run, hosts, seed);
        var engine = CompositionRoot.CreateEngine(run.Time, () => network);
        var program = Program.RunAsync([], surroundings, engine, run.Signal.Token);
        if (await Task.WhenAny(program, run.Killed.Task, Task.Delay(s_patience)) is var first && first != program && first != run.Killed.Task)
            throw new TimeoutException($"The run does not end.\n{string.Join('\n', run.Trace)}");
        var code = run.Killed.Task.IsCompleted ? null : (int?)await program;
        var texts = new Dictionary<string, string>(StringComparer.Ordinal) { ["log"] = Copy(output) };
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            texts[Path.GetRelativePath(folder, file.FullName)] = await File.ReadAllTextAsync(file.FullName);
            file.Delete();
        }

        JsonElement? report = texts.TryGetValue(Path.Combine("report", "report.json"), out var json) ? JsonDocument.Parse(json).RootElement : null;
        return new Leavings(code, texts["log"], report, texts);
    }

    /// <summary>A killed run may still print while it dies.</summary>
    private static string Copy(StringWriter output)
    {
        lock (output)
            return output.ToString();
    }

    /// <summary>The clock beside the engine: it waits for the engine as long as that takes.</summary>
    private sealed class PatientTime(SimWorld world) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => world.Now;

        public override long GetTimestamp() => world.Now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Never();

        private sealed class Never : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() { }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
