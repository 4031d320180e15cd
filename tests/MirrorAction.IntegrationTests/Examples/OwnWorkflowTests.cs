using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Examples;

/// <summary>The workflow of README.md, and those that this repository runs or that stand for a shape.</summary>
public sealed class OwnWorkflowTests : IAsyncLifetime
{
    private ExampleWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ExampleWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Workflow_of_the_readme_mirrors_everything()
    {
        var workflow = DocumentedYaml.Of("README.md").Single(block => block.IsWorkflow).Check();

        await _world.RunWellAsync(workflow, WorkflowEvent.Schedule(ExampleWorld.Repository));

        _world.ShouldMirror();
        workflow.HasNoPermissions.ShouldBeTrue();
    }

    [Theory]
    [InlineData("true", "*", 0)]
    [InlineData("false", "Website", 1)]
    public async Task Workflow_of_this_repository_mirrors_or_plans(string dryRun, string repositories, int mirrors)
    {
        _world.Workflows.Secrets["MIRROR_BITBUCKET_USERNAME"] = "acme-mirror";
        var form = new Dictionary<string, string> { ["dry-run"] = dryRun, ["repositories"] = repositories };

        var run = await _world.RunWellAsync(
            WorkflowParser.Load(Checkout.PathOf(".github", "workflows", "mirror-all.yml")),
            WorkflowEvent.Dispatch(ExampleWorld.Repository, form)
        );

        _world.Mirrors.Count().ShouldBe(mirrors);
        run["mirror"]["Keep the report"].Outcome.ShouldBe("success");
    }

    [Fact]
    public async Task Workflow_of_this_repository_mirrors_everything_by_the_clock()
    {
        _world.Workflows.Secrets["MIRROR_BITBUCKET_USERNAME"] = "acme-mirror";

        await _world.RunWellAsync(
            WorkflowParser.Load(Checkout.PathOf(".github", "workflows", "mirror-all.yml")),
            WorkflowEvent.Schedule(ExampleWorld.Repository)
        );

        _world.ShouldMirror();
    }

    [Fact]
    public async Task Check_up_writes_nothing_and_reads_the_other_workflows()
    {
        foreach (var name in (string[])["doctor.yml", "on-push.yml", "schedule.yml"])
            _world.Workflows.Files[$".github/workflows/{name}"] = File.ReadAllText(Checkout.PathOf("examples", name));

        var run = await _world.RunWellAsync(ExampleWorld.Example("doctor.yml"), WorkflowEvent.Dispatch(ExampleWorld.Repository));

        run.Log.ShouldContain("no mirror yet");
        run.Log.ShouldContain("GitHub disables the schedule of schedule.yml after 60 days");
        run.Log.ShouldNotContain("doctor.yml");
        _world.Writes.ShouldBeEmpty();
        _world.Mirrors.ShouldBeEmpty();
    }
}
