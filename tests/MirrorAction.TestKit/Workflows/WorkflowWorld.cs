using System.Text.Json.Nodes;

namespace MirrorAction.TestKit;

/// <summary>Runs a program with this environment and nothing else in this folder, and waits for its end.</summary>
public delegate Task<ProgramOutcome> WorkflowProgram(IReadOnlyDictionary<string, string> environment, string folder);

/// <summary>How a program ended and all that it printed.</summary>
public sealed record ProgramOutcome(int ExitCode, string Text);

/// <summary>What lies around a workflow: the server, its secrets, the action's program, other workflows.</summary>
public sealed class WorkflowWorld
{
    /// <summary>The action's program, which gets its inputs by the environment.</summary>
    public required WorkflowProgram MirrorAction { get; init; }

    /// <summary>Where <c>GITHUB_API_URL</c> points, as on the runner of an Enterprise Server.</summary>
    public required Uri ApiUrl { get; init; }

    /// <summary>Where <c>GITHUB_SERVER_URL</c> points.</summary>
    public required Uri ServerUrl { get; init; }

    /// <summary>The workflow's own token.</summary>
    public required string Token { get; init; }

    /// <summary>Inputs of the action that every step gets unless it says otherwise: what a test needs and an example cannot know.</summary>
    public IReadOnlyDictionary<string, string> MirrorInputs { get; init; } = new Dictionary<string, string>();

    /// <summary>The secrets of the repository and its organisation.</summary>
    public Dictionary<string, string> Secrets { get; } = [];

    /// <summary>What <c>actions/checkout</c> puts into the workspace, by relative path.</summary>
    public Dictionary<string, string> Files { get; } = [];

    /// <summary>Workflows that can be called, by what stands behind <c>uses</c>.</summary>
    public Dictionary<string, Workflow> Callable { get; } = [];

    /// <summary>A folder whose programs shadow those of the machine in <c>run</c> steps; null for none.</summary>
    public string? Programs { get; set; }

    /// <summary>The context <c>github</c> of an event.</summary>
    internal JsonObject GitHubOf(WorkflowEvent e, Workflow workflow) =>
        new()
        {
            ["actor"] = "octocat",
            ["api_url"] = ApiUrl.AbsoluteUri,
            ["event"] = e.Payload.DeepClone(),
            ["event_name"] = e.Name,
            ["ref"] = e.Ref,
            ["ref_name"] = e.Ref.Split('/')[^1],
            ["ref_type"] = e.Ref.StartsWith("refs/tags/", StringComparison.Ordinal) ? "tag" : "branch",
            ["repository"] = e.Repository,
            ["repository_owner"] = e.Owner,
            ["run_attempt"] = "1",
            ["run_id"] = "1",
            ["run_number"] = "1",
            ["server_url"] = ServerUrl.AbsoluteUri,
            ["sha"] = new string('0', 40),
            ["token"] = Token,
            ["triggering_actor"] = "octocat",
            ["workflow"] = workflow.Name,
        };
}
