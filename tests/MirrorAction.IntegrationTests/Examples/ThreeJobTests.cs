using System.Text.Json.Nodes;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Examples;

/// <summary>The workflow of large organisations: a plan, a matrix of its parts, and a report of all. Artifacts are folders that are moved.</summary>
public sealed class ThreeJobTests : IAsyncLifetime
{
    private static readonly WorkflowFile s_sharded = ExampleWorld.Example("sharded.yml");

    private readonly TempFolder _artifacts = new("artifacts-");
    private ExampleWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ExampleWorld.StartAsync();

    public ValueTask DisposeAsync()
    {
        _artifacts.Dispose();
        return _world.DisposeAsync();
    }

    [Fact]
    public async Task Parts_are_mirrored_side_by_side_and_reported_together()
    {
        (await RunPartsAsync()).ShouldAllBe(exitCode => exitCode == 0);

        (await _world.ReportAsync(s_sharded, _artifacts)).ShouldBe(0);
        _world.ShouldMirror();
        _world.Output("repositories").ShouldBe("3");
        _world.Output("mirrored").ShouldBe("3");
    }

    [Fact]
    public async Task Part_that_fails_is_reported_and_holds_no_other_up()
    {
        _world.Bitbucket.AddRepository("acme-mirror", "website").Git.Commit("README.md", "Pushed by hand");

        (await RunPartsAsync()).ShouldBe([0, 0, 0, 1], ignoreOrder: true);

        (await _world.ReportAsync(s_sharded, _artifacts)).ShouldBe(1);
        _world.Output("result").ShouldBe("partial");
        _world.Output("failed").ShouldBe("1");
        _world.Summary.ShouldContain("acme/Website");
        _world.Mirrors.ShouldBe(["lib-core", "old-archive", "website"]);
    }

    /// <summary>The jobs <c>plan</c> and <c>mirror</c>; how the parts ended.</summary>
    private async Task<List<int>> RunPartsAsync()
    {
        await _world.RunWellAsync(s_sharded["plan"]);
        var shards = JsonNode.Parse(_world.Output("matrix"))!["shard"]!.AsArray().Select(shard => (string)shard!).ToList();
        shards.ShouldBe(["1/4", "2/4", "3/4", "4/4"]);
        s_sharded.TextAt("jobs", "mirror", "strategy", "matrix").ShouldBe("${{ fromJSON(needs.plan.outputs.matrix) }}");
        s_sharded.TextAt("jobs", "mirror", "strategy", "fail-fast").ShouldBe("false"); // Else GitHub would cancel the others.

        var mirror = s_sharded.Jobs.Single(job => job.Id == "mirror").Steps[0];
        var keep = s_sharded["Keep the report of this shard"].With;
        List<int> ended = [];
        foreach (var (shard, i) in shards.Select((shard, i) => (shard, i)))
        {
            _world.EmptyWorkspace();
            ended.Add((await _world.RunAsync(mirror, ("matrix.shard", shard))).ExitCode);
            Directory.Move(Path.Combine(_world.Workspace, keep["path"].TrimEnd('/')), _artifacts[WorkflowStep.Fill(keep["name"], _ => $"{i}")]);
        }

        return ended;
    }
}
