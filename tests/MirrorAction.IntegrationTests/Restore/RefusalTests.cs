using System.Text.Json.Nodes;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Restore;

/// <summary>What GitHub refuses of a restore: each is told with its cure, and everything else comes back.</summary>
public sealed class RefusalTests
{
    private static async Task<(RestoreWorld World, GitRepository Git)> PreparedAsync(Action<GitRepository> fill)
    {
        var world = await RestoreWorld.StartAsync();
        var git = world.GitHub.AddRepository("acme", "Tools").Git;
        git.Commit("README.md", "Tools\n");
        fill(git);
        await world.MirrorAsync();
        return (world, git);
    }

    private static JsonNode Entry(RestoreWorld world) => world.Action.ReportOf("acme-mirror/tools");

    private static string[] Refused(RestoreWorld world) =>
        [.. Entry(world)["refused"]!.AsArray().Select(refused => (string)refused!["ref"]!).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task Workflow_files_need_their_scope_and_the_other_refs_come_back()
    {
        var (world, git) = await PreparedAsync(git =>
        {
            git.Commit(".github/workflows/ci.yml", "on: push\n", "ci", "refs/heads/main");
            git.Branch("other", "refs/heads/main");
        });
        await using var _ = world;
        world.Inputs["github-token"] = world.GitHub.FullToken;

        await world.RestoreAsync(exitCode: 1);

        Refused(world).ShouldBe(["refs/heads/ci"]);
        ((string?)Entry(world)["error"]!["code"]).ShouldBe("ref-rejected");
        ((string?)Entry(world)["error"]!["message"]).ShouldNotBeNull().ShouldContain("without `workflow` scope");
        ((string?)Entry(world)["error"]!["hint"])
            .ShouldNotBeNull()
            .ShouldContain("scope workflow of a classic token, the permission Workflows: write");
        world.Find("Tools").Git.ForEachRef().Keys.ShouldBe(["refs/heads/main", "refs/heads/other"]);

        world.Inputs["github-token"] = world.GitHub.WriteToken;
        await world.RestoreAsync();
        world.Find("Tools").Git.BranchesAndTags().ShouldBe(git.BranchesAndTags());
        world.Find("Tools").Description.ShouldBe("");
    }

    [Fact]
    public async Task Large_file_holds_back_only_what_reaches_it()
    {
        var (world, _) = await PreparedAsync(git =>
        {
            git.Branch("big", "refs/heads/main");
            git.FillWithNoise(300_000, "big");
            git.Branch("other", "refs/heads/main");
            git.Tag("v1", "refs/heads/main");
        });
        await using var disposal = world;
        world.GitHub.MaxFile = 200_000;

        await world.RestoreAsync(exitCode: 1);

        Refused(world).ShouldBe(["refs/heads/big"]);
        ((string?)Entry(world)["error"]!["code"]).ShouldBe("too-large");
        ((string?)Entry(world)["error"]!["message"]).ShouldNotBeNull().ShouldContain("GH001");
        ((string?)Entry(world)["error"]!["hint"]).ShouldNotBeNull().ShouldContain("no file over 100 MB");
        world.Find("Tools").Git.ForEachRef().Keys.ShouldBe(["refs/heads/main", "refs/heads/other", "refs/tags/v1"]);
        world.Find("Tools").Git.Fsck();
    }

    [Fact]
    public async Task Rulesets_and_push_protection_hold_back_only_what_they_name()
    {
        var (world, git) = await PreparedAsync(git => git.Commit("secret", "AKIA...\n", "leak", "refs/heads/main"));
        await using var _ = world;
        var mine = world.GitHub.AddRepository(RestoreWorld.NewOwner, "Tools");
        mine.Description = "Unfinished restore of bitbucket.org/acme-mirror/tools";
        mine.Private = true;
        mine.RulesRefuse.Add("refs/heads/leak");

        await world.RestoreAsync(exitCode: 1);

        Refused(world).ShouldBe(["refs/heads/leak"]);
        ((string?)Entry(world)["error"]!["message"]).ShouldNotBeNull().ShouldContain("GH013");
        ((string?)Entry(world)["error"]!["hint"]).ShouldNotBeNull().ShouldContain("push protection");
        mine.Git.ForEachRef().Keys.ShouldBe(["refs/heads/main"]);

        // Allowed meanwhile, the next run brings the rest.
        mine.RulesRefuse.Clear();
        await world.RestoreAsync();
        mine.Git.BranchesAndTags().ShouldBe(git.BranchesAndTags());
    }

    [Fact]
    public async Task Archived_repository_is_left_with_a_cure()
    {
        var (world, _) = await PreparedAsync(_ => { });
        await using var disposal = world;
        var archived = world.GitHub.AddRepository(RestoreWorld.NewOwner, "Tools");
        (archived.Archived, archived.Private) = (true, true);

        await world.RestoreAsync(exitCode: 1);

        ((string?)Entry(world)["error"]!["code"]).ShouldBe("destination-forbidden");
        ((string?)Entry(world)["error"]!["hint"]).ShouldNotBeNull().ShouldContain("unarchive it");
    }

    [Theory]
    [InlineData("ghs_of_the_workflow", "resource not accessible by integration", "GITHUB_TOKEN can neither create")]
    [InlineData(
        "github_pat_without_permissions",
        "resource not accessible by personal access token",
        "Administration, Contents and Workflows: write"
    )]
    public async Task Token_that_may_not_create_is_told_what_it_needs(string token, string message, string hint)
    {
        var (world, _) = await PreparedAsync(_ => { });
        await using var disposal = world;
        world.Inputs["github-token"] = world
            .GitHub.AddToken(new SandboxGitHubToken(token, token.StartsWith("ghs_", StringComparison.Ordinal) ? null : "somebody", SeesPrivate: true))
            .Value;

        await world.RestoreAsync(exitCode: 1);

        ((string?)Entry(world)["error"]!["code"]).ShouldBe("destination-forbidden");
        ((string?)Entry(world)["error"]!["message"]).ShouldNotBeNull().ShouldContain(message, Case.Insensitive);
        ((string?)Entry(world)["error"]!["hint"]).ShouldNotBeNull().ShouldContain(hint);
        world.Restored.ShouldBeEmpty();
    }

    [Fact]
    public async Task Repository_beyond_the_push_limit_comes_back_in_parts_without_being_held_in_memory()
    {
        var (world, git) = await PreparedAsync(git =>
        {
            git.FillWithNoise(96 << 20);
            git.Tag("v1", "refs/heads/main");
        });
        await using var _ = world;
        world.GitHub.PushLimit = 21 << 20;
        world.Inputs["push-limit"] = "20MiB";
        world.Action.Environment["DOTNET_GCHeapHardLimit"] = "4000000"; // 64 MiB

        await world.RestoreAsync();

        world.GitHub.Requests.Count(request => request.IsPush && request.RequestBytes > 1 << 20).ShouldBeGreaterThan(2);
        world.Find("Tools").Git.BranchesAndTags().ShouldBe(git.BranchesAndTags());
        world.Find("Tools").Git.Fsck();
    }

    [Fact]
    public async Task Push_beyond_what_GitHub_takes_names_the_input_that_helps()
    {
        var (world, _) = await PreparedAsync(git => git.FillWithNoise(6 << 20));
        await using var disposal = world;
        world.GitHub.PushLimit = 2 << 20;

        await world.RestoreAsync(exitCode: 1);

        ((string?)Entry(world)["error"]!["code"]).ShouldBe("too-large");
        ((string?)Entry(world)["error"]!["hint"]).ShouldNotBeNull().ShouldContain("Lower push-limit", customMessage: Entry(world).ToJsonString());
        world.Find("Tools").Git.ForEachRef().ShouldBeEmpty();
    }
}
