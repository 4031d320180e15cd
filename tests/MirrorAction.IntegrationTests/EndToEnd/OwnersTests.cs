using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.EndToEnd;

/// <summary>Several owners in one run.</summary>
public sealed class OwnersTests
{
    [Fact]
    public async Task Repositories_of_both_owners_are_mirrored_and_both_are_named()
    {
        await using var world = await ActionWorld.StartAsync();
        Add(world, "acme", "website");
        Add(world, "acme-labs", "probe");
        world.Inputs["github-owner"] = "acme, acme-labs";

        var run = await world.RunAsync();

        run.ExitCode.ShouldBe(0, run.Text);
        world.Report["source"]!["owners"]!.AsArray().Select(owner => (string?)owner).ShouldBe(["acme", "acme-labs"]);
        world.Report["repositories"]!.AsArray().Select(r => (string?)r!["source"]).ShouldBe(["acme/website", "acme-labs/probe"]);
        MirrorComparison.Compare(world.GitHub, "acme", world.Bitbucket, "acme-mirror").ShouldBeEmpty();
        MirrorComparison.Compare(world.GitHub, "acme-labs", world.Bitbucket, "acme-mirror").ShouldBeEmpty();
        world.Summary.ShouldContain("acme, acme-labs → acme-mirror");
    }

    [Fact]
    public async Task Equal_names_of_two_owners_collide_and_nothing_is_pushed_to_either()
    {
        await using var world = await ActionWorld.StartAsync();
        Add(world, "acme", "website");
        Add(world, "acme", "api");
        Add(world, "acme-labs", "Website");
        world.Inputs["github-owner"] = "acme\nacme-labs";

        var run = await world.RunAsync();

        run.ExitCode.ShouldBe(1, run.Text);
        ((string?)world.ReportOf("acme/website")["error"]!["code"]).ShouldBe("name-collision");
        ((string?)world.ReportOf("acme-labs/Website")["error"]!["message"])!.ShouldContain("acme/website");
        ((string?)world.ReportOf("acme/api")["status"]).ShouldBe("mirrored");
        world.Bitbucket.Repositories.Select(r => r.Slug).ShouldBe(["api"]);
        world.Bitbucket.GitRequests.ShouldNotContain(r => r.Path.Contains("website", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Only_mirrors_of_these_owners_are_orphans()
    {
        await using var world = await ActionWorld.StartAsync();
        Add(world, "acme", "website");
        Add(world, "acme-labs", "probe");
        foreach (var (slug, owner) in new[] { ("gone", "acme"), ("gone-too", "acme-labs"), ("of-another", "acme-shop") })
        {
            world.Bitbucket.AddRepository("acme-mirror", slug).Description = $"Mirror of github.com/{owner}/{slug} (id 77)";
        }

        world.Inputs["github-owner"] = "acme,acme-labs";

        var run = await world.RunAsync();

        run.ExitCode.ShouldBe(0, run.Text);
        world.Report["orphans"]!.AsArray().Select(orphan => (string?)orphan).ShouldBe(["acme-mirror/gone", "acme-mirror/gone-too"]);
    }

    [Fact]
    public async Task Owner_without_a_reachable_repository_is_named_and_nothing_is_written()
    {
        await using var world = await ActionWorld.StartAsync();
        Add(world, "acme", "website");
        world.GitHub.AddAccount("acme-labs");
        world.Inputs["github-owner"] = "acme,acme-labs";

        var run = await world.RunAsync();

        run.ExitCode.ShouldBe(3, run.Text);
        run.Text.ShouldContain("The credentials reach no repository of 'acme-labs' at all");
        world.Bitbucket.Repositories.ShouldBeEmpty();
    }

    [Fact]
    public async Task Owners_that_are_not_there_are_named_all_at_once()
    {
        await using var world = await ActionWorld.StartAsync();
        Add(world, "acme", "website");
        world.GitHub.AddAccount("acme-labs");
        world.Inputs["github-owner"] = "acme-typo,acme,acme-labs";

        var run = await world.RunAsync();

        run.ExitCode.ShouldBe(3, run.Text);
        var error = world.Report["error"]!;
        ((string?)error["code"]).ShouldBe("source-not-found");
        ((string)error["message"]!).ShouldContain("acme-typo");
        ((string)error["message"]!).ShouldContain("The credentials reach no repository of 'acme-labs' at all");
        ((string)error["hint"]!).ShouldContain("no organisation or user acme-typo");
        world.Bitbucket.Repositories.ShouldBeEmpty();
    }

    [Fact]
    public async Task One_account_under_two_names_is_one()
    {
        await using var world = await ActionWorld.StartAsync();
        Add(world, "acme", "website");

        // The host still knows the owner's former name, and lists the same repositories under it.
        world.GitHub.AddAccount("acme-former");
        world.GitHub.Intercept = (context, next) =>
        {
            context.Request.Path = context.Request.Path.Value!.Replace("acme-former", "acme", StringComparison.Ordinal);
            return next();
        };
        world.Inputs["github-owner"] = "acme,acme-former";

        var run = await world.RunAsync();

        run.ExitCode.ShouldBe(0, run.Text);
        world.Report["repositories"]!.AsArray().Select(r => (string?)r!["source"]).ShouldBe(["acme/website"]);
    }

    private static void Add(ActionWorld world, string owner, string name) =>
        world.GitHub.AddRepository(owner, name).Git.Commit("README.md", $"{owner}/{name}\n");
}
