using MirrorAction.Benchmarks.Compare.Measuring;
using MirrorAction.Benchmarks.Compare.Results;
using MirrorAction.Benchmarks.Compare.Scenarios;

namespace MirrorAction.Benchmarks.Compare.Tools;

/// <summary>A command that bash runs. These variables tell it what to mirror:</summary>
/// <remarks>
/// <list type="table">
/// <item><c>COMPARE_REPOSITORIES</c>: a file with a line for each repository: name, URL of the source, URL of the mirror; both URLs with user and
/// token.</item>
/// <item><c>COMPARE_FOLDER</c>: an empty folder to work in, which is also the current one.</item>
/// <item><c>COMPARE_CLONES</c>: a folder that holds, but for first mirrors, a bare mirror clone <c>NAME.git</c> of each source as it was at the last
/// run.</item>
/// <item><c>COMPARE_SOURCE_URL</c>, <c>COMPARE_SOURCE_API_URL</c>, <c>COMPARE_SOURCE_OWNER</c>, <c>COMPARE_SOURCE_TOKEN</c>: the source, for tools
/// that list by themselves.</item>
/// <item><c>COMPARE_DESTINATION_URL</c>, <c>COMPARE_DESTINATION_API_URL</c>, <c>COMPARE_DESTINATION_WORKSPACE</c>, <c>COMPARE_DESTINATION_TOKEN</c>:
/// the destination.</item>
/// </list>
/// git finds no configuration of the machine or of the user, and asks for no password.
/// </remarks>
internal sealed class CommandTool(ToolResult about, string command, bool keepsClones) : Tool
{
    /// <summary>A tool from the command line; its version is not known.</summary>
    internal static CommandTool Of(NamedCommand named) =>
        new(new ToolResult(named.Name, named.Name, "", named.Command), named.Command, keepsClones: true);

    internal override ToolResult About => about;

    internal override bool KeepsClones => keepsClones;

    internal override MeasuredProcess In(World world, RunFolder folder) =>
        new(
            ["bash", "-c", command],
            folder.Work,
            new Dictionary<string, string>
            {
                ["COMPARE_REPOSITORIES"] = folder.Repositories,
                ["COMPARE_FOLDER"] = folder.Work,
                ["COMPARE_CLONES"] = folder.Clones,
                ["COMPARE_SOURCE_URL"] = world.GitHub.ServerUrl.AbsoluteUri.TrimEnd('/'),
                ["COMPARE_SOURCE_API_URL"] = world.GitHub.ApiUrl.AbsoluteUri.TrimEnd('/'),
                ["COMPARE_SOURCE_OWNER"] = World.Owner,
                ["COMPARE_SOURCE_TOKEN"] = world.GitHub.FullToken,
                ["COMPARE_DESTINATION_URL"] = world.Bitbucket.GitUrl.AbsoluteUri.TrimEnd('/'),
                ["COMPARE_DESTINATION_API_URL"] = world.Bitbucket.ApiUrl.AbsoluteUri.TrimEnd('/'),
                ["COMPARE_DESTINATION_WORKSPACE"] = World.Workspace,
                ["COMPARE_DESTINATION_TOKEN"] = world.Bitbucket.Token,
                ["GIT_CONFIG_GLOBAL"] = "/dev/null",
                ["GIT_CONFIG_NOSYSTEM"] = "1",
                ["GIT_TERMINAL_PROMPT"] = "0",
            }
        );
}
