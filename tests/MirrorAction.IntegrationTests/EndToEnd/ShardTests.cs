using System.Text.Json.Nodes;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.EndToEnd;

/// <summary>The jobs of the documented workflow: a plan that gives the matrix, the shards, one report of all.</summary>
public sealed class ShardTests
{
    [Fact]
    public async Task Plan_shards_and_joined_report_make_one_mirror()
    {
        await using var world = await ActionWorld.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            world.GitHub.AddRepository("acme", $"lib-{i:00}").Git.Commit("README.md", $"{i}\n");
        }

        // Each in a shard of its own: no shard alone sees both, and still neither is pushed.
        world.GitHub.AddRepository("acme", "website").Git.Commit("README.md", "1\n");
        world.GitHub.AddRepository("acme-labs", "website").Git.Commit("README.md", "2\n");
        world.Inputs["github-owner"] = "acme, acme-labs";

        var plan = await world.RunAsync("plan", "--shard-count", "3", "--report-dir", "plan");

        plan.ExitCode.ShouldBe(1, plan.Text);
        var matrix = JsonNode.Parse(Output(world, "matrix"))!["shard"]!.AsArray().Select(shard => (string)shard!).ToList();
        matrix.ShouldBe(["1/3", "2/3", "3/3"]);
        world.Bitbucket.Repositories.ShouldBeEmpty();

        var seen = new List<string>();
        foreach (var (shard, i) in matrix.Select((shard, i) => (shard, i)))
        {
            var run = await world.RunAsync("mirror", "--shard", shard, "--report-dir", $"mirror-report/mirror-report-{i}");
            run.ExitCode.ShouldBeOneOf(0, 1);
            world.Summary.ShouldContain($"(shard {shard})");
            var report = JsonNode.Parse(File.ReadAllText(Path.Combine(world.Workspace, "mirror-report", $"mirror-report-{i}", "report.json")))!;
            ((string?)report["shard"]).ShouldBe(shard);
            seen.AddRange(report["repositories"]!.AsArray().Select(r => (string)r!["source"]!));
        }

        seen.Count.ShouldBe(22);
        seen.Distinct().Count().ShouldBe(22);

        world.Inputs.Clear();
        world.Inputs["mode"] = "report";
        var joined = await world.RunAsync();

        joined.ExitCode.ShouldBe(1, joined.Text);
        Output(world, "repositories").ShouldBe("22");
        Output(world, "failed").ShouldBe("2");
        Output(world, "created").ShouldBe("20");
        ((string?)world.ReportOf("acme/website")["error"]!["code"]).ShouldBe("name-collision");
        ((string?)world.ReportOf("acme-labs/website")["error"]!["code"]).ShouldBe("name-collision");
        world.Bitbucket.Repositories.Select(r => r.Slug).ShouldBe(Enumerable.Range(0, 20).Select(i => $"lib-{i:00}"));
        world.Summary.ShouldContain("20 of 22 repositories are safe at Bitbucket");
        world.GitHub.Requests.ShouldBeEmpty();
        world.Bitbucket.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Plan_warns_of_more_shards_than_the_listing_leaves_room_for()
    {
        await using var world = await ActionWorld.StartAsync();
        world.GitHub.AddRepository("acme", "website").Git.Commit("README.md", "1\n");
        world.Bitbucket.LongestPage = 1;
        for (var i = 0; i < 3; i++)
        {
            world.Bitbucket.AddRepository("acme-mirror", $"other-{i}");
        }

        var plan = await world.RunAsync("plan", "--shard-count", "256");

        plan.ExitCode.ShouldBe(0, plan.Text);
        world.Bitbucket.RestRequests.Count().ShouldBe(3);
        plan.Text.ShouldContain(
            "::warning::The listing of the destination takes 3 of the 3 REST requests an hour that are the share of each of 256 shards (1000 for all). With 166 or fewer"
        );
    }

    private static string Output(ActionWorld world, string name)
    {
        var lines = world.Outputs.Split('\n');
        return lines[Array.FindIndex(lines, line => line.StartsWith(name + "<<", StringComparison.Ordinal)) + 1];
    }
}
