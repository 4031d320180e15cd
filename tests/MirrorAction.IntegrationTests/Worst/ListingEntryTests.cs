using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.IntegrationTests.Relay;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Worst;

/// <summary>One entry of a listing with something impossible in it: it fails alone, named, and is not taken for one that is gone.</summary>
public sealed class ListingEntryTests
{
    [Theory]
    [InlineData("mirror")]
    [InlineData("plan")]
    [InlineData("verify")]
    [InlineData("backup")]
    [InlineData("restore", "--drill")]
    [InlineData("doctor")]
    public async Task Impossible_entry_of_the_source_fails_alone_in_every_mode(string mode, params string[] options)
    {
        await using var world = await StartAsync(hasMoved: mode == "mirror");
        world.GitHub.Intercept = EditListing(IsGitHubListing, "name", "lib-1", entry => entry["size"] = -5);
        var before = RefsOf(world, "lib-1");

        var outcome = await world.RunAsync([mode, .. options]);

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        outcome.Output.ShouldContain("GitHub lists acme/lib-1 with something impossible");
        outcome.Output.ShouldContain("'size'");
        if (mode != "doctor")
        {
            ShouldHaveFailedAlone(world, "acme/lib-1", "'size'");
            world.Report["orphans"]!.AsArray().ShouldBeEmpty();
        }

        RefsOf(world, "lib-1").ShouldBe(before);
        if (mode == "mirror")
            RefsOf(world, "lib-0").ShouldBe(SourceRefsOf(world, "lib-0"));
    }

    public static TheoryData<string, string, string?> Values { get; } =
        new()
        {
            { "name", "\"lib/1\"", "acme/lib/1" },
            { "name", "\"\"", null },
            { "name", "5", null },
            { "id", "\"x\"", "acme/lib-1" },
            { "id", "-7", "acme/lib-1" },
            { "size", "99999999999999999999", "acme/lib-1" },
            { "description", "[]", "acme/lib-1" },
            { "archived", "\"yes\"", "acme/lib-1" },
            { "default_branch", "{}", "acme/lib-1" },
        };

    [Theory]
    [MemberData(nameof(Values))]
    public async Task Whatever_is_impossible_the_mirror_is_left_alone_and_no_orphan(string field, string json, string? name)
    {
        await using var world = await StartAsync();
        world.GitHub.Intercept = EditListing(IsGitHubListing, "name", "lib-1", entry => entry[field] = JsonNode.Parse(json));
        world.GitHub.Find("acme", "lib-1")!.Git.Commit("a", "moved\n");
        var before = RefsOf(world, "lib-1");

        var outcome = await world.RunAsync();

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        ShouldHaveFailedAlone(world, name ?? "acme/(entry 2)", $"'{field}'");
        world.Report["orphans"]!.AsArray().ShouldBeEmpty();
        RefsOf(world, "lib-1").ShouldBe(before);
        RefsOf(world, "lib-0").ShouldBe(SourceRefsOf(world, "lib-0"));

        world.GitHub.Intercept = null;
        (await world.RunAsync()).ExitCode.ShouldBe(0);
        RefsOf(world, "lib-1").ShouldBe(SourceRefsOf(world, "lib-1"));
    }

    [Theory]
    [InlineData("visibility", "\"restricted\"")]
    [InlineData("pushed_at", "\"0000-00-00T25:61:61Z\"")]
    [InlineData("size", "8589934592")]
    public async Task What_is_only_unknown_is_mirrored_and_stays_private(string field, string json)
    {
        await using var world = await StartAsync();
        world.GitHub.AddRepository("acme", "zebra").Git.Commit("a", "new\n");
        world.Inputs["destination-visibility"] = "source";
        world.GitHub.Intercept = EditListing(IsGitHubListing, "name", "zebra", entry => entry[field] = JsonNode.Parse(json));

        var outcome = await world.RunAsync();

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        world.Bitbucket.Find("acme-mirror", "zebra")!.IsPrivate.ShouldBe(field == "visibility");
    }

    [Theory]
    [InlineData("mirror")]
    [InlineData("plan")]
    [InlineData("verify")]
    [InlineData("restore", "--drill")]
    public async Task Impossible_entry_of_a_mirror_fails_its_repository_alone(string mode, params string[] options)
    {
        await using var world = await StartAsync(hasMoved: mode == "mirror");
        world.Bitbucket.Intercept = EditListing(IsBitbucketListing, "slug", "lib-1", entry => entry["size"] = -5);
        world.GitHub.Find("acme", "lib-1")!.Git.Commit("a", "moved\n");
        var before = RefsOf(world, "lib-1");

        var outcome = await world.RunAsync([mode, .. options]);

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        ShouldHaveFailedAlone(world, "acme/lib-1", "'size'");
        RefsOf(world, "lib-1").ShouldBe(before);
        world.Bitbucket.RestRequests.ShouldNotContain(r => r.Method != "GET" && r.PathAndQuery.Contains("lib-1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Impossible_entry_of_something_else_at_the_destination_is_a_warning()
    {
        await using var world = await StartAsync();
        world.Bitbucket.AddRepository("acme-mirror", "tools");
        world.Bitbucket.Intercept = EditListing(IsBitbucketListing, "slug", "tools", entry => entry["is_private"] = "perhaps");

        var outcome = await world.RunAsync();

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        world.Report["warnings"]!.AsArray().ShouldHaveSingleItem()!.ToString().ShouldContain("acme-mirror/tools (its field 'is_private'");
        await world.RunAsync("doctor");
        world.Report["findings"]!
            .AsArray()
            .ShouldContain(f => (string?)f!["check"] == "Repositories listing" && ((string)f["message"]!).Contains("acme-mirror/tools"));
    }

    [Fact]
    public async Task Restore_brings_back_all_but_the_impossible_one()
    {
        await using var world = await StartAsync();
        world.GitHub.AddAccount("acme-new");
        world.GitHub.AcceptsWrites = true;
        world.Inputs["github-owner"] = "acme-new";
        world.Inputs["github-token"] = world.GitHub.WriteToken;
        world.Bitbucket.Intercept = EditListing(IsBitbucketListing, "slug", "lib-1", entry => entry["mainbranch"] = "main");

        var outcome = await world.RunAsync("restore");

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        ShouldHaveFailedAlone(world, "acme-mirror/lib-1", "'mainbranch'");
        world.GitHub.Repositories.Where(r => r.Owner == "acme-new").Select(r => r.Name).ShouldBe(["lib-0", "lib-2"]);
    }

    private static void ShouldHaveFailedAlone(ActionWorld world, string source, string field)
    {
        var repositories = world.Report["repositories"]!.AsArray();
        var failed = repositories.Where(r => (string?)r!["status"] == "failed").ShouldHaveSingleItem()!;
        ((string?)failed["source"]).ShouldBe(source);
        ((string?)failed["error"]!["code"]).ShouldBe("protocol");
        ((string)failed["error"]!["message"]!).ShouldContain(field);
        repositories.Count.ShouldBeGreaterThan(2);
        ((string?)world.Report["result"]).ShouldBe("partial");
        world.Summary.ShouldContain(source.Split('/')[^1]);
    }

    /// <summary>Three repositories that are mirrored, one of which has moved since unless only equal ones will do.</summary>
    private static async Task<ActionWorld> StartAsync(bool hasMoved = true)
    {
        var world = await ActionWorld.StartAsync();
        for (var i = 0; i < 3; i++)
            world.GitHub.AddRepository("acme", $"lib-{i}").Git.Commit("a", $"{i}\n");
        var outcome = await world.RunAsync();
        outcome.ExitCode.ShouldBe(0, outcome.Text);
        if (hasMoved)
            world.GitHub.Find("acme", "lib-0")!.Git.Commit("a", "moved\n");
        return world;
    }

    private static IReadOnlyDictionary<string, string> RefsOf(ActionWorld world, string slug) =>
        world.Bitbucket.Find("acme-mirror", slug)!.Git.ForEachRef();

    private static IReadOnlyDictionary<string, string> SourceRefsOf(ActionWorld world, string name) =>
        world.GitHub.Find("acme", name)!.Git.ForEachRef();

    private static bool IsGitHubListing(HttpRequest request) => request.Path.Value!.EndsWith("/repos", StringComparison.Ordinal);

    private static bool IsBitbucketListing(HttpRequest request) =>
        request.Method == "GET" && request.Path.Value!.EndsWith("/repositories/acme-mirror", StringComparison.Ordinal);

    /// <summary>Changes one entry of the listing that the host gives.</summary>
    private static Interception EditListing(Func<HttpRequest, bool> which, string key, string name, Action<JsonObject> edit) =>
        Interceptions.On(
            which,
            async (context, next) =>
            {
                var body = context.Response.Body;
                using var own = new MemoryStream();
                context.Response.Body = own;
                await next();
                context.Response.Body = body;
                var page = JsonNode.Parse(own.ToArray())!;
                if ((page as JsonArray ?? page["values"] as JsonArray)?.FirstOrDefault(entry => (string?)entry![key] == name) is JsonObject entry)
                    edit(entry);
                context.Response.ContentLength = null;
                await context.Response.WriteAsync(page.ToJsonString(), context.RequestAborted);
            }
        );
}
