using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Examples;

/// <summary>Both hosts with a small organisation, and the program called as a step of a workflow calls it.</summary>
public sealed class ExampleWorld : IAsyncDisposable
{
    private readonly ActionWorld _world;

    private ExampleWorld(ActionWorld world)
    {
        _world = world;
        TestInputs = world
            .Inputs.Where(input => input.Key is "bitbucket-api-url" or "bitbucket-git-url" or "create-interval")
            .ToDictionary(StringComparer.Ordinal);
        world.Environment["GITHUB_REPOSITORY_OWNER"] = "acme";
        world.Environment["GITHUB_API_URL"] = GitHub.ApiUrl.AbsoluteUri;
        world.Environment["GITHUB_SERVER_URL"] = GitHub.ServerUrl.AbsoluteUri;
        Values = new(StringComparer.Ordinal)
        {
            ["github.token"] = GitHub.PublicToken,
            ["secrets.MIRROR_GITHUB_TOKEN"] = GitHub.FullToken,
            ["secrets.MIRROR_GITHUB_TOKEN || github.token"] = GitHub.FullToken,
            ["secrets.MIRROR_BITBUCKET_API_TOKEN"] = Bitbucket.Token,
            ["secrets.MIRROR_BITBUCKET_USERNAME"] = "acme-mirror",
            ["secrets.MIRROR_BITBUCKET_EMAIL"] = "",
        };
    }

    public SandboxGitHub GitHub => _world.GitHub;

    public SandboxBitbucket Bitbucket => _world.Bitbucket;

    public string Workspace => _world.Workspace;

    public string Summary => _world.Summary;

    /// <summary>What each expression of a step is; a step with any other can't be called.</summary>
    public Dictionary<string, string> Values { get; }

    /// <summary>What a test needs and an example cannot know.</summary>
    public Dictionary<string, string> TestInputs { get; }

    /// <summary>What was written to the destination: REST's changes and pushes.</summary>
    public IEnumerable<RecordedRequest> Writes =>
        Bitbucket.Requests.Where(request => request.IsPush || (!request.IsGit && request.Method is not ("GET" or "HEAD")));

    /// <summary>The slugs of the repositories that git asked for at the destination.</summary>
    public IEnumerable<string> Touched =>
        Bitbucket.GitRequests.Select(request => request.Path.Split('/')[2].Replace(".git", "", StringComparison.Ordinal)).Distinct().Order();

    /// <summary>The slugs of all mirrors.</summary>
    public IEnumerable<string> Mirrors => Bitbucket.Repositories.Select(repository => repository.Slug);

    /// <summary>Starts it with two public repositories and a private one.</summary>
    public static async Task<ExampleWorld> StartAsync()
    {
        var world = await ActionWorld.StartAsync();
        foreach (var name in (string[])["Website", "lib-core", "old-archive"])
            world.GitHub.AddRepository("acme", name).Git.Commit("README.md", name);
        world.GitHub.Find("acme", "lib-core")!.Private = true;
        return new ExampleWorld(world);
    }

    /// <summary>A file of the folder <c>examples</c>.</summary>
    public static WorkflowFile Example(string name) => WorkflowFile.Load("examples", name);

    /// <summary>Calls the program with the inputs and variables of a step, its expressions filled in; no secret may be shown.</summary>
    public async Task<ActionOutcome> RunAsync(WorkflowStep step, params (string Expression, string Value)[] values)
    {
        step.IsMirror.ShouldBeTrue();
        foreach (var (expression, value) in values)
            Values[expression] = value;
        _world.Inputs.Clear();
        _world.Inputs["github-token"] = GitHub.PublicToken; // The default of action.yml.
        foreach (var (name, value) in TestInputs.Concat(step.With))
            _world.Inputs[name] = Fill(value);
        foreach (var (name, value) in step.Env)
            _world.Environment[name] = Fill(value);

        var outcome = await _world.RunAsync();
        var shown = string.Join('\n', outcome.Text.Split('\n').Where(line => !line.StartsWith("::add-mask::", StringComparison.Ordinal)));
        foreach (var secret in (string[])[GitHub.PublicToken, GitHub.FullToken, Bitbucket.Token])
            shown.ShouldNotContain(secret);
        return outcome;
    }

    /// <summary>The same, and the step must end well.</summary>
    public async Task<ActionOutcome> RunWellAsync(WorkflowStep step, params (string Expression, string Value)[] values)
    {
        var outcome = await RunAsync(step, values);
        outcome.ExitCode.ShouldBe(0, outcome.Text);
        return outcome;
    }

    /// <summary>The job <c>report</c> of a workflow, behind those that left artifacts; how it ended.</summary>
    public async Task<int> ReportAsync(WorkflowFile workflow, TempFolder artifacts)
    {
        var report = workflow.Jobs.Single(job => job.Id == "report");
        report.If.ShouldBe("always()"); // Above all when one of the others failed.
        var download = report.Steps.Single(step => step.Uses?.StartsWith("actions/download-artifact@", StringComparison.Ordinal) == true).With;
        EmptyWorkspace();
        var folder = Directory.CreateDirectory(Path.Combine(Workspace, download["path"])).FullName;
        foreach (var artifact in Directory.GetDirectories(artifacts.Path, download["pattern"]))
            Directory.Move(artifact, Path.Combine(folder, Path.GetFileName(artifact)));
        return (await RunAsync(workflow["report"])).ExitCode;
    }

    /// <summary>Each job begins with an empty workspace.</summary>
    public void EmptyWorkspace()
    {
        Directory.Delete(Workspace, recursive: true);
        Directory.CreateDirectory(Workspace);
    }

    /// <summary>An output of the last step.</summary>
    public string Output(string name)
    {
        var lines = _world.Outputs.Split('\n');
        return lines[Array.FindIndex(lines, line => line.StartsWith(name + "<<", StringComparison.Ordinal)) + 1];
    }

    /// <summary>Holds the mirrors against the sources.</summary>
    public void ShouldMirror() => MirrorComparison.Compare(GitHub, "acme", Bitbucket, "acme-mirror").ShouldBeEmpty();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private string Fill(string text) =>
        WorkflowStep.Fill(text, expression => Values.TryGetValue(expression, out var value) ? value : throw new KeyNotFoundException(expression));
}
