using System.Text.RegularExpressions;
using MirrorAction.Inputs.Arguments;
using MirrorAction.IntegrationTests.Recovery;
using MirrorAction.Modes;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Docs;

/// <summary>Every command of every page is run, as it stands there, against the sandbox hosts; what can't be is named here with the reason.</summary>
public sealed partial class PageCommandsTests
{
    /// <summary>Pages whose commands need a state of their own, and the tests that make it and run them.</summary>
    private static readonly Dictionary<string, string> s_elsewhere = new(StringComparer.Ordinal)
    {
        ["docs/RECOVERY.md"] = "Recovery/RecoveryPageTests.cs",
        ["docs/LFS.md"] = "Lfs/LfsClone.cs",
    };

    /// <summary>What blocks hold that are no commands for a shell, and what looks at them instead.</summary>
    private static readonly Dictionary<string, string> s_languages = new(StringComparer.Ordinal)
    {
        ["yaml"] = "WorkflowTests and the tests of the configuration file",
        ["json"] = "tests of the files that are shown",
        ["text"] = "output",
        [""] = "output and drawings",
        ["ini"] = "the crontab's test below",
        ["cron"] = "the crontab's test below",
        ["fish"] = "the program's part of it below; bash can't read the rest",
    };

    /// <summary>Programs that a test must not or can't start. What they are called with is checked all the same.</summary>
    private static readonly Dictionary<string, string> s_programs = new(StringComparer.Ordinal)
    {
        ["docker"] = "needs a container engine; eng/container-check runs the image",
        ["gh"] = "talks to GitHub alone",
        ["sudo"] = "changes the machine",
        ["dotnet"] = "builds, which would change what other tests run",
        ["samples/sandbox"] = "FirstCommandTests runs it",
        ["bench/compare"] = "measures for an hour",
    };

    public static TheoryData<string> Runnable =>
        [
            .. PageCommands.Pages.Where(page =>
                !s_elsewhere.ContainsKey(page) && PageCommands.BlocksOf(page).Any(block => block.Language == "sh" && !block.IsTriedElsewhere)
            ),
        ];

    public static TheoryData<string> Calling => [.. PageCommands.Pages.Where(page => PageCommands.CallsOf(page).Any())];

    [Theory]
    [MemberData(nameof(Runnable))]
    public async Task Commands_of_the_page_work(string page)
    {
        await using var desk = await RecoveryWorld.StartAsync();
        await SetUpAsync(desk, page);

        foreach (var block in PageCommands.BlocksOf(page).Where(block => block.Language == "sh" && !block.IsTriedElsewhere))
        {
            var outcome = await desk.RunAsync(block.Text);
            outcome.ExitCode.ShouldBe(0, $"{page}\n{block.Text}\n{outcome.Text}");
            outcome.Text.ShouldNotContain(desk.GitHub.WriteToken);
            outcome.Text.ShouldNotContain(desk.Bitbucket.Token);
        }

        foreach (var call in desk.Called.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Check(call);
    }

    [Theory]
    [MemberData(nameof(Calling))]
    public void Options_that_the_page_names_are_there(string page)
    {
        foreach (var call in PageCommands.CallsOf(page))
        {
            var words = Words().Matches(call).Select(word => word.Value.Trim('\'', '"')).ToList();

            // A sentence that names a command alone says nothing of its arguments; COMMAND stands for any of them.
            if (words is [var name])
                name.ShouldBeOneOf([.. ModeList.All.Select(mode => mode.Name), "--help", "--version"]);
            else if (words[0].Any(char.IsLower))
                Should.NotThrow(() => CommandLine.Parse(words, TextWriter.Null), $"{page}: mirror-action {call}");
        }
    }

    [Fact]
    public void No_block_is_left_out()
    {
        var blocks = PageCommands.Pages.SelectMany(PageCommands.BlocksOf).ToList();

        blocks.Where(block => block.Language != "sh" && !s_languages.ContainsKey(block.Language)).ShouldBeEmpty();
        foreach (var (page, test) in s_elsewhere)
        {
            File.Exists(Checkout.PathOf(["tests", "MirrorAction.IntegrationTests", .. test.Split('/')])).ShouldBeTrue(test);
            PageCommands.Pages.ShouldContain(page);
        }
    }

    [Fact]
    public async Task Line_of_the_crontab_mirrors()
    {
        await using var desk = await RecoveryWorld.StartAsync();
        desk.GitHub.AddRepository("acme", "website").Git.Commit("README.md", "One");
        var blocks = PageCommands.BlocksOf("docs/INSTALL.md");
        var line = blocks.Single(block => block.Language == "cron").Text.Trim();
        var config = Directory.CreateDirectory(desk[".github"]).FullName;
        await File.WriteAllTextAsync(Path.Combine(config, "mirror.yml"), blocks.Single(block => block.Language == "yaml").Text);
        var names = blocks
            .Single(block => block.Language == "ini")
            .Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.Split('=')[0]);
        names.ShouldBe(["GITHUB_TOKEN", "MIRROR_BITBUCKET_API_TOKEN", "MIRROR_BITBUCKET_EMAIL", "MIRROR_HEARTBEAT_URL"]);
        await File.WriteAllTextAsync(
            desk["environment"],
            $"GITHUB_TOKEN={desk.GitHub.FullToken}\nMIRROR_BITBUCKET_API_TOKEN={desk.Bitbucket.Token}\n"
        );

        var command = CronTime()
            .Replace(line, "")
            .Replace("/var/lib/mirror-action", desk["."], StringComparison.Ordinal)
            .Replace("/etc/mirror-action/environment", desk["environment"], StringComparison.Ordinal);
        var outcome = await desk.RunAsync($"unset GITHUB_TOKEN MIRROR_BITBUCKET_API_TOKEN\n{command}\n");

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        desk.Bitbucket.Find("acme-mirror", "website")!.Git.BranchesAndTags().ShouldNotBeEmpty();
        File.Exists(desk["mirror-report/report.html"]).ShouldBeTrue();
    }

    private static async Task SetUpAsync(RecoveryWorld desk, string page)
    {
        foreach (var name in (string[])["website", "mirror", "mirror-action"])
            desk.GitHub.AddRepository("acme", name).Git.Commit("README.md", name);
        await desk.MirrorAsync();
        desk.GitHub.AcceptsWrites = true;
        desk.Token = desk.GitHub.WriteToken; // What somebody pushes a workflow with.
        foreach (var program in s_programs.Keys)
            desk.Replace(program);

        // Where the reader stands: in a checkout of the repository that the workflow goes to, or beside a repository from a backup.
        (
            await desk.RunAsync(
                "git clone --quiet https://github.com/acme/mirror.git checkout && mv checkout/.git .git && git reset --quiet --hard\n"
            )
        ).ExitCode.ShouldBe(0);
        if (page == "docs/BACKUP.md")
            (await desk.RunAsync("git clone --quiet --mirror https://github.com/acme/website.git website.git\n")).ExitCode.ShouldBe(0);
    }

    private static void Check(string call)
    {
        var words = Words().Matches(call).Select(word => word.Value.Trim('\'', '"')).ToList();
        switch (words)
        {
            case ["gh", "secret", "set" or "delete", var secret, "--repo", "acme/mirror"]:
                File.ReadAllText(Checkout.PathOf("docs", "CREDENTIALS.md")).ShouldContain($"| `{secret}` |");
                break;
            case ["gh", "workflow", "disable" or "enable" or "run", var file, "--repo", "acme/mirror"]:
                File.ReadAllText(Checkout.PathOf("docs", "GETTING-STARTED.md")).ShouldContain(file);
                break;
            case ["gh", "release", "download", _, "--repo", "acme/mirror-action", "--pattern", var pattern]:
                File.ReadAllText(Checkout.PathOf(".github", "workflows", "release.yml"))
                    .ShouldContain(
                        pattern.Replace("*", "$VERSION", StringComparison.Ordinal).Replace("amd64", "$ARCHITECTURE", StringComparison.Ordinal)
                    );
                break;
            case ["gh", "attestation", "verify", _, "--repo", "acme/mirror-action"]:
            case ["sudo", "mkdir" or "tar" or "ln" or "rm", ..]:
            case ["samples/sandbox"]:
            case ["bench/compare", ..]:
                break;
            case ["docker", "run", .. var rest]:
                var image = rest.FindIndex(word => word.StartsWith("ghcr.io/", StringComparison.Ordinal));
                CommandLine.Parse(rest[(image + 1)..], TextWriter.Null).ShouldNotBeNull(call);
                break;
            case ["dotnet", "publish" or "run", ..]:
                var project = words
                    .First(word => word.Contains('/', StringComparison.Ordinal))
                    .Replace("mirror-action/", "", StringComparison.Ordinal);
                Directory.EnumerateFiles(Checkout.PathOf(project.Split('/')), "*.csproj").ShouldHaveSingleItem(call);
                break;
            default:
                throw new ShouldAssertException($"Nobody checks what this is called with: {call}");
        }
    }

    [GeneratedRegex(@"""[^""]*""|'[^']*'|\S+")]
    private static partial Regex Words();

    [GeneratedRegex(@"^(\S+ ){5}")]
    private static partial Regex CronTime();
}
