using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using MirrorAction.Benchmarks.Compare.Measuring;
using MirrorAction.Benchmarks.Compare.Scenarios;
using MirrorAction.Benchmarks.Compare.Tools;
using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks.Counts;

/// <summary>
/// Counts what fixed scenarios cost the published program, and fails when something has grown by more than 5 % since it was last accepted. No time is
/// measured. Instructions are counted by valgrind, on a processor that valgrind makes up, so that machines agree.
/// </summary>
internal static partial class CountCommand
{
    /// <summary>Runs whose fewest instructions count: threads that wait in vain cost some.</summary>
    private const int Runs = 3;

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private static readonly Scenario[] s_scenarios =
    [
        new("unchanged", "20 repositories, unchanged", ScenarioList.Small(20), _ => { }),
        new("commit", "20 repositories, one of them with a commit", ScenarioList.Small(20), host => ScenarioList.Commit(host, "lib-0010")),
        new("first", "First mirror of a repository of 2,000 commits", ScenarioList.AddMedium, null),
        new("rewrite", "A branch rewritten, another deleted", ScenarioList.AddMedium, ScenarioList.RewriteAndDelete),
        new("refs", "2,000 branches, unchanged", ScenarioList.Refs(2000), _ => { }),
    ];

    internal static Command Create()
    {
        var program = new Option<string>("--program")
        {
            Description = "The published program",
            HelpName = "FILE",
            Required = true,
        };
        var baseline = new Option<string>("--baseline")
        {
            Description = "What was accepted before",
            HelpName = "FILE",
            Required = true,
        };
        var accept = new Option<string?>("--accept") { Description = "Writes the counts there, with the reason for them", HelpName = "REASON" };
        var command = new Command("count", "Requests, bytes, allocations and instructions of fixed scenarios, against a baseline")
        {
            program,
            baseline,
            accept,
        };
        command.SetAction(
            (result, _) =>
                RunAsync(
                    Path.GetFullPath(result.GetRequiredValue(program)),
                    Path.GetFullPath(result.GetRequiredValue(baseline)),
                    result.GetValue(accept)
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(string program, string baseline, string? reason)
    {
        // Debian's valgrind is a script, and its shell forgets variables with a hyphen in their names, as those of inputs.
        var valgrind = Programs.Find("valgrind.bin") ?? Programs.Find("valgrind");
        if (valgrind is null)
        {
            Console.Error.WriteLine("valgrind is not installed: instructions are not counted.");
        }

        using var seeds = new Seeds();
        var counts = new SortedDictionary<string, Count>(StringComparer.Ordinal);
        foreach (var scenario in s_scenarios)
        {
            counts[scenario.Name] = await CountAsync(scenario, seeds, new MirrorActionTool(program, ""), valgrind);
            Console.WriteLine($"{scenario.Title}: {string.Join(", ", counts[scenario.Name].Parts.Select(p => $"{p.Name} {Number(p.Value)}"))}");
        }

        if (reason is not null)
        {
            await File.WriteAllTextAsync(baseline, JsonSerializer.Serialize(new CountBaseline(reason, counts), s_json) + "\n");
            return 0;
        }

        if (!File.Exists(baseline))
        {
            Console.WriteLine($"There is no {baseline} to compare with: eng/growth --accept REASON writes it.");
            return 0;
        }

        var before = JsonSerializer.Deserialize<CountBaseline>(await File.ReadAllTextAsync(baseline), s_json)!;
        string[] grown =
        [
            .. from scenario in s_scenarios
            where before.Scenarios.ContainsKey(scenario.Name)
            from growth in counts[scenario.Name].GrownSince(before.Scenarios[scenario.Name])
            select $"{scenario.Title}: {growth}",
        ];
        foreach (var line in grown)
        {
            Console.Error.WriteLine($"too much: {line}");
        }

        Console.WriteLine(grown.Length == 0 ? "Nothing has grown by more than 5 %." : "If that is worth it: eng/growth --accept REASON");
        return grown.Length == 0 ? 0 : 1;
    }

    private static async Task<Count> CountAsync(Scenario scenario, Seeds seeds, MirrorActionTool tool, string? valgrind)
    {
        await using var world = await World.BuildAsync(scenario, seeds);
        var plain = await RunAsync(world, tool, []);
        var traffic = Traffic.Of(world);
        var instructions = new List<long>();
        for (var run = 0; run < Runs && valgrind is not null; run++)
        {
            var output = await RunAsync(world, tool, [valgrind, "--tool=callgrind", "--callgrind-out-file=/dev/null"]);
            instructions.Add(Find(Collected(), output));
        }

        return new Count(traffic.Requests, traffic.BytesReceived, traffic.BytesSent, Find(Allocated(), plain), instructions.DefaultIfEmpty(0).Min());
    }

    private static async Task<string> RunAsync(World world, MirrorActionTool tool, string[] under)
    {
        var folder = world.Restore(keepsClones: false);
        world.ForgetRequests();
        var process = tool.In(world, folder);
        var environment = process.Environment.ToDictionary();
        environment[SandboxInputs.VariableOf("log-level")] = "debug"; // It says in the end how much was allocated.
        var usage = await (process with { Program = [.. under, .. process.Program], Environment = environment }).RunAsync(folder["measured"]);
        return usage.ExitCode == 0 && world.IsMirrored()
            ? usage.Output
            : throw new InvalidOperationException($"The run ended with {usage.ExitCode}, or left the sides unequal.\n{usage.Output}");
    }

    private static long Find(Regex number, string output) =>
        number.Match(output) is { Success: true } found
            ? long.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"'{number}' is not in what was printed:\n{output}");

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Collected : (\d+)")]
    private static partial Regex Collected();

    [GeneratedRegex(@"(\d+) bytes allocated")]
    private static partial Regex Allocated();
}
