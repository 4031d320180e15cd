using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Examples;

/// <summary>Both hosts with a small organisation, and workflows of <c>acme/mirror</c> that run the real program between them.</summary>
public sealed class ExampleWorld : IAsyncDisposable
{
    /// <summary>The repository that holds the workflows.</summary>
    public const string Repository = "acme/mirror";

    private readonly WorkflowRunner _runner;

    private ExampleWorld(SandboxGitHub gitHub, SandboxBitbucket bitbucket)
    {
        GitHub = gitHub;
        Bitbucket = bitbucket;
        Workflows = new WorkflowWorld
        {
            MirrorAction = async (environment, folder) =>
            {
                var outcome = await ActionProcess.RunAsync([], environment, folder);
                return new ProgramOutcome(outcome.ExitCode, outcome.Text);
            },
            ApiUrl = gitHub.ApiUrl,
            ServerUrl = gitHub.ServerUrl,
            Token = gitHub.PublicToken,
            MirrorInputs = new Dictionary<string, string>
            {
                ["bitbucket-api-url"] = bitbucket.ApiUrl.AbsoluteUri,
                ["bitbucket-git-url"] = bitbucket.GitUrl.AbsoluteUri,
                ["create-interval"] = "0ms",
            },
        };
        Workflows.Secrets["MIRROR_GITHUB_TOKEN"] = gitHub.FullToken;
        Workflows.Secrets["MIRROR_BITBUCKET_API_TOKEN"] = bitbucket.Token;
        _runner = new WorkflowRunner(Workflows);
    }

    public SandboxGitHub GitHub { get; }

    public SandboxBitbucket Bitbucket { get; }

    public WorkflowWorld Workflows { get; }

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
        var gitHub = await SandboxGitHub.StartAsync();
        foreach (var name in (string[])["Website", "lib-core", "old-archive"])
            gitHub.AddRepository("acme", name).Git.Commit("README.md", name);
        gitHub.Find("acme", "lib-core")!.Private = true;
        return new ExampleWorld(gitHub, await SandboxBitbucket.StartAsync());
    }

    /// <summary>A file of the folder <c>examples</c>.</summary>
    public static Workflow Example(string name) => WorkflowParser.Load(Checkout.PathOf("examples", name));

    /// <summary>Runs a workflow; only requests from now on are recorded.</summary>
    public async Task<WorkflowRun> RunAsync(Workflow workflow, WorkflowEvent e)
    {
        GitHub.ClearRequests();
        Bitbucket.ClearRequests();
        return await _runner.RunAsync(workflow, e);
    }

    /// <summary>Runs a workflow in which every job that runs must end well, and which shows no secret.</summary>
    public async Task<WorkflowRun> RunWellAsync(Workflow workflow, WorkflowEvent e)
    {
        var run = await RunAsync(workflow, e);
        run.Result.ShouldBe("success", run.ToString());
        var shown = string.Join('\n', run.Log.Split('\n').Where(line => !line.StartsWith("::add-mask::", StringComparison.Ordinal)));
        foreach (var secret in Workflows.Secrets.Values)
            shown.ShouldNotContain(secret);
        return run;
    }

    /// <summary>Holds the mirrors against the sources.</summary>
    public void ShouldMirror() => MirrorComparison.Compare(GitHub, "acme", Bitbucket, "acme-mirror").ShouldBeEmpty();

    public async ValueTask DisposeAsync()
    {
        _runner.Dispose();
        await GitHub.DisposeAsync();
        await Bitbucket.DisposeAsync();
    }
}
