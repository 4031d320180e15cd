using System.Text.Json.Nodes;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Examples;

/// <summary>The workflow with two destinations: a job for each, and a report of both. Artifacts are folders that are moved.</summary>
public sealed class FanOutTests : IAsyncLifetime
{
    private static readonly WorkflowFile s_fanOut = ExampleWorld.Example("fan-out.yml");

    private readonly TempFolder _artifacts = new("artifacts-");
    private ExampleWorld _world = null!;
    private SandboxGitLab _gitLab = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await ExampleWorld.StartAsync();
        _gitLab = await SandboxGitLab.StartAsync();
        _gitLab.AddGroup("acme-mirror");
        _world.Values["secrets.MIRROR_GITLAB_TOKEN"] = _gitLab.Token;
    }

    public async ValueTask DisposeAsync()
    {
        _artifacts.Dispose();
        await _gitLab.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task Both_destinations_are_mirrored_and_reported_together()
    {
        (await RunAsync("bitbucket")).ShouldBe(0);
        (await RunAsync("gitlab")).ShouldBe(0);

        (await _world.ReportAsync(s_fanOut, _artifacts)).ShouldBe(0);
        _world.ShouldMirror();
        _gitLab.Projects.Select(project => project.Path).Order().ShouldBe(["lib-core", "old-archive", "website"]);
        _world.Output("repositories").ShouldBe("6");
        _world.Output("mirrored").ShouldBe("6");
        var report = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_world.Workspace, "mirror-report", "report.json")))!;
        report["destinations"]!
            .AsArray()
            .Select(to => $"{to!["workspace"]} at {to["host"]}")
            .ShouldBe(["acme-mirror at bitbucket", "acme-mirror at gitlab"]);
        report["repositories"]!
            .AsArray()
            .Where(repository => (string?)repository!["source"] == "acme/Website")
            .Select(repository => (string?)repository!["at"])
            .ShouldBe(["acme-mirror at bitbucket", "acme-mirror at gitlab"]);
        _world.Summary.ShouldContain("acme-mirror at gitlab");
    }

    [Fact]
    public async Task Destination_that_could_not_be_reached_fails_the_report_and_no_other_destination()
    {
        (await RunAsync("bitbucket")).ShouldBe(0);
        _world.Values["secrets.MIRROR_GITLAB_TOKEN"] = "glpat-not-a-token-of-this-place";
        (await RunAsync("gitlab")).ShouldBe(3);

        (await _world.ReportAsync(s_fanOut, _artifacts)).ShouldBe(1);
        _world.ShouldMirror();
        _world.Output("result").ShouldBe("partial");
    }

    /// <summary>One of the jobs that mirror; how it ended.</summary>
    private async Task<int> RunAsync(string job)
    {
        var steps = s_fanOut.Jobs.Single(j => j.Id == job).Steps;
        _world.EmptyWorkspace();
        _world.TestInputs.Remove("destination-url");
        if (job == "gitlab")
            _world.TestInputs["destination-url"] = _gitLab.Url.AbsoluteUri;
        var outcome = await _world.RunAsync(steps[0]);
        outcome.ExitCode.ShouldNotBe(2, outcome.Text);
        Directory.Move(Path.Combine(_world.Workspace, steps[1].With["path"].TrimEnd('/')), _artifacts[steps[1].With["name"]]);
        return outcome.ExitCode;
    }
}
