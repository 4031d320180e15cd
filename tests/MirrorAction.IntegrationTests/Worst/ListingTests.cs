using Microsoft.AspNetCore.Http;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Worst;

/// <summary>A list of repositories that is not what it should be: what is not listed is not gone.</summary>
public sealed class ListingTests
{
    [Fact]
    public async Task Listing_that_fails_midway_ends_the_run_before_anything_is_written() =>
        // Side by side, because the program waits between its attempts.
        await Task.WhenAll(
            FailAsync("github", "network", Status(500)),
            FailAsync("github", "network", CutAsync),
            FailAsync("github", "protocol", Malformed),
            FailAsync("bitbucket", "network", Status(502)),
            FailAsync("bitbucket", "protocol", Malformed)
        );

    [Fact]
    public async Task Empty_listing_is_a_failure_and_touches_no_mirror()
    {
        await using var world = await StartAsync();
        foreach (var repository in world.GitHub.Repositories)
            world.GitHub.Remove(repository);
        var before = RefsOf(world);

        var outcome = await world.RunAsync();

        outcome.ExitCode.ShouldBe(3, outcome.Text);
        ((string?)world.Report["error"]!["code"]).ShouldBe("source-not-found");
        outcome.Output.ShouldContain("an empty listing is not taken for an empty organisation");
        world.Summary.ShouldContain("nothing could be done");
        ShouldHaveWrittenNothing(world, before);
    }

    [Fact]
    public async Task Listing_that_shrank_deletes_nothing_and_names_the_mirrors_without_a_source()
    {
        await using var world = await StartAsync();
        foreach (var repository in world.GitHub.Repositories.Where(r => r.Name is not ("lib-0" or "zebra")))
            repository.Private = true;
        world.Inputs["github-token"] = world.GitHub.PublicToken;
        var before = RefsOf(world);

        var outcome = await world.RunAsync();

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        string[] orphans = [.. Enumerable.Range(1, 4).Select(i => $"acme-mirror/lib-{i}")];
        world.Report["orphans"]!.AsArray().Select(o => (string?)o).ShouldBe(orphans);
        foreach (var orphan in orphans)
        {
            outcome.Output.ShouldContain($"{orphan} is a mirror without a source: acme/{orphan.Split('/')[1]} was deleted, or is out of reach");
            world.Summary.ShouldContain(orphan);
        }

        outcome.Output.ShouldContain("No private repository of acme was listed");
        var after = RefsOf(world);
        foreach (var orphan in orphans)
            after[orphan].ShouldBe(before[orphan]);
        after["acme-mirror/lib-0"].ShouldNotBe(before["acme-mirror/lib-0"]);
        world.Bitbucket.Requests.ShouldNotContain(r => r.Method == "DELETE");
    }

    private static async Task FailAsync(string host, string code, Interception fault)
    {
        await using var world = await StartAsync();
        var before = RefsOf(world);
        Interception onSecondPage = (context, next) => context.Request.Query["page"] == "2" ? fault(context, next) : next();
        world.GitHub.LongestPage = world.Bitbucket.LongestPage = 2;
        if (host == "github")
            world.GitHub.Intercept = onSecondPage;
        else
            world.Bitbucket.Intercept = onSecondPage;

        var outcome = await world.RunAsync();

        outcome.ExitCode.ShouldBe(3, outcome.Text);
        var error = world.Report["error"]!;
        ((string?)error["code"]).ShouldBe(code, $"{host}: {error["message"]}");
        ((string)error["message"]!).ShouldStartWith(host, Case.Insensitive);
        outcome.Output.ShouldContain("::error");
        world.Summary.ShouldContain("nothing could be done");
        ((int)world.Report["totals"]!["repositories"]!).ShouldBe(0);
        ShouldHaveWrittenNothing(world, before);

        world.GitHub.Intercept = world.Bitbucket.Intercept = null;
        var next = await world.RunAsync();
        next.ExitCode.ShouldBe(0, next.Text);
        MirrorComparison.Compare(world.GitHub, "acme", world.Bitbucket, "acme-mirror").ShouldBeEmpty();
    }

    /// <summary>Five repositories that are mirrored, one of which has moved since, and a sixth that is new: there is something to do.</summary>
    private static async Task<ActionWorld> StartAsync()
    {
        var world = await ActionWorld.StartAsync();
        for (var i = 0; i < 5; i++)
            world.GitHub.AddRepository("acme", $"lib-{i}").Git.Commit("a", $"{i}\n");
        var outcome = await world.RunAsync();
        outcome.ExitCode.ShouldBe(0, outcome.Text);
        world.GitHub.Find("acme", "lib-0")!.Git.Commit("a", "moved\n");
        world.GitHub.AddRepository("acme", "zebra").Git.Commit("a", "new\n");
        return world;
    }

    private static Dictionary<string, string> RefsOf(ActionWorld world) =>
        world.Bitbucket.Repositories.ToDictionary(r => r.FullName, r => string.Join('\n', r.Git.ForEachRef().Select(e => $"{e.Value} {e.Key}")));

    private static void ShouldHaveWrittenNothing(ActionWorld world, Dictionary<string, string> before)
    {
        world.Bitbucket.Requests.ShouldAllBe(r => r.Method == "GET");
        RefsOf(world).ShouldBe(before);
        world.GitHub.WriteAttempts.ShouldBeEmpty();
    }

    private static Interception Status(int status) => Relay.Interceptions.Answer(status, TestKit.Faults.BadGateway, "text/html");

    private static readonly Interception Malformed = Relay.Interceptions.Answer(200, """[{"id":7,"name":"lib""", "application/json");

    private static async Task CutAsync(HttpContext context, Func<Task> next)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = 10_000;
        await context.Response.Body.WriteAsync("""[{"id":7,"name":"lib"""u8.ToArray(), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    }
}
