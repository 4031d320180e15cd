using System.Text.Json.Nodes;

namespace MirrorAction.IntegrationTests.Examples;

/// <summary>The examples that prove a mirror, back it up and bring it back.</summary>
public sealed class ProofTests : IAsyncLifetime
{
    private ExampleWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await ExampleWorld.StartAsync();
        _world.Values["inputs.deep || false"] = "false";
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Verify_is_green_while_both_sides_are_equal_and_writes_nothing()
    {
        await _world.RunWellAsync(ExampleWorld.Example("schedule.yml")["mirror"]);
        LeaveNoReport();

        await _world.RunWellAsync(ExampleWorld.Example("verify.yml")["verify"]);

        _world.Output("unchanged").ShouldBe("3");
        _world.Summary.ShouldContain("✅ 3 of 3 repositories are safe at Bitbucket");
        _world.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Verify_is_red_when_they_differ_and_says_since_when_at_most()
    {
        await _world.RunWellAsync(ExampleWorld.Example("schedule.yml")["mirror"]);
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
        LeaveNoReport();
        var folder = ScriptTests.DownloadFolder(); // Where the step before it puts the last report.
        Directory.CreateDirectory(Path.Combine(_world.Workspace, folder));
        File.WriteAllText(Path.Combine(_world.Workspace, folder, "report.json"), last.ToJsonString());

        (await _world.RunAsync(ExampleWorld.Example("verify.yml")["verify"])).ExitCode.ShouldBe(1);

        _world.Output("different").ShouldBe("1");
        _world.Summary.ShouldContain("❌ 2 of 3 repositories are safe at Bitbucket");
        _world.Summary.ShouldContain("refs/heads/main (other value)");
        _world.Summary.ShouldMatch(@"verified \d+ days ago");
        _world.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Verify_reads_every_object_when_the_form_says_so()
    {
        await _world.RunWellAsync(ExampleWorld.Example("schedule.yml")["mirror"]);

        await _world.RunWellAsync(ExampleWorld.Example("verify.yml")["verify"], ("inputs.deep || false", "true"));

        _world.Summary.ShouldContain("Verify, every object");
    }

    [Fact]
    public async Task Drill_brings_back_what_was_just_mirrored_and_leaves_nothing_behind()
    {
        var steps = ExampleWorld.Example("drill.yml").Steps.Where(step => step.IsMirror).ToList();
        foreach (var step in steps)
            await _world.RunWellAsync(step);

        steps.Count.ShouldBe(2);
        _world.ShouldMirror();
        _world.Summary.ShouldContain("3 of 3 repositories are recoverable from Bitbucket");
    }

    [Fact]
    public async Task Backup_writes_bundles_and_checks_them_without_a_word_to_Bitbucket()
    {
        var workflow = ExampleWorld.Example("backup.yml");

        await _world.RunWellAsync(workflow["backup"]);
        _world.Output("mirrored").ShouldBe("3");
        _world.Summary.ShouldContain("/full-");
        _world.Bitbucket.Requests.ShouldBeEmpty();

        await _world.RunWellAsync(workflow["Check every bundle"]);
        _world.Summary.ShouldContain("3 of 3 repositories are whole in the backup");
        _world.Bitbucket.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("true", 0)]
    [InlineData("false", 1)]
    public async Task Restore_writes_to_GitHub_only_when_the_form_says_so(string dryRun, int restored)
    {
        await _world.RunWellAsync(ExampleWorld.Example("schedule.yml")["mirror"]);
        _world.GitHub.AddAccount("acme-new");
        _world.GitHub.AcceptsWrites = true;
        var restore = ExampleWorld.Example("restore.yml");
        restore.Form.Single(input => input.Name == "dry-run").Default.ShouldBe("true");

        await _world.RunWellAsync(
            restore["restore"],
            [
                .. restore.Form.Select(input => ($"inputs.{input.Name}", input.Default ?? "")),
                ("inputs.owner", "acme-new"),
                ("inputs.repositories", "Website"),
                ("inputs.dry-run", dryRun),
                ("secrets.RESTORE_GITHUB_TOKEN", _world.GitHub.FullToken),
            ]
        );

        _world.Output("created").ShouldBe("1");
        _world.GitHub.Repositories.Count(repository => repository.Owner == "acme-new").ShouldBe(restored);
        _world.Writes.ShouldBeEmpty();
    }

    /// <summary>Another job begins with an empty workspace.</summary>
    private void LeaveNoReport() => Directory.Delete(Path.Combine(_world.Workspace, "mirror-report"), recursive: true);
}
