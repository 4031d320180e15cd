using System.Text.Json.Nodes;
using MirrorAction.IntegrationTests.Relay;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.EndToEnd;

/// <summary>Rule 15: a renamed source keeps its mirror, from the plan to the restore; and what became of sources that are gone is told.</summary>
public sealed class RenameTests : IAsyncLifetime
{
    private ActionWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ActionWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Plan_shows_it_mirror_does_it_and_verify_and_restore_go_by_the_new_name()
    {
        var website = Add("website");
        await RunAsync("mirror");
        var mirror = Mirror("website");
        website.Git.ResetHard("main", website.Git.Commit("README.md", "rewritten\n", "elsewhere"));
        _world.GitHub.Rename(website, "Site");

        var plan = await RunAsync("plan");
        Renamed("acme/Site").ShouldBe(("acme-mirror/website", "acme-mirror/site"));
        _world.Bitbucket.Requests.ShouldNotContain(request => request.Method != "GET");
        plan.Output.ShouldContain("acme-mirror/website -> acme-mirror/site: would be renamed");
        _world.Summary.ShouldContain("### Would be renamed (1)");

        var verify = await RunAsync("verify", exitCode: 1); // The source was rewritten; the mirror is there.
        ((string?)_world.ReportOf("acme/Site")["destination"], (string?)_world.ReportOf("acme/Site")["status"]).ShouldBe(
            ("acme-mirror/website", "different")
        );
        verify.Output.ShouldContain("is to be renamed by the next run of mirror");

        var outcome = await RunAsync("mirror");
        Renamed("acme/Site").ShouldBe(("acme-mirror/website", "acme-mirror/site"));
        outcome.Output.ShouldContain("acme-mirror/website -> acme-mirror/site: renamed, as its source acme/website is called acme/Site now");
        _world.Summary.ShouldContain("acme-mirror/website → [acme-mirror/site]");
        _world.Bitbucket.Repositories.ShouldHaveSingleItem().ShouldBe(mirror);
        (mirror.Slug, mirror.Description).ShouldBe(("site", $"Mirror of github.com/acme/Site (id {website.Id})"));
        RelayWorld.Mirrored(mirror.Git).ShouldBe(RelayWorld.Mirrored(website.Git), ignoreOrder: true);
        _world.Report["warnings"].ShouldBeNull();
        ((string?)_world.ReportOf("acme/Site")["changes"]![0]!["foreign"]).ShouldBeNull();

        _world.GitHub.AddAccount("acme-new");
        _world.GitHub.AcceptsWrites = true;
        _world.Inputs["github-token"] = _world.GitHub.WriteToken;
        _world.Inputs["github-owner"] = "acme-new";
        await RunAsync("restore");
        _world.GitHub.Find("acme-new", "Site").ShouldNotBeNull();
    }

    [Fact]
    public async Task Run_that_breaks_off_in_the_middle_of_a_swap_is_taken_up_by_the_next()
    {
        var (left, right) = (Add("left"), Add("right"));
        await RunAsync("mirror");
        var mirrors = _world.Bitbucket.Repositories.ToDictionary(mirror => mirror.Slug);
        _world.GitHub.Rename(left, "between");
        _world.GitHub.Rename(right, "left");
        _world.GitHub.Rename(left, "right");
        var puts = 0;
        _world.Bitbucket.Intercept = async (context, next) =>
        {
            // From the second renaming on nothing answers any more, not even for the way back.
            if (context.Request.Method == "PUT" && ++puts > 1)
                context.Response.StatusCode = 403;
            else
                await next();
        };

        await RunAsync("mirror");

        // One waits under a temporary name, the other under its former one; both are mirrored into.
        mirrors.Values.Select(mirror => mirror.Slug).ShouldBe(["left", $"mirror-renaming-{right.Id}"], ignoreOrder: true);
        _world.Report["repositories"]!.AsArray().ShouldAllBe(entry => entry!["warnings"]!.ToJsonString().Contains("keeps its name"));

        _world.Bitbucket.Intercept = null;
        right.Git.Commit("README.md", "more\n");
        await RunAsync("mirror");

        (mirrors["left"].Slug, mirrors["right"].Slug).ShouldBe(("right", "left"));
        RelayWorld.Mirrored(mirrors["right"].Git).ShouldBe(RelayWorld.Mirrored(right.Git), ignoreOrder: true);
        RelayWorld.Mirrored(mirrors["left"].Git).ShouldBe(RelayWorld.Mirrored(left.Git), ignoreOrder: true);
        _world.Report["repositories"]!.AsArray().ShouldAllBe(entry => entry!["warnings"] == null);
    }

    [Fact]
    public async Task Orphans_are_told_apart_by_one_request_each()
    {
        Add("website");
        var (given, gone, hidden) = (Add("given"), Add("gone"), Add("hidden"));
        await RunAsync("mirror");
        _world.GitHub.Transfer(given, "umbrella");
        _world.GitHub.Remove(gone);
        _world.GitHub.Rename(hidden, "put-away");
        _world.Inputs["exclude"] = "put-away";

        var outcome = await RunAsync("mirror");

        _world.Report["orphans"]!.AsArray().Select(o => (string?)o).ShouldBe(["acme-mirror/given", "acme-mirror/gone", "acme-mirror/hidden"]);
        _world.Report["orphanSources"]!
            .AsArray()
            .Select(o => ((string?)o!["source"], (string?)o["fate"], (string?)o["now"]))
            .ShouldBe([("acme/given", "transferred", "umbrella/given"), ("acme/gone", "gone", null), ("acme/hidden", "renamed", "acme/put-away")]);
        outcome.Output.ShouldContain(
            "acme-mirror/given is a mirror without a source: acme/given was transferred to umbrella/given; it is left as it is."
        );
        _world.Summary.ShouldContain("acme/given was transferred to umbrella/given");
        _world.GitHub.Requests.Count(request => request.Path.Contains("/repositories/", StringComparison.Ordinal)).ShouldBe(2);
        _world.Bitbucket.Requests.ShouldNotContain(request => request.Method == "PUT" || request.Method == "DELETE");
    }

    private (string?, string?) Renamed(string source)
    {
        var entry = _world.ReportOf(source);
        return ((string?)entry["renamedFrom"], (string?)entry["destination"]);
    }

    private SandboxGitHubRepository Add(string name)
    {
        var repository = _world.GitHub.AddRepository("acme", name);
        repository.Git.Commit("README.md", $"{name}\n");
        return repository;
    }

    private SandboxBitbucketRepository Mirror(string slug) => _world.Bitbucket.Find("acme-mirror", slug).ShouldNotBeNull();

    private async Task<ActionOutcome> RunAsync(string mode, int exitCode = 0)
    {
        _world.Inputs["mode"] = mode;
        var outcome = await _world.RunAsync();
        outcome.ExitCode.ShouldBe(exitCode, outcome.Text);
        return outcome;
    }
}
