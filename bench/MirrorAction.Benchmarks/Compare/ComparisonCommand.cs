using System.CommandLine;
using System.Globalization;
using MirrorAction.Benchmarks.Compare.Measuring;
using MirrorAction.Benchmarks.Compare.Peers;
using MirrorAction.Benchmarks.Compare.Results;
using MirrorAction.Benchmarks.Compare.Scenarios;
using MirrorAction.Benchmarks.Compare.Tools;
using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks.Compare;

/// <summary>The subcommand that puts MirrorAction beside other tools.</summary>
internal static class ComparisonCommand
{
    internal static Command Create()
    {
        var network = new Option<string>("--network")
        {
            Description = "What lies between tools and hosts",
            DefaultValueFactory = _ => "all",
            HelpName = "NETWORK",
        };
        network.AcceptOnlyFromAmong([.. Network.All.Select(known => known.Name), "all"]);
        var repetitions = new Option<int>("--repetitions")
        {
            Description = "How often each tool does each scenario",
            DefaultValueFactory = _ => 5,
            HelpName = "N",
        };
        repetitions.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError("--repetitions must be at least 1.");
        });
        var scenario = new Option<string[]>("--scenario")
        {
            Description = $"Only these, with commas between them: {string.Join(", ", ScenarioList.All.Select(known => known.Name))}",
            HelpName = "NAME,...",
        };
        scenario.Validators.Add(result =>
        {
            foreach (var unknown in Names(result.GetValueOrDefault<string[]>()).Where(name => ScenarioList.All.All(known => known.Name != name)))
                result.AddError($"--scenario: there is no '{unknown}'; there are {string.Join(", ", ScenarioList.All.Select(known => known.Name))}.");
        });
        var tool = new Option<string[]>("--tool")
        {
            Description = "One more tool: a command for bash, which finds in COMPARE_* variables what to mirror",
            HelpName = "NAME=COMMAND",
        };
        tool.Validators.Add(result =>
        {
            foreach (var wrong in (result.GetValueOrDefault<string[]>() ?? []).Where(text => text.IndexOf('=', StringComparison.Ordinal) < 1))
                result.AddError($"--tool: '{wrong}' is not of the form NAME=COMMAND.");
        });
        var output = new Option<string>("--output")
        {
            Description = "Where the results go",
            DefaultValueFactory = _ => Checkout.PathOf("artifacts", "compare"),
            HelpName = "FOLDER",
        };
        var publish = new Option<bool>("--publish") { Description = "Write the results into the documentation as well" };
        var command = new Command("compare", "MirrorAction, the shell loop and other tools side by side on the same hosts, and the floor")
        {
            network,
            repetitions,
            scenario,
            tool,
            output,
            publish,
        };

        command.SetAction(
            (result, _) =>
            {
                var names = Names(result.GetValue(scenario)).ToList();
                return RunAsync(
                    new ComparisonOptions(
                        [.. Network.All.Where(known => result.GetValue(network) is var name && (name == "all" || name == known.Name))],
                        result.GetValue(repetitions),
                        [.. ScenarioList.All.Where(known => names.Count == 0 || names.Contains(known.Name))],
                        [.. (result.GetValue(tool) ?? []).Select(text => new NamedCommand(text.Split('=', 2)[0], text.Split('=', 2)[1]))],
                        Path.GetFullPath(result.GetRequiredValue(output)),
                        result.GetValue(publish)
                    )
                );
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(ComparisonOptions options)
    {
        if (!OperatingSystem.IsLinux())
        {
            Console.Error.WriteLine("bench/compare runs on Linux only: it reads from /proc what the tools take.");
            return 2;
        }

        using var program = new TempFolder("compare-program-");
        using var packages = new TempFolder("compare-peers-");
        using var seeds = new Seeds();
        Console.WriteLine("MirrorAction is being published.");
        Tool[] tools =
        [
            await MirrorActionTool.PublishAsync(Checkout.Root, program.Path),
            ShellTools.Fresh(),
            ShellTools.Kept(),
            .. await PeerTools.FindAsync(packages.Path),
            .. options.Commands.Select(CommandTool.Of),
        ];
        Console.WriteLine(
            """
            The empty mirrors exist beforehand, for all tools alike. MirrorAction lists both hosts itself; all others are told what to mirror.
            The first line of each scenario comes after its repositories have been built.
            """
        );
        var run = new ComparisonRun(tools, options.Repetitions);
        var results = new List<ScenarioResult>();
        foreach (var scenario in options.Scenarios)
        {
            results.AddRange(await run.RunAsync(scenario, seeds, options.Networks));
            ComparisonOutput.Save(Measured(), options.Output); // What is interrupted has not measured for nothing.
        }

        ComparisonOutput.Write(Measured(), options.Output, options.Publish, Checkout.Root);
        return 0;

        Comparison Measured() =>
            new(
                DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                ThisMachine.Describe(),
                options.Repetitions,
                [.. tools.Select(tool => tool.About), Pipe.About],
                results
            );
    }

    private static IEnumerable<string> Names(string[]? values) =>
        (values ?? []).SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries));
}
