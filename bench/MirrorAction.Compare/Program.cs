using System.Globalization;
using MirrorAction.Compare;
using MirrorAction.Compare.Measuring;
using MirrorAction.Compare.Results;
using MirrorAction.Compare.Scenarios;
using MirrorAction.Compare.Tools;
using MirrorAction.TestKit;

// MirrorAction, other tools and the floor side by side; see bench/README.md.
var repositoryRoot = RepositoryRoot.Find();
if (ComparisonOptions.Parse(args, repositoryRoot, out var exitCode) is not { } options)
    return exitCode;
if (!OperatingSystem.IsLinux())
{
    Console.Error.WriteLine("bench/compare runs on Linux only: it reads from /proc what the tools take.");
    return 2;
}

using var program = new TempFolder("compare-program-");
using var seeds = new Seeds();
Console.WriteLine("MirrorAction is being published.");
Tool[] tools =
[
    await MirrorActionTool.PublishAsync(repositoryRoot, program.Path),
    ShellTools.Fresh(),
    ShellTools.Kept(),
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

ComparisonOutput.Write(Measured(), options.Output, options.Publish, repositoryRoot);
return 0;

Comparison Measured() =>
    new(
        DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ThisMachine.Describe(),
        options.Repetitions,
        [.. tools.Select(tool => tool.About), Pipe.About],
        results
    );
