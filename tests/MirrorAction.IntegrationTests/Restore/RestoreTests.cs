using System.Security.Cryptography;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Restore;

/// <summary>The way back, from the mirror's workspace to a new owner at GitHub, by the real program.</summary>
public sealed class RestoreTests
{
    private static string Mirrored(string slug) => $"acme-mirror/{slug}";

    [Fact]
    public async Task Whole_organisation_comes_back_with_every_ref()
    {
        await using var world = await RestoreWorld.StartAsync();
        SampleOrganization.Seed(world.GitHub);
        await world.MirrorAsync();
        var mirrored = world.GitHub.Repositories.Where(repository => repository is { Owner: "acme", Fork: false, Disabled: false }).ToArray();

        await world.RestoreAsync();

        world.Restored.Select(repository => repository.Name).ShouldBe(mirrored.Select(repository => repository.Name), ignoreOrder: true);
        foreach (var original in mirrored)
            world.ShouldBeRestored(original);
        var entry = world.Action.ReportOf(Mirrored("website"));
        ((string?)entry["destination"]).ShouldBe("acme-new/Website");
        ((string?)entry["status"]).ShouldBe("mirrored");
        ((bool)entry["created"]!).ShouldBeTrue();
        ((bool)entry["verified"]!).ShouldBeTrue();
        ((string?)world.Action.ReportOf(Mirrored("empty"))["reason"]).ShouldBe("empty");
        ((string?)world.Action.Report["mode"]).ShouldBe("restore");
        ((string?)world.Action.Report["source"]!["host"]).ShouldBe("bitbucket");
        ((string?)world.Action.Report["source"]!["owners"]![0]).ShouldBe("acme-mirror");
        ((string?)world.Action.Report["destination"]!["host"]).ShouldBe("github");
        ((string?)world.Action.Report["destination"]!["workspace"]).ShouldBe("acme-new");
    }

    [Fact]
    public async Task Second_restore_changes_nothing()
    {
        await using var world = await RestoreWorld.MirroredAsync("One", "Two");
        await world.RestoreAsync();

        await world.RestoreAsync();

        ((int)world.Action.Report["totals"]!["unchanged"]!).ShouldBe(2);
        world.GitHub.Requests.ShouldNotContain(request => request.IsPush && request.Method == "POST");
        world.GitHub.RestRequests.ShouldAllBe(request => request.Method == "GET");
    }

    [Fact]
    public async Task Description_comes_from_the_mirrors_report_and_outlives_a_stopped_restore()
    {
        await using var world = await RestoreWorld.StartAsync();
        var original = world.GitHub.AddRepository("acme", "Tools");
        original.Description = "What we work with";
        original.Git.Commit("a", "1\n");
        await world.MirrorAsync();

        // The first try does not finish, and its report takes the place of the mirror's.
        world.GitHub.Faults.Next(
            10,
            403,
            """{"message":"Resource not accessible by integration"}""",
            "application/json",
            request => request.Method == "PATCH"
        );
        await world.RestoreAsync(exitCode: 1);
        world.Find("Tools").Description.ShouldBe("Unfinished restore of bitbucket.org/acme-mirror/tools");
        world.GitHub.Faults.Clear();

        await world.RestoreAsync();

        world.ShouldBeRestored(original);
    }

    [Fact]
    public async Task Work_in_a_repository_whose_restore_did_not_finish_is_not_overwritten()
    {
        await using var world = await RestoreWorld.MirroredAsync("Tools");
        world.GitHub.Faults.Next(
            10,
            403,
            """{"message":"Resource not accessible by integration"}""",
            "application/json",
            request => request.Method == "PATCH"
        );
        await world.RestoreAsync(exitCode: 1);
        world.GitHub.Faults.Clear();
        var work = world.Find("Tools").Git.Commit("new", "work of this morning\n");

        await world.RestoreAsync(exitCode: 1);

        ((string?)world.Action.ReportOf("acme-mirror/tools")["error"]!["code"]).ShouldBe("not-a-mirror");
        world.Find("Tools").Git.BranchesAndTags()["refs/heads/main"].ShouldBe(work);

        world.Action.Inputs["adopt"] = "true";
        await world.RestoreAsync();
        world.Find("Tools").Git.ForEachRef("refs/tags/mirror-kept/").Values.ShouldBe([work]);
    }

    [Fact]
    public async Task Without_the_mirrors_report_it_says_that_descriptions_are_lost()
    {
        await using var world = await RestoreWorld.MirroredAsync("Website");
        File.Delete(Path.Combine(world.Action.Workspace, "mirror-report", "report.json"));

        var outcome = await world.RestoreAsync();

        outcome.Text.ShouldContain("the repositories come back without their descriptions");
        ((string?)world.Action.Report["warnings"]![0]).ShouldNotBeNull().ShouldContain("previous-report");
    }

    [Fact]
    public async Task Mirror_whose_description_was_changed_is_known_from_the_report_and_else_by_its_slug()
    {
        await using var world = await RestoreWorld.MirroredAsync("Website", "API");
        world.Bitbucket.Find("acme-mirror", "website")!.Description = "changed by hand";
        world.Bitbucket.AddRepository("acme-mirror", "foreign").Git.Commit("x", "y\n");

        await world.RestoreAsync();

        world.Restored.Select(repository => repository.Name).ShouldBe(["API", "Website", "foreign"], ignoreOrder: true);
        world.Action.ReportOf(Mirrored("website"))["warnings"].ShouldBeNull();
        ((string?)world.Action.ReportOf(Mirrored("foreign"))["warnings"]![0]).ShouldNotBeNull().ShouldContain("restored under its slug, foreign");
    }

    [Fact]
    public async Task Filters_rules_and_shards_go_by_the_original_names()
    {
        await using var world = await RestoreWorld.MirroredAsync("Web-App", "Web-Old", "Api", "Skipped");
        Directory.CreateDirectory(Path.Combine(world.Action.Workspace, ".github"));
        await File.WriteAllTextAsync(
            Path.Combine(world.Action.Workspace, ".github", "mirror.yml"),
            "rules:\n  - match: Skipped\n    skip: true\n",
            TestContext.Current.CancellationToken
        );
        world.Inputs["repositories"] = "acme/web-*, Skipped";
        world.Inputs["exclude"] = "*-old";
        world.Inputs["forks"] = "only";

        await world.RestoreAsync();

        world.Restored.Select(repository => repository.Name).ShouldBe(["Web-App"]);
    }

    [Fact]
    public async Task Repository_with_other_refs_is_refused_and_stays_as_it_is()
    {
        await using var world = await RestoreWorld.MirroredAsync("Website", "Api");
        var taken = world.GitHub.AddRepository(RestoreWorld.NewOwner, "website");
        taken.Git.Commit("theirs", "theirs\n", "main");
        taken.Git.Branch("work", "refs/heads/main");
        taken.DefaultBranch = "work";
        taken.Description = "Theirs";
        var before = RestoreWorld.Refs(taken);

        await world.RestoreAsync(exitCode: 1);

        var error = world.Action.ReportOf(Mirrored("website"))["error"]!;
        ((string?)error["code"]).ShouldBe("not-a-mirror");
        ((string?)error["hint"]).ShouldNotBeNull().ShouldContain("adopt: true");
        RestoreWorld.Refs(taken).ShouldBe(before);
        (taken.DefaultBranch, taken.Description, taken.Private).ShouldBe(("work", "Theirs", false));
        world.GitHub.Requests.ShouldNotContain(request =>
            request.Path.Contains("website", StringComparison.OrdinalIgnoreCase) && request.Method != "GET"
        );
        world.Find("Api").Git.Fsck();
    }

    [Fact]
    public async Task Repository_with_equal_refs_is_left_as_it_is()
    {
        await using var world = await RestoreWorld.MirroredAsync("Website");
        var equal = world.GitHub.AddRepository(RestoreWorld.NewOwner, "Website");
        equal.Git.Git("fetch", "--quiet", world.GitHub.Find("acme", "Website")!.Git.Path, "refs/heads/*:refs/heads/*");
        equal.Git.Branch("more", "refs/heads/main");
        equal.DefaultBranch = "more";

        await world.RestoreAsync();

        ((string?)world.Action.ReportOf(Mirrored("website"))["status"]).ShouldBe("unchanged");
        (equal.DefaultBranch, equal.Private).ShouldBe(("more", false));
        world.GitHub.RestRequests.ShouldAllBe(request => request.Method == "GET");
    }

    [Fact]
    public async Task Empty_repository_is_filled_though_somebody_else_created_it()
    {
        await using var world = await RestoreWorld.StartAsync();
        var original = world.GitHub.AddRepository("acme", "Tools");
        original.Git.Commit("a", "1\n", "trunk");
        original.DefaultBranch = "trunk";
        await world.MirrorAsync();
        world.GitHub.AddRepository(RestoreWorld.NewOwner, "Tools").Private = true;

        await world.RestoreAsync();

        world.ShouldBeRestored(original);
        ((bool)world.Action.ReportOf(Mirrored("tools"))["created"]!).ShouldBeFalse();
    }

    [Fact]
    public async Task Adopted_repository_gets_the_mirrors_refs_and_keeps_its_own_tips()
    {
        await using var world = await RestoreWorld.MirroredAsync("Website");
        var taken = world.GitHub.AddRepository(RestoreWorld.NewOwner, "Website");
        taken.Private = true;
        var theirs = taken.Git.Commit("theirs", "theirs\n", "main");
        taken.Git.Branch("work", "refs/heads/main");
        world.Inputs["adopt"] = "true";

        await world.RestoreAsync();

        taken.Git.Resolve("refs/heads/main").ShouldBe(world.GitHub.Find("acme", "Website")!.Git.Resolve("refs/heads/main"));
        taken.Git.Resolve("refs/heads/work").ShouldBe(theirs);
        var kept = taken.Git.ForEachRef("refs/tags/mirror-kept/").ShouldHaveSingleItem();
        kept.Key.ShouldEndWith("/heads/main");
        kept.Value.ShouldBe(theirs);
        taken.Git.Fsck();
    }

    [Fact]
    public async Task Mirrors_of_one_name_are_both_refused()
    {
        await using var world = await RestoreWorld.StartAsync();
        foreach (var (slug, owner) in new[] { ("site", "acme"), ("beta-site", "beta") })
        {
            var mirror = world.Bitbucket.AddRepository("acme-mirror", slug);
            mirror.Description = $"Mirror of github.com/{owner}/{(owner == "beta" ? "SITE" : "site")} (id 7)";
            mirror.Git.Commit("a", slug);
        }

        world.TurnRound();
        await world.RestoreAsync(exitCode: 1);

        world.Restored.ShouldBeEmpty();
        foreach (var slug in (string[])["site", "beta-site"])
            ((string?)world.Action.ReportOf(Mirrored(slug))["error"]!["code"]).ShouldBe("name-collision");

        world.Inputs["repositories"] = "beta/*";
        await world.RestoreAsync();
        world.Restored.ShouldHaveSingleItem().Name.ShouldBe("SITE");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Kept_tips_come_back_only_when_asked_for(bool include)
    {
        await using var world = await RestoreWorld.StartAsync();
        var original = world.GitHub.AddRepository("acme", "Tools");
        var old = original.Git.Commit("a", "1\n");
        (await world.Action.RunAsync()).ExitCode.ShouldBe(0);
        original.Git.Git("update-ref", "-d", "refs/heads/main");
        original.Git.Commit("b", "2\n");
        await world.MirrorAsync();
        world.Inputs["include-kept"] = include ? "true" : "false";

        await world.RestoreAsync();

        var restored = world.Find("Tools");
        restored.Git.ForEachRef("refs/tags/mirror-kept/").Values.ShouldBe(include ? [old] : []);
        restored.Git.Resolve("refs/heads/main").ShouldBe(original.Git.Resolve("refs/heads/main"));
        restored.Git.Fsck();
    }

    [Fact]
    public async Task Dry_run_only_reads()
    {
        await using var world = await RestoreWorld.MirroredAsync("Website", "Api");
        world.GitHub.AddRepository(RestoreWorld.NewOwner, "Api").Git.Commit("theirs", "theirs\n");
        world.Inputs["dry-run"] = "true";

        await world.RestoreAsync(exitCode: 1);

        world.Restored.ShouldHaveSingleItem().Name.ShouldBe("Api");
        world.GitHub.RestRequests.ShouldAllBe(request => request.Method == "GET");
        world.GitHub.Requests.ShouldNotContain(request => request.IsPush && request.Method == "POST");
        var entry = world.Action.ReportOf(Mirrored("website"));
        ((string?)entry["status"]).ShouldBe("planned");
        ((bool)entry["created"]!).ShouldBeTrue();
        entry["changes"]!.AsArray().Count.ShouldBe(1);
        ((string?)world.Action.ReportOf(Mirrored("api"))["error"]!["code"]).ShouldBe("not-a-mirror");
        ((string?)world.Action.Report["variant"]).ShouldBe("dry-run");
    }

    [Fact]
    public async Task Public_mirror_comes_back_public_where_that_is_asked_for()
    {
        await using var world = await RestoreWorld.MirroredAsync("Open", "Closed");
        world.Bitbucket.Find("acme-mirror", "open")!.IsPrivate = false;
        world.Inputs["destination-visibility"] = "source";

        await world.RestoreAsync();

        world.Find("Open").Private.ShouldBeFalse();
        world.Find("Closed").Private.ShouldBeTrue();
        ((string?)world.Action.ReportOf(Mirrored("open"))["warnings"]![0]).ShouldNotBeNull().ShouldContain("for everyone to read");
        world.Action.ReportOf(Mirrored("closed"))["warnings"].ShouldBeNull();
    }

    [Fact]
    public async Task Restore_into_a_users_account_needs_that_users_token()
    {
        await using var world = await RestoreWorld.MirroredAsync("Website");
        world.GitHub.AddAccount(RestoreWorld.NewOwner, organization: false);

        var outcome = await world.RestoreAsync(exitCode: 3);
        outcome.Text.ShouldContain("Only a token of acme-new itself creates repositories there");
        world.GitHub.RestRequests.ShouldAllBe(request => request.Method == "GET");

        world.Inputs["github-token"] = world
            .GitHub.AddToken(new SandboxGitHubToken("ghp_of_the_user", RestoreWorld.NewOwner, SeesPrivate: true))
            .Value;
        await world.RestoreAsync();
        world.ShouldBeRestored(world.GitHub.Find("acme", "Website")!);
    }

    [Theory]
    [InlineData("write")]
    [InlineData("read")]
    public async Task App_restores_with_all_it_may_do_and_what_it_lacks_is_told(string contents)
    {
        await using var world = await RestoreWorld.MirroredAsync("Website");
        using var key = RSA.Create(2048);
        world.Inputs.Remove("github-token");
        world.Inputs["github-app-id"] = "42";
        world.Inputs["github-app-private-key"] = key.ExportRSAPrivateKeyPem();
        world.GitHub.Apps.Install(
            world.GitHub.Apps.Add(42, key),
            RestoreWorld.NewOwner,
            permissions: new Dictionary<string, string>
            {
                ["administration"] = "write",
                ["contents"] = contents,
                ["metadata"] = "read",
            }
        );

        var outcome = await world.RestoreAsync(exitCode: contents == "write" ? 0 : 1);

        outcome.Text.ShouldContain(
            $"lacks the permission {(contents == "write" ? "" : "Contents: write, ")}Workflows: write on acme-new, which writing needs"
        );
        if (contents == "write")
            world.ShouldBeRestored(world.GitHub.Find("acme", "Website")!);
        else
            ((string?)world.Action.ReportOf(Mirrored("website"))["error"]!["hint"]).ShouldNotBeNull().ShouldContain("Contents and Workflows: write");
    }

    [Fact]
    public async Task Secondary_rate_limit_is_waited_for()
    {
        await using var world = await RestoreWorld.MirroredAsync("One", "Two");
        world.GitHub.Faults.Next(
            1,
            403,
            """{"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}""",
            "application/json",
            request => request.Method == "POST" && request.Path.Value!.EndsWith("/repos", StringComparison.Ordinal),
            new Dictionary<string, string> { ["Retry-After"] = "1" }
        );

        var outcome = await world.RestoreAsync();

        outcome.Text.ShouldContain("GitHub rate limit: resuming at");
        world.Restored.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pull_requests_never_come_back_and_a_workspace_without_filters_serves_as_well(bool allowsFilter)
    {
        await using var world = await RestoreWorld.MirroredAsync("Website");
        world.Bitbucket.AllowsFilter = allowsFilter;
        var mirror = world.Bitbucket.Find("acme-mirror", "website")!.Git;
        mirror.UpdateRef("refs/pull/1/head", mirror.Resolve("refs/heads/main")!);
        var repository = world.GitHub.AddRepository(RestoreWorld.NewOwner, "Website");
        repository.Private = true;
        var taken = repository.Git;
        taken.Git("fetch", "--quiet", mirror.Path, "refs/heads/main:refs/heads/main");
        var tip = mirror.Commit("README.md", "moved on\n");
        world.Inputs["adopt"] = "true";

        await world.RestoreAsync();

        taken.Resolve("refs/heads/main").ShouldBe(tip);
        taken.ForEachRef("refs/pull/").ShouldBeEmpty();

        // Without a filter it can't be known that the branch moved forward, so its old value is kept.
        ((int)world.Action.ReportOf(Mirrored("website"))["refs"]![allowsFilter ? "updated" : "forced"]!).ShouldBe(1);
        taken.ForEachRef("refs/tags/").Count.ShouldBe(allowsFilter ? 0 : 1);
    }

    [Fact]
    public async Task Empty_workspace_is_not_taken_for_nothing_to_do()
    {
        await using var world = await RestoreWorld.StartAsync();
        world.TurnRound();

        var outcome = await world.RestoreAsync(exitCode: 3);

        outcome.Text.ShouldContain("bitbucket-workspace");
    }
}
