using System.CommandLine;
using MirrorAction.Compare.Scenarios;

namespace MirrorAction.Compare;

/// <summary>A tool from the command line.</summary>
internal sealed record NamedCommand(string Name, string Command);

/// <summary>What the command line asks for.</summary>
/// <param name="Networks">What to run over.</param>
/// <param name="Repetitions">How often.</param>
/// <param name="Scenarios">What to run.</param>
/// <param name="Commands">Tools besides the usual ones.</param>
/// <param name="Output">The folder for the results.</param>
/// <param name="Publish">Whether the results go into the documentation too.</param>
internal sealed record ComparisonOptions(
    IReadOnlyList<Network> Networks,
    int Repetitions,
    IReadOnlyList<Scenario> Scenarios,
    IReadOnlyList<NamedCommand> Commands,
    string Output,
    bool Publish
)
{
    /// <summary>Reads the command line; null when it asked for help or was not understood, and then that has been printed.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="repositoryRoot">What the default output folder lies below.</param>
    /// <param name="exitCode">What to end with when null is returned.</param>
    internal static ComparisonOptions? Parse(IReadOnlyList<string> args, string repositoryRoot, out int exitCode)
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
            DefaultValueFactory = _ => Path.Combine(repositoryRoot, "artifacts", "compare"),
            HelpName = "FOLDER",
        };
        var publish = new Option<bool>("--publish") { Description = "Write the results into the documentation as well" };
        var root = new RootCommand("Runs MirrorAction, the shell loop and other tools side by side on the same hosts")
        {
            network,
            repetitions,
            scenario,
            tool,
            output,
            publish,
        };

        ComparisonOptions? options = null;
        root.SetAction(result =>
        {
            var names = Names(result.GetValue(scenario)).ToList();
            options = new ComparisonOptions(
                [.. Network.All.Where(known => result.GetValue(network) is var name && (name == "all" || name == known.Name))],
                result.GetValue(repetitions),
                [.. ScenarioList.All.Where(known => names.Count == 0 || names.Contains(known.Name))],
                [.. (result.GetValue(tool) ?? []).Select(text => new NamedCommand(text.Split('=', 2)[0], text.Split('=', 2)[1]))],
                Path.GetFullPath(result.GetRequiredValue(output)),
                result.GetValue(publish)
            );
        });
        exitCode = root.Parse(args).Invoke();
        return options;
    }

    private static IEnumerable<string> Names(string[]? values) =>
        (values ?? []).SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries));
}
