using System.Diagnostics;
using MirrorAction.Benchmarks.Compare.Measuring;
using MirrorAction.Benchmarks.Compare.Results;
using MirrorAction.Benchmarks.Compare.Scenarios;
using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks.Compare.Tools;

/// <summary>The program as users run it: published, as native code, and given the action's inputs as a container is.</summary>
internal sealed class MirrorActionTool : Tool
{
    private readonly string _program;

    /// <summary>The program as it was published before.</summary>
    internal MirrorActionTool(string program, string version)
    {
        _program = program;
        About = new ToolResult("mirror-action", "MirrorAction", version, "lists both hosts, relays packs from one to the other");
    }

    internal override ToolResult About { get; }

    internal override bool KeepsClones => false;

    /// <summary>Publishes the program into a folder.</summary>
    /// <param name="repositoryRoot">Where the sources are.</param>
    /// <param name="folder">Where the program goes.</param>
    internal static async Task<MirrorActionTool> PublishAsync(string repositoryRoot, string folder)
    {
        await RunAsync(
            "dotnet",
            "publish",
            Path.Combine(repositoryRoot, "src", "MirrorAction"),
            "--configuration",
            "Release",
            "--output",
            folder,
            "--nologo",
            "--verbosity",
            "quiet"
        );
        var program = Path.Combine(folder, "mirror-action");
        return new MirrorActionTool(program, (await RunAsync(program, "--version")).Split(' ')[^1]);
    }

    internal override MeasuredProcess In(World world, RunFolder folder)
    {
        var environment = SandboxInputs
            .Between(world.GitHub, world.Bitbucket)
            .ToDictionary(input => SandboxInputs.VariableOf(input.Key), input => input.Value);
        environment["GITHUB_ACTIONS"] = "true";
        environment["GITHUB_WORKSPACE"] = folder.Work;
        environment["GITHUB_OUTPUT"] = Empty(folder["output"]);
        environment["GITHUB_STEP_SUMMARY"] = Empty(folder["summary"]);
        return new MeasuredProcess([_program], folder.Work, environment);
    }

    private static string Empty(string file)
    {
        File.WriteAllText(file, "");
        return file;
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output.Trim()
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.\n{output}");
    }
}
