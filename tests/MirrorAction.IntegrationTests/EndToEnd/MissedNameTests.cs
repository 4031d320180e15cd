using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.EndToEnd;

/// <summary>A name in <c>repositories</c> or <c>exclude</c> that no repository has (contract, rule 18), in every mode that selects.</summary>
public sealed class MissedNameTests
{
    private const string Nearest = "'webiste' (did you mean 'website'?)";

    public static TheoryData<string, string> Modes { get; } =
        new()
        {
            { "mirror", "" },
            { "plan", "" },
            { "verify", "" },
            { "backup", "" },
            { "restore", "" },
            { "restore", "--drill" },
            { "restore", "--dry-run" },
            { "doctor", "" },
        };

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Mode_that_selects_nothing_because_of_a_name_fails_and_says_the_nearest(string mode, string option)
    {
        await using var world = await StartAsync(mode, option);
        world.Inputs["repositories"] = "webiste";

        var outcome = await RunAsync(world, mode, option);

        outcome.ExitCode.ShouldBe(mode == "doctor" ? 1 : 3, outcome.Text);
        outcome.Output.ShouldContain($"repositories (INPUT_REPOSITORIES) {Nearest}");
        world.Summary.ShouldContain("webiste");
        if (mode != "doctor")
        {
            ((string?)world.Report["error"]!["code"]).ShouldBe("source-not-found");
            ((string?)world.Report["result"]).ShouldBe("failure");
        }

        ShouldHaveWrittenNothing(world);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Name_that_is_missed_beside_others_is_a_warning(string mode, string option)
    {
        await using var world = await StartAsync(mode, option);
        world.Inputs["repositories"] = "website, libs-*";

        var outcome = await RunAsync(world, mode, option, "--exclude", "webiste");

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        var said = $"Some names fit no repository: repositories (INPUT_REPOSITORIES) 'libs-*'; --exclude {Nearest}.";
        outcome.Output.ShouldContain(said);
        if (mode != "doctor")
        {
            world.Report["warnings"]!.AsArray().Select(w => (string?)w).ShouldContain(said);
            outcome.Output.Split('\n').Count(line => line == $"::warning::{said}").ShouldBe(1);
        }
    }

    [Fact]
    public async Task Name_in_the_file_that_leaves_nothing_is_told_with_its_line()
    {
        await using var world = await StartAsync("mirror", "");
        File.WriteAllText(
            Path.Combine(Directory.CreateDirectory(Path.Combine(world.Workspace, ".github")).FullName, "mirror.yml"),
            "forks: include\nrepositories: [webiste]\n"
        );

        var outcome = await world.RunAsync();

        outcome.ExitCode.ShouldBe(3, outcome.Text);
        outcome.Output.ShouldContain($".github/mirror.yml:2:15: repositories {Nearest}");
        ShouldHaveWrittenNothing(world);
    }

    [Fact]
    public async Task Shard_without_the_named_repository_has_nothing_to_do_and_no_shard_fails()
    {
        await using var world = await StartAsync("mirror", "");
        world.Inputs["repositories"] = "website";

        foreach (var shard in new[] { "1/2", "2/2" })
        {
            var outcome = await world.RunAsync("mirror", "--shard", shard);
            outcome.ExitCode.ShouldBe(0, outcome.Text);
            outcome.Output.ShouldNotContain("no repository:");
        }

        world.Bitbucket.Repositories.ShouldHaveSingleItem().Slug.ShouldBe("website");
    }

    /// <summary>A repository and, where the mode wants one, its mirror.</summary>
    private static async Task<ActionWorld> StartAsync(string mode, string option)
    {
        var world = await ActionWorld.StartAsync();
        world.GitHub.AddRepository("acme", "website").Git.Commit("README.md", "1\n");
        if (mode is "verify" or "restore")
        {
            (await world.RunAsync()).ExitCode.ShouldBe(0);
        }

        if (mode == "restore" && option != "--drill")
        {
            world.GitHub.AddAccount("acme-new");
            world.GitHub.AcceptsWrites = true;
            world.Inputs["github-owner"] = "acme-new";
            world.Inputs["github-token"] = world.GitHub.WriteToken;
        }

        return world;
    }

    private static Task<ActionOutcome> RunAsync(ActionWorld world, string mode, string option, params string[] more) =>
        world.RunAsync([mode, .. option.Length > 0 ? [option] : Array.Empty<string>(), .. more]);

    private static void ShouldHaveWrittenNothing(ActionWorld world)
    {
        world.Bitbucket.RestRequests.ShouldAllBe(request => request.Method == "GET");
        world.Bitbucket.GitRequests.ShouldNotContain(request => request.PathAndQuery.Contains("git-receive-pack", StringComparison.Ordinal));
        world.GitHub.WriteAttempts.ShouldBeEmpty();
    }
}
