using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Examples;

/// <summary>Workflows of three jobs, as large organisations use them: a plan, a matrix of its parts, and a report of all.</summary>
public sealed class ThreeJobTests : IAsyncLifetime
{
    private const string Shape = """
        on: { workflow_dispatch: {} }
        permissions: {}
        jobs:
          plan:
            runs-on: ubuntu-latest
            outputs:
              matrix: ${{ steps.plan.outputs.matrix }}
            steps:
              - id: plan
                uses: acme/mirror-action@v1
                with:
                  mode: plan
                  shard-count: 2
                  # What fails in the plan fails in its part too, and shall not hold up the others.
                  fail-on: never
                  github-token: ${{ secrets.MIRROR_GITHUB_TOKEN }}
                  bitbucket-workspace: acme-mirror
                  bitbucket-token: ${{ secrets.MIRROR_BITBUCKET_API_TOKEN }}
          mirror:
            needs: plan
            strategy:
              fail-fast: false
              matrix: ${{ fromJSON(needs.plan.outputs.matrix) }}
            name: Mirror ${{ matrix.shard }}
            runs-on: ubuntu-latest
            steps:
              - uses: acme/mirror-action@v1
                with:
                  shard: ${{ matrix.shard }}
                  github-token: ${{ secrets.MIRROR_GITHUB_TOKEN }}
                  bitbucket-workspace: acme-mirror
                  bitbucket-token: ${{ secrets.MIRROR_BITBUCKET_API_TOKEN }}
              - if: always()
                uses: actions/upload-artifact@330a01c490aca151604b8cf639adc76d48f6c5d4 # v5.0.0
                with:
                  name: mirror-report-${{ strategy.job-index }}
                  path: mirror-report/
          report:
            needs: mirror
            if: always()
            runs-on: ubuntu-latest
            steps:
              - uses: actions/download-artifact@018cc2cf5baa6db3ef3c5f8a56943fffe632ef53 # v6.0.0
                with:
                  pattern: mirror-report-*
                  path: reports
              - env:
                  RESULT: ${{ needs.mirror.result }}
                run: |
                  grep -ho '"source": *"acme/[A-Za-z-]*"' reports/mirror-report-*/report.json | sort
                  [ "$RESULT" = success ]
        """;

    private ExampleWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ExampleWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Parts_are_mirrored_side_by_side_and_reported_together()
    {
        var run = await _world.RunWellAsync(WorkflowParser.Parse("shape.yml", Shape), WorkflowEvent.Dispatch(ExampleWorld.Repository));

        run.Jobs.Select(job => job.Name).ShouldBe(["plan", "Mirror 1/2", "Mirror 2/2", "report"]);
        _world.ShouldMirror();
        run["report"].Log.ShouldContain("\"source\": \"acme/Website\"\n");
        run["report"].Log.ShouldContain("\"source\": \"acme/lib-core\"\n");
    }

    [Fact]
    public async Task Part_that_fails_is_reported_and_holds_no_other_up()
    {
        _world.Bitbucket.AddRepository("acme-mirror", "website").Git.Commit("README.md", "Pushed by hand");

        var run = await _world.RunAsync(WorkflowParser.Parse("shape.yml", Shape), WorkflowEvent.Dispatch(ExampleWorld.Repository));

        run.Jobs.Where(job => job.Id == "mirror").Select(job => job.Result).ShouldBe(["success", "failure"], ignoreOrder: true);
        run["report"].Result.ShouldBe("failure");
        run["report"].Log.ShouldContain("acme/Website");
        run["report"].Log.ShouldContain("acme/lib-core");
        _world.Mirrors.ShouldBe(["lib-core", "old-archive", "website"]);
    }
}
