using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Examples;

/// <summary>The workflow of large organisations: a plan, a matrix of its parts, and a report of all.</summary>
public sealed class ThreeJobTests : IAsyncLifetime
{
    private static readonly Workflow s_sharded = ExampleWorld.Example("sharded.yml");

    private ExampleWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ExampleWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Parts_are_mirrored_side_by_side_and_reported_together()
    {
        var run = await _world.RunWellAsync(s_sharded, WorkflowEvent.Schedule(ExampleWorld.Repository));

        run.Jobs.Select(job => job.Name).ShouldBe(["Plan", "Mirror 1/4", "Mirror 2/4", "Mirror 3/4", "Mirror 4/4", "Report"]);
        _world.ShouldMirror();
        run["report"]["report"].Outputs["repositories"].ShouldBe("3");
        run["report"]["report"].Outputs["mirrored"].ShouldBe("3");
    }

    [Fact]
    public async Task Part_that_fails_is_reported_and_holds_no_other_up()
    {
        _world.Bitbucket.AddRepository("acme-mirror", "website").Git.Commit("README.md", "Pushed by hand");

        var run = await _world.RunAsync(s_sharded, WorkflowEvent.Dispatch(ExampleWorld.Repository));

        run.Jobs.Where(job => job.Id == "mirror").Select(job => job.Result).ShouldBe(["success", "success", "success", "failure"], ignoreOrder: true);
        run["report"].Result.ShouldBe("failure");
        run["report"]["report"].Outputs["result"].ShouldBe("partial");
        run["report"]["report"].Outputs["failed"].ShouldBe("1");
        run["report"].Log.ShouldContain("acme/Website");
        _world.Mirrors.ShouldBe(["lib-core", "old-archive", "website"]);
    }
}
