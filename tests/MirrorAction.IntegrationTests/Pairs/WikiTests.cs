using System.Text.Json.Nodes;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Pairs;

/// <summary>Wikis, from the mirror to the restore: at a host that has no wikis, and at hosts that have their own.</summary>
public sealed class WikiTests
{
    private static readonly string[] s_wikis = ["--wikis", "true"];

    [Fact]
    public async Task Wiki_goes_to_a_repository_beside_the_mirror_where_the_destination_has_no_wikis()
    {
        await using var world = await PairWorld.StartAsync("github", "bitbucket");
        var website = world.Source.Add("Website");
        website.Commit("a", "code\n");
        var wiki = website.AddWiki();
        wiki.Commit("Home.md", "welcome\n", "master");
        world.Source.Add("docs").Commit("a", "docs\n");

        // The plan writes nothing; a wiki that has no page makes nothing and fails nothing.
        await RunWellAsync(world, "plan");
        EntryOf(world, "acme/Website.wiki")["destination"]!.GetValue<string>().ShouldBe("acme-mirror/website.wiki");
        world.Destination.Repositories.ShouldBeEmpty();

        await RunWellAsync(world, "mirror");
        Names(world.Destination).ShouldBe(["docs", "website", "website.wiki"]);
        ReasonOf(world, "acme/docs.wiki").ShouldBe(("skipped", "no-wiki"));
        var mirror = world.Destination["website.wiki"];
        mirror.Git.BranchesAndTags().ShouldBe(wiki.BranchesAndTags());
        mirror.IsPrivate.ShouldBeTrue();
        var mark = world.Destination["website"].Description;
        mirror.Description.ShouldBe(mark.Replace("acme/Website ", "acme/Website.wiki ", StringComparison.Ordinal));
        ((int)world.Report["totals"]!["repositories"]!, (int)world.Report["totals"]!["created"]!).ShouldBe((4, 3));
        world.Report["orphans"]!.AsArray().ShouldBeEmpty();

        // A page that changes, and history that is rewritten: by the same rules as any repository.
        var old = wiki.Git("rev-parse", "master");
        wiki.UpdateRef("refs/heads/master", wiki.Git("commit-tree", "master^{tree}", "-m", "another beginning"));
        await RunWellAsync(world, "mirror");
        ReasonOf(world, "acme/Website.wiki").Status.ShouldBe("mirrored");
        mirror.Git.ForEachRef("refs/tags/mirror-kept").Values.ShouldContain(old);
        await RunWellAsync(world, "verify");
        await RunWellAsync(world, "restore", "--drill");
        await RunWellAsync(world, "backup", "--backup-dir", "bundles");
        EntryOf(world, "acme/Website.wiki")["destination"]!.GetValue<string>().ShouldStartWith("acme/Website.wiki/full-");
        ReasonOf(world, "acme/docs.wiki").ShouldBe(("skipped", "no-wiki"));
        await RunWellAsync(world, "backup", "--check", "--backup-dir", "bundles");
        EntryOf(world, "acme/Website.wiki")["verified"]!.GetValue<bool>().ShouldBeTrue();

        // Gone at the source, the mirror stays, and is no orphan; without the input nothing is said of it.
        Directory.Delete(wiki.Path, recursive: true);
        await RunWellAsync(world, "mirror");
        ReasonOf(world, "acme/Website.wiki").ShouldBe(("skipped", "no-wiki"));
        EntryOf(world, "acme/Website.wiki")["warnings"]!
            .AsArray()
            .ShouldHaveSingleItem()!
            .GetValue<string>()
            .ShouldContain("acme-mirror/website.wiki stays");
        mirror.Git.HasRef("refs/heads/master").ShouldBeTrue();
        (await world.RunAsync("mirror")).ExitCode.ShouldBe(0);
        world.Report["repositories"]!.AsArray().Count.ShouldBe(2);
        world.Report["orphans"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Wiki_goes_to_the_wiki_of_the_mirror_where_the_destination_has_one()
    {
        const string branch = "master";
        await using var world = await PairWorld.StartAsync("github", "gitlab");
        var website = world.Source.Add("website");
        website.Commit("a", "code\n");
        var wiki = website.AddWiki(branch);
        wiki.Commit("Home.md", "welcome\n", branch);
        world.Source.Add("docs").Commit("a", "docs\n");

        await RunWellAsync(world, "plan");
        ReasonOf(world, "acme/website.wiki").Status.ShouldBe("planned");
        await RunWellAsync(world, "mirror");

        Names(world.Destination).ShouldBe(["docs", "website"]);
        Tips(world.Destination["website"].Git.FindWiki()!, branch).ShouldBe(Tips(wiki, branch));
        world.Destination["docs"].Git.FindWiki().ShouldBeNull();
        ReasonOf(world, "acme/docs.wiki").ShouldBe(("skipped", "no-wiki"));
        wiki.Commit("More.md", "more\n", branch);
        await RunWellAsync(world, "mirror");
        Tips(world.Destination["website"].Git.FindWiki()!, branch).ShouldBe(Tips(wiki, branch));
        await RunWellAsync(world, "verify");
    }

    [Theory]
    [InlineData("bitbucket", "Those with pages are mirrored into a repository <name>.wiki beside the mirror.")]
    [InlineData("gitlab", "Those with pages are mirrored into the wiki that GitLab has for the mirror.")]
    public async Task Doctor_says_where_wikis_go(string destination, string place)
    {
        await using var world = await PairWorld.StartAsync("github", destination);
        world.Source.Add("website").Commit("a", "code\n");
        world.Source.Add("docs").Commit("a", "docs\n");

        var outcome = await world.RunAsync(["doctor", .. s_wikis]);

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        outcome.Text.ShouldContain("2 of the selected have a wiki switched on, which says nothing of pages.");
        outcome.Text.ShouldContain(place);
        (await world.RunAsync("doctor")).Text.ShouldContain("wikis are not mirrored, which 'wikis: true' changes.");
    }

    [Fact]
    public async Task Wiki_comes_back_once_its_first_page_was_made_by_hand()
    {
        await using var world = await PairWorld.StartAsync("github", "bitbucket");
        var website = world.Source.Add("website");
        website.Commit("a", "code\n");
        var wiki = website.AddWiki();
        wiki.Commit("Home.md", "welcome\n", "master");
        await RunWellAsync(world, "mirror");

        await using var rebuilt = await SandboxHost.StartAsync("github", "acme-new");
        world.PointSourceAt(rebuilt);

        // GitHub has no wiki before its first page: that fails the wiki, says what to do, and nothing else.
        var outcome = await world.RunAsync(["restore", .. s_wikis]);
        outcome.ExitCode.ShouldBe(1, outcome.Text);
        rebuilt["website"].Git.BranchesAndTags().ShouldBe(website.BranchesAndTags());
        var entry = EntryOf(world, "acme-mirror/website.wiki");
        ((string?)entry["status"], (string?)entry["error"]!["code"]).ShouldBe(("failed", "destination-not-found"));
        ((string?)entry["error"]!["hint"])!.ShouldContain("/acme-new/website/wiki");

        rebuilt["website"].Git.AddWiki().Commit("Home.md", "by hand\n", "master");
        await RunWellAsync(world, "restore", "--adopt", "true");
        Tips(rebuilt["website"].Git.FindWiki()!, "master").ShouldBe(Tips(wiki, "master"));

        // Without the input the mirrors of wikis become no repositories.
        (await world.RunAsync("restore")).ExitCode.ShouldBe(0);
        Names(rebuilt).ShouldBe(["website"]);
    }

    private static Task RunWellAsync(PairWorld world, params string[] arguments) => world.RunWellAsync([.. arguments, .. s_wikis]);

    private static JsonNode EntryOf(PairWorld world, string source) =>
        world.Report["repositories"]!.AsArray().Single(r => (string?)r!["source"] == source)!;

    private static (string? Status, string? Reason) ReasonOf(PairWorld world, string source) =>
        ((string?)EntryOf(world, source)["status"], (string?)EntryOf(world, source)["reason"]);

    private static string[] Names(SandboxHost host) => [.. host.Repositories.Select(copy => copy.Name).Order(StringComparer.Ordinal)];

    private static string Tips(GitRepository repository, string branch) => repository.Git("rev-parse", $"refs/heads/{branch}");
}
