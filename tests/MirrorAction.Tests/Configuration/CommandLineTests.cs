using MirrorAction.Inputs;
using MirrorAction.Inputs.Arguments;
using MirrorAction.Modes;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Configuration;

public sealed class CommandLineTests
{
    [Fact]
    public void Without_a_command_the_mode_is_left_to_the_inputs() =>
        Options("--github-owner", "acme").ShouldBe(new Dictionary<string, string> { ["github-owner"] = "acme" });

    [Theory]
    [InlineData("mirror")]
    [InlineData("plan")]
    [InlineData("verify")]
    [InlineData("restore")]
    [InlineData("backup")]
    [InlineData("doctor")]
    public void A_command_names_the_mode(string command) => Parse(command).Mode.ShouldNotBeNull().Name.ShouldBe(command);

    [Fact]
    public void Every_input_but_a_secret_is_an_option()
    {
        foreach (var input in ActionInputs.All.Where(input => !input.IsSecret))
        {
            Options(input.Option, "some-text")[input.Name].ShouldBe("some-text");
            Options(input.Option + "=some-text")[input.Name].ShouldBe("some-text");
        }
    }

    [Theory]
    [InlineData("verify", "--deep")]
    [InlineData("restore", "--drill")]
    [InlineData("restore", "--include-kept")]
    [InlineData("restore", "--dry-run")]
    [InlineData("backup", "--check")]
    [InlineData("mirror", "--prune")]
    public void A_switch_alone_means_yes_and_takes_a_word_all_the_same(string command, string option)
    {
        Options(command, option)[option[2..]].ShouldBe("true");
        Options(command, option, "--log-level", "debug")[option[2..]].ShouldBe("true");
        Options(command, option, "false")[option[2..]].ShouldBe("false");
        Options(command, $"{option}=false")[option[2..]].ShouldBe("false");
        Options(command).Keys.ShouldNotContain(option[2..]);
    }

    [Fact]
    public void A_list_can_be_given_item_by_item() =>
        Options("plan", "--refs", "refs/heads/*", "--refs", "^refs/heads/x")["refs"].ShouldBe("refs/heads/*\n^refs/heads/x");

    [Theory]
    [InlineData("--github-token", "GITHUB_TOKEN (or INPUT_GITHUB-TOKEN)")]
    [InlineData("--bitbucket-token", "MIRROR_BITBUCKET_API_TOKEN (or INPUT_BITBUCKET-TOKEN)")]
    public void A_secret_as_an_option_is_refused_with_the_variable_to_use(string option, string variable)
    {
        foreach (
            var args in new[] { new[] { option, "s3cret-value" }, [option], ["mirror", option, "s3cret-value"], ["plan", $"{option}=s3cret-value"] }
        )
        {
            var problem = Problems(args).ShouldHaveSingleItem();
            problem.ShouldContain(variable);
            problem.ShouldNotContain("s3cret-value");
        }
    }

    [Fact]
    public void What_is_not_understood_is_refused()
    {
        Problems("frob").ShouldHaveSingleItem().ShouldContain("'frob'");
        Problems("--frob").ShouldHaveSingleItem().ShouldContain("'--frob'");
        Problems("plan", "--mode", "mirror").ShouldNotBeEmpty();
        Problems("--github-owner").ShouldHaveSingleItem().ShouldContain("--github-owner");
        Problems("--forks", "only", "--forks", "include").ShouldHaveSingleItem().ShouldContain("--forks");
        Problems("sync", "https://a.example/x").ShouldHaveSingleItem().ShouldContain("DESTINATION-URL");
        Problems("sync", "--concurrency", "3", "https://a.example/x", "https://b.example/x").ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("--exclude", "--exlude", "website")]
    [InlineData("--exclude", "plan", "--exlude", "website")]
    [InlineData("--exclude", "--github-owner", "acme", "--exlude=website")]
    [InlineData("--repositories", "verify", "--repository:website")]
    [InlineData("--dry-run", "restore", "--dryrun")]
    [InlineData("--dry-run", "sync", "https://a.example/x", "https://b.example/x", "--dry-runn")]
    [InlineData("--dry-run", "sync", "--dryrun", "https://a.example/x", "https://b.example/x")] // Where a URL is due.
    [InlineData("--fail-on", "report", "--fail-in", "never")] // Where a folder is due.
    [InlineData("--help", "-help")]
    [InlineData("doctor", "docter", "--github-owner", "acme")]
    [InlineData("verify", "verfiy")]
    public void What_was_mistyped_is_told_with_what_was_meant(string meant, params string[] args)
    {
        var problem = Problems(args).ShouldHaveSingleItem();

        problem.ShouldContain($"did you mean '{meant}'?");
        problem.ShouldNotContain("website");
    }

    [Fact]
    public void All_that_was_mistyped_is_told_at_once()
    {
        var problems = Problems("miror", "--exlude", "website", "--reposotories", "api", "--teapot");

        problems.Count.ShouldBe(4);
        problems[0].ShouldContain("'mirror'");
        problems[1].ShouldContain("'--exclude'");
        problems[2].ShouldContain("'--repositories'");
        problems[3].ShouldBe("unknown option '--teapot'.");
    }

    [Fact]
    public void A_word_too_many_is_told() => Problems("mirror", "acme").ShouldHaveSingleItem().ShouldContain("'acme'");

    [Fact]
    public void A_file_is_never_read_for_more_arguments() => Options("--github-owner", "@/etc/hostname")["github-owner"].ShouldBe("@/etc/hostname");

    [Fact]
    public void Sync_takes_two_URLs_and_its_own_options()
    {
        var sync = Parse(
            "sync",
            "https://a.example/x",
            "https://b.example/x",
            "--dry-run",
            "--prune",
            "false",
            "--refs",
            "refs/heads/*",
            "--refs",
            "refs/notes/*"
        );

        sync.Mode.ShouldBeOfType<SyncMode>();
        sync.Arguments.ShouldBe(["https://a.example/x", "https://b.example/x"]);
        sync.Options.ShouldBe(
            new Dictionary<string, string>
            {
                ["dry-run"] = "true",
                ["prune"] = "false",
                ["refs"] = "refs/heads/*\nrefs/notes/*",
            },
            ignoreOrder: true
        );
        Parse("sync", "--dry-run", "https://a.example/x", "https://b.example/x").Arguments.ShouldBe(sync.Arguments);
        Parse("sync", "https://a.example/x", "https://b.example/x").Options.ShouldBeEmpty();
    }

    [Fact]
    public void Report_takes_a_folder_or_none_and_its_own_options()
    {
        var report = Parse("report", "downloads", "--report-dir", "all", "--fail-on", "never");

        report.Mode.ShouldBeOfType<ReportMode>();
        report.Arguments.ShouldBe(["downloads"]);
        report.Options.ShouldBe(new Dictionary<string, string> { ["report-dir"] = "all", ["fail-on"] = "never" }, ignoreOrder: true);
        Parse("report").Arguments.ShouldBeEmpty();
        Problems("report", "downloads", "--github-owner", "acme").ShouldNotBeEmpty();
        Problems("report", "one", "two").ShouldNotBeEmpty();
    }

    [Fact]
    public void Help_of_a_command_shows_the_options_that_mean_something_to_it()
    {
        foreach (var mode in ModeList.All.Where(mode => !mode.Help.IsShort))
        {
            var output = new StringWriter();
            CommandLine.Parse([mode.Name, "--help"], output);
            var shown = output
                .ToString()
                .Split('\n')
                .Where(line => line.StartsWith("  --", StringComparison.Ordinal))
                .Select(line => line.Trim().Split(' ')[0]);
            shown.ShouldBe(
                ActionInputs
                    .All.Where(input => !input.IsSecret && input.Name != "mode" && mode.Inputs.Contains(input))
                    .Concat(OutputOptions.All)
                    .Select(input => input.Option),
                mode.Name
            );
        }
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("plan", "--help")]
    [InlineData("doctor", "--help")]
    [InlineData("verify", "--help")]
    [InlineData("restore", "--help")]
    [InlineData("backup", "--help")]
    [InlineData("sync", "-h")]
    [InlineData("report", "--help")]
    [InlineData("init", "--help")]
    [InlineData("completion", "--help")]
    public void Help_is_printed_and_nothing_runs(params string[] args)
    {
        var output = new StringWriter();
        CommandLine.Parse(args, output).ShouldBeNull();
        Snapshot.Match(output.ToString(), args.Length == 1 ? "help" : $"help-{args[0]}");
    }

    [Fact]
    public void Version_is_printed_and_nothing_runs()
    {
        var output = new StringWriter();
        CommandLine.Parse(["--version"], output).ShouldBeNull();
        Snapshot.Match(output.ToString(), "version");
    }

    private static Call Parse(params string[] args) => CommandLine.Parse(args, TextWriter.Null).ShouldNotBeNull();

    private static IReadOnlyDictionary<string, string> Options(params string[] args) => Parse(args).Options;

    private static IReadOnlyList<string> Problems(params string[] args) =>
        [.. Should.Throw<ConfigurationException>(() => Parse(args)).Problems.Select(problem => problem.ToString())];
}
