using System.Text.Json.Nodes;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Examples;

/// <summary>The examples that prove a mirror, back it up and bring it back.</summary>
public sealed class ProofTests : IAsyncLifetime
{
    private static readonly WorkflowEvent s_byTheClock = WorkflowEvent.Schedule(ExampleWorld.Repository);

    private ExampleWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ExampleWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Verify_is_green_while_both_sides_are_equal_and_writes_nothing()
    {
        await _world.RunWellAsync(ExampleWorld.Example("schedule.yml"), s_byTheClock);
        using var gh = new RecordingProgram("gh", exitCode: 1); // There is no report yet.
        _world.Workflows.Programs = gh.Folder;

        var run = await _world.RunWellAsync(ExampleWorld.Example("verify.yml"), s_byTheClock);

        run["verify"]["Fetch the last report of the mirror"].Outcome.ShouldBe("failure");
        run["verify"]["verify"].Outputs["unchanged"].ShouldBe("3");
        run["verify"]["verify"].Summary.ShouldContain(": 3 of 3 equal");
        _world.Writes.ShouldBeEmpty();
        gh.Arguments.ShouldBe(["run", "download", "--repo", ExampleWorld.Repository, "--name", "mirror-report", "--dir", "mirror-report"]);
    }

    [Fact]
    public async Task Verify_is_red_when_they_differ_and_says_since_when_at_most()
    {
        await _world.RunWellAsync(ExampleWorld.Example("schedule.yml"), s_byTheClock);
        _world.GitHub.Find("acme", "Website")!.Git.Commit("README.md", "Newer");
        var last = new JsonObject
        {
            ["schemaVersion"] = 1,
            ["mode"] = "mirror",
            ["version"] = "1.0.0",
            ["startedAt"] = "2026-01-01T02:00:00Z",
            ["durationMs"] = 1000,
            ["result"] = "success",
            ["source"] = new JsonObject { ["host"] = "github", ["owners"] = new JsonArray("acme") },
            ["destination"] = new JsonObject { ["host"] = "bitbucket", ["workspace"] = "acme-mirror" },
            ["totals"] = new JsonObject { ["repositories"] = 1, ["unchanged"] = 1 },
            ["repositories"] = new JsonArray(
                new JsonObject
                {
                    ["source"] = "acme/Website",
                    ["destination"] = "acme-mirror/website",
                    ["status"] = "unchanged",
                    ["verified"] = true,
                }
            ),
        };
        using var gh = new RecordingProgram("gh", script: $"mkdir -p mirror-report && printf %s '{last.ToJsonString()}' >mirror-report/report.json");
        _world.Workflows.Programs = gh.Folder;

        var run = await _world.RunAsync(ExampleWorld.Example("verify.yml"), s_byTheClock);

        run.Result.ShouldBe("failure");
        var verify = run["verify"]["verify"];
        verify.Outputs["different"].ShouldBe("1");
        verify.Summary.ShouldContain("1 of 3 differs");
        verify.Summary.ShouldContain("refs/heads/main (other value)");
        verify.Summary.ShouldMatch(@"verified \d+ days ago");
        run["verify"]["Keep the report"].Outcome.ShouldBe("success");
        _world.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Verify_reads_every_object_when_the_form_says_so()
    {
        await _world.RunWellAsync(ExampleWorld.Example("schedule.yml"), s_byTheClock);
        using var gh = new RecordingProgram("gh", exitCode: 1);
        _world.Workflows.Programs = gh.Folder;

        var run = await _world.RunWellAsync(
            ExampleWorld.Example("verify.yml"),
            WorkflowEvent.Dispatch(ExampleWorld.Repository, new Dictionary<string, string> { ["deep"] = "true" })
        );

        run["verify"]["verify"].Summary.ShouldContain("Verify, every object");
    }

    [Fact]
    public async Task Drill_brings_back_what_was_just_mirrored_and_leaves_nothing_behind()
    {
        var run = await _world.RunWellAsync(ExampleWorld.Example("drill.yml"), s_byTheClock);

        _world.ShouldMirror();
        run.ConcurrencyGroup.ShouldBe("mirror");
        run["drill"]["drill"].Summary.ShouldContain("3 of 3 came back equal, recovery time ");
        run["drill"]["Keep the reports"].Outcome.ShouldBe("success");
    }

    [Fact]
    public async Task Backup_writes_bundles_and_checks_them_without_a_word_to_Bitbucket()
    {
        var run = await _world.RunWellAsync(ExampleWorld.Example("backup.yml"), s_byTheClock);

        run["backup"]["backup"].Outputs["mirrored"].ShouldBe("3");
        run["backup"]["backup"].Summary.ShouldContain("/full-");
        run["backup"]["Check every bundle"].Summary.ShouldContain(": 3 of 3 whole");
        _world.Bitbucket.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("true", 0)]
    [InlineData("false", 1)]
    public async Task Restore_writes_to_GitHub_only_when_the_form_says_so(string dryRun, int restored)
    {
        await _world.RunWellAsync(ExampleWorld.Example("schedule.yml"), s_byTheClock);
        _world.GitHub.AddAccount("acme-new");
        _world.GitHub.AcceptsWrites = true;
        _world.Workflows.Secrets["RESTORE_GITHUB_TOKEN"] = _world.GitHub.FullToken;
        var form = new Dictionary<string, string> { ["owner"] = "acme-new", ["repositories"] = "Website" };
        if (dryRun == "false")
            form["dry-run"] = "false";

        var run = await _world.RunWellAsync(ExampleWorld.Example("restore.yml"), WorkflowEvent.Dispatch(ExampleWorld.Repository, form));

        run["restore"].Name.ShouldBe(dryRun == "true" ? "Dry run" : "Restore");
        run["restore"]["restore"].Outputs["created"].ShouldBe("1");
        _world.GitHub.Repositories.Count(repository => repository.Owner == "acme-new").ShouldBe(restored);
        _world.Writes.ShouldBeEmpty();
    }
}
