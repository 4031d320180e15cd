using System.Text.Json.Nodes;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.EndToEnd;

/// <summary>Both hosts, and the program between them, run as GitHub's runner runs it.</summary>
public sealed class ActionWorld : IAsyncDisposable
{
    private readonly TempFolder _folder = new("action-");

    private ActionWorld(SandboxGitHub gitHub, SandboxBitbucket bitbucket)
    {
        GitHub = gitHub;
        Bitbucket = bitbucket;
        Workspace = _folder.CreateFolder("workspace");
        Inputs = SandboxInputs.Between(gitHub, bitbucket);
    }

    public SandboxGitHub GitHub { get; }

    public SandboxBitbucket Bitbucket { get; }

    public string Workspace { get; }

    /// <summary>The action's inputs; change them before a run.</summary>
    public Dictionary<string, string> Inputs { get; }

    /// <summary>Where a shell sends the program's output; empty for the test itself.</summary>
    public string Redirection { get; set; } = "";

    /// <summary>Further environment variables.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    public string Summary => File.ReadAllText(_folder["summary"]);

    public string Outputs => File.ReadAllText(_folder["output"]);

    /// <summary>The report, which fits its schema.</summary>
    public JsonNode Report
    {
        get
        {
            var json = File.ReadAllText(Path.Combine(Workspace, "mirror-report", "report.json"));
            SchemaCheck.ProblemsOf(json, "report.schema.json").ShouldBeEmpty();
            return JsonNode.Parse(json)!;
        }
    }

    public static async Task<ActionWorld> StartAsync()
    {
        var gitHub = await SandboxGitHub.StartAsync();
        gitHub.AddAccount("acme");
        return new ActionWorld(gitHub, await SandboxBitbucket.StartAsync());
    }

    /// <summary>Runs the action and waits for its end.</summary>
    /// <summary>What is to start the program, such as strace with its options; null for nothing.</summary>
    public IReadOnlyList<string>? Under { get; set; }

    public async Task<ActionOutcome> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        return await process.WaitAsync();
    }

    public ActionProcess Start(params string[] arguments)
    {
        GitHub.ClearRequests();
        Bitbucket.ClearRequests();
        File.WriteAllText(_folder["summary"], "");
        File.WriteAllText(_folder["output"], "");
        var environment = new Dictionary<string, string>(Environment)
        {
            ["GITHUB_ACTIONS"] = "true",
            ["CI"] = "true",
            ["GITHUB_WORKSPACE"] = Workspace,
            ["GITHUB_STEP_SUMMARY"] = _folder["summary"],
            ["GITHUB_OUTPUT"] = _folder["output"],
        };
        foreach (var (name, value) in Inputs)
        {
            environment[SandboxInputs.VariableOf(name)] = value;
        }

        return ActionProcess.Start(arguments, environment, Workspace, Redirection, Under);
    }

    /// <summary>The report's entry of a repository.</summary>
    public JsonNode ReportOf(string source) => Report["repositories"]!.AsArray().Single(r => (string?)r!["source"] == source)!;

    public async ValueTask DisposeAsync()
    {
        await GitHub.DisposeAsync();
        await Bitbucket.DisposeAsync();
        _folder.Dispose();
    }
}
