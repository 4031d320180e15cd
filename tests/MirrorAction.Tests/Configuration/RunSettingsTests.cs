using MirrorAction.Git.Model;
using MirrorAction.Inputs;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Tests.Configuration;

public sealed class RunSettingsTests
{
    [Theory]
    [InlineData("work")]
    [InlineData("./work")]
    [InlineData("..")]
    [InlineData("~/work")]
    public void Workspace_that_is_no_absolute_path_is_a_problem_among_the_others(string workspace)
    {
        var problems = Given.ProblemsOf(Given.With(("GITHUB_WORKSPACE", workspace), ("INPUT_CONFIG", "mirror.yml"), ("INPUT_PRUNE", "perhaps")));

        problems[0].ShouldStartWith($"GITHUB_WORKSPACE: expected the absolute path of the checkout, not '{workspace}'");
        problems.Count.ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Defaults_are_those_of_the_contract()
    {
        var settings = Given.Build(Given.Minimum);

        settings.Mirror.IsPlan.ShouldBeFalse();
        settings.Mirror.Owners.ShouldBe(["acme"]);
        settings.Mirror.FollowSourceVisibility.ShouldBeFalse();
        settings.Mirror.Concurrency.ShouldBe(8);
        settings.Mirror.Timeout.ShouldBe(TimeSpan.FromMinutes(330));
        settings.Mirror.CreateInterval.ShouldBe(TimeSpan.FromMilliseconds(500));
        settings.Mirror.Filter.Include.ShouldHaveSingleItem().Text.ShouldBe("*");
        settings.Mirror.Filter.Exclude.ShouldBeEmpty();
        settings.Mirror.Filter.OnlyPrivate.ShouldBeNull();
        settings.Mirror.Filter.Forks.ShouldBe(Inclusion.Exclude);
        settings.Mirror.Filter.Archived.ShouldBe(Inclusion.Include);
        settings.Mirror.Refs.Patterns.ToString().ShouldBe("refs/heads/*, refs/tags/*");
        settings.Mirror.Refs.Prune.ShouldBeTrue();
        settings.Mirror.Refs.PruneLimit.ShouldBe(PruneLimit.Percent(50));
        settings.Mirror.Refs.KeepOverwritten.ShouldBeTrue();
        settings.Mirror.Refs.KeepFor.ShouldBe(TimeSpan.FromDays(90));
        settings.Mirror.Refs.Adopt.ShouldBeFalse();
        settings.Mirror.Refs.MaxAttempts.ShouldBe(4);
        settings.GitHub!.ApiUrl.ShouldBe(new Uri("https://api.github.com"));
        settings.GitHub!.WebUrl.ShouldBe(new Uri("https://github.com"));
        settings.Bitbucket!.ApiUrl.ShouldBe(new Uri("https://api.bitbucket.org/2.0"));
        settings.Bitbucket!.WebUrl.ShouldBe(new Uri("https://bitbucket.org"));
        settings.Bitbucket!.Email.ShouldBeNull();
        settings.Bitbucket!.ProjectKey.ShouldBeNull();
        settings.ReportDirectory.ShouldBe("/srv/mirror-report");
        settings.FailOn.ShouldBe(FailOn.Any);
        settings.LogLevel.ShouldBe(MessageLevel.Info);
        settings.LogFormat.ShouldBe(LogFormat.Text);
        settings.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void The_defaults_of_the_table_are_those_of_the_engine()
    {
        var settings = Given.Build(Given.Minimum);
        var engine = new MirrorOptions { Owners = settings.Mirror.Owners };

        (settings.Mirror with { Filter = engine.Filter, Refs = engine.Refs }).ShouldBe(engine);
        (settings.Mirror.Refs with { Patterns = RefPatternSet.BranchesAndTags }).ShouldBe(engine.Refs);
    }

    [Fact]
    public void An_option_wins_over_an_input_and_that_over_a_variable_and_that_over_the_default()
    {
        var environment = Given.With(("INPUT_GITHUB-API-URL", "https://input.example.com"), ("GITHUB_API_URL", "https://variable.example.com"));

        Given.Build(environment, ("github-api-url", "https://option.example.com")).GitHub!.ApiUrl.Host.ShouldBe("option.example.com");
        Given.Build(environment).GitHub!.ApiUrl.Host.ShouldBe("input.example.com");
        environment["INPUT_GITHUB-API-URL"] = "  ";
        Given.Build(environment).GitHub!.ApiUrl.Host.ShouldBe("variable.example.com");
        environment["GITHUB_API_URL"] = "";
        Given.Build(environment).GitHub!.ApiUrl.Host.ShouldBe("api.github.com");
    }

    [Fact]
    public void The_environment_alone_is_enough()
    {
        var settings = Given.Build(
            new(StringComparer.Ordinal)
            {
                ["GITHUB_REPOSITORY_OWNER"] = "acme",
                ["GITHUB_TOKEN"] = "ghs_1",
                ["MIRROR_BITBUCKET_USERNAME"] = "acme-mirror",
                ["MIRROR_BITBUCKET_API_TOKEN"] = "ATATT3x",
                ["MIRROR_BITBUCKET_EMAIL"] = "ops@acme.example",
            }
        );

        settings.Mirror.Owners.ShouldBe(["acme"]);
        settings.GitHub!.Token.ShouldBe("ghs_1");
        settings.Sides[^1].Owner.ShouldBe("acme-mirror");
        settings.Bitbucket!.Token.ShouldBe("ATATT3x");
        settings.Bitbucket!.Email.ShouldBe("ops@acme.example");
        settings.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Values_are_trimmed_and_lists_are_split()
    {
        var settings = Given.Build(
            Given.With(
                ("INPUT_GITHUB-OWNER", " acme\nACME, beta \n"),
                ("INPUT_REPOSITORIES", "web*,/^lib-\\d{1,2}$/"),
                ("INPUT_EXCLUDE", "old"),
                ("INPUT_REFS", "refs/heads/*\n^refs/heads/tmp/*"),
                ("INPUT_BITBUCKET-TOKEN", " tok1 \n")
            )
        );

        settings.Mirror.Owners.ShouldBe(["acme", "beta"]);
        settings.Mirror.Filter.Include.Select(pattern => pattern.Text).ShouldBe(["web*", "/^lib-\\d{1,2}$/"]);
        settings.Mirror.Filter.Exclude.Select(pattern => pattern.Text).ShouldBe(["old"]);
        settings.Mirror.Refs.Patterns.ToString().ShouldBe("refs/heads/*, ^refs/heads/tmp/*");
        settings.Bitbucket!.Token.ShouldBe("tok1");
    }

    [Fact]
    public void Every_choice_reaches_the_engine()
    {
        var settings = Given.Build(
            Given.With(
                ("INPUT_MODE", "plan"),
                ("INPUT_VISIBILITY", "public"),
                ("INPUT_FORKS", "only"),
                ("INPUT_ARCHIVED", "exclude"),
                ("INPUT_DESTINATION-VISIBILITY", "source"),
                ("INPUT_PRUNE", "false"),
                ("INPUT_PRUNE-LIMIT", "20"),
                ("INPUT_KEEP-OVERWRITTEN", "FALSE"),
                ("INPUT_KEEP-DAYS", "0"),
                ("INPUT_ADOPT", "True"),
                ("INPUT_CONCURRENCY", "64"),
                ("INPUT_TIMEOUT-MINUTES", "0"),
                ("INPUT_CREATE-INTERVAL", "2s"),
                ("INPUT_MAX-ATTEMPTS", "1"),
                ("INPUT_FAIL-ON", "never"),
                ("INPUT_LOG-LEVEL", "warning"),
                ("INPUT_LOG-FORMAT", "json"),
                ("INPUT_BITBUCKET-PROJECT", "MIR_1")
            )
        );

        settings.ModeName.ShouldBe("plan");
        settings.Mirror.Filter.OnlyPrivate.ShouldBe(false);
        settings.Mirror.Filter.Forks.ShouldBe(Inclusion.Only);
        settings.Mirror.Filter.Archived.ShouldBe(Inclusion.Exclude);
        settings.Mirror.FollowSourceVisibility.ShouldBeTrue();
        settings.Mirror.Refs.Prune.ShouldBeFalse();
        settings.Mirror.Refs.PruneLimit.ShouldBe(PruneLimit.Count(20));
        settings.Mirror.Refs.KeepOverwritten.ShouldBeFalse();
        settings.Mirror.Refs.KeepFor.ShouldBeNull();
        settings.Mirror.Refs.Adopt.ShouldBeTrue();
        settings.Mirror.Concurrency.ShouldBe(64);
        settings.Mirror.Timeout.ShouldBe(Timeout.InfiniteTimeSpan);
        settings.Mirror.CreateInterval.ShouldBe(TimeSpan.FromSeconds(2));
        settings.Mirror.Refs.MaxAttempts.ShouldBe(1);
        settings.FailOn.ShouldBe(FailOn.Never);
        settings.LogLevel.ShouldBe(MessageLevel.Warning);
        settings.LogFormat.ShouldBe(LogFormat.Json);
        settings.Bitbucket!.ProjectKey.ShouldBe("MIR_1");
    }

    [Fact]
    public void All_problems_are_told_at_once_and_each_names_its_input_as_given()
    {
        var problems = Given.ProblemsOf(
            new(StringComparer.Ordinal)
            {
                ["INPUT_PRUNE"] = "maybe",
                ["MIRROR_BITBUCKET_USERNAME"] = "Acme Mirror",
                ["INPUT_CONCURRENCY"] = "65",
                ["INPUT_FORKS"] = "some",
            },
            ("log-level", "loud")
        );

        problems.Count.ShouldBe(7);
        problems.ShouldContain("prune (INPUT_PRUNE): expected true or false, not 'maybe'.");
        problems.ShouldContain(p => p.StartsWith("bitbucket-workspace (MIRROR_BITBUCKET_USERNAME): 'Acme Mirror' is not a valid workspace slug"));
        problems.ShouldContain("concurrency (INPUT_CONCURRENCY): expected a whole number from 1 to 64, not '65'.");
        problems.ShouldContain("forks (INPUT_FORKS): 'some' is not known; allowed: include, exclude, only.");
        problems.ShouldContain("--log-level: 'loud' is not known; allowed: debug, info, warning, error.");
        problems.ShouldContain(p => p.StartsWith("--github-owner: required"));
        problems.ShouldContain(p => p.StartsWith("bitbucket-token (MIRROR_BITBUCKET_API_TOKEN): required"));
    }

    [Fact]
    public void What_is_missing_in_a_step_is_called_as_the_step_gives_it()
    {
        var problems = Given.ProblemsOf(new(StringComparer.Ordinal) { ["GITHUB_ACTIONS"] = "true" });

        problems.ShouldContain(p => p.StartsWith("bitbucket-workspace (INPUT_BITBUCKET-WORKSPACE): required"));
        problems.ShouldContain(p => p.StartsWith("bitbucket-token (INPUT_BITBUCKET-TOKEN): required"));
    }

    [Fact]
    public void A_missing_workspace_is_told_with_the_place_where_its_slug_stands()
    {
        var environment = Given.Minimum;
        environment.Remove("INPUT_BITBUCKET-WORKSPACE");

        Given.ProblemsOf(environment).ShouldHaveSingleItem().ShouldContain("the part after https://bitbucket.org/");
    }

    [Theory]
    [InlineData("INPUT_MODE", "sync", "allowed: mirror, plan")]
    [InlineData("INPUT_GITHUB-OWNER", "https://github.com/acme", "is not a valid login")]
    [InlineData("INPUT_GITHUB-OWNER", "acme corp", "is not a valid login")]
    [InlineData("INPUT_GITHUB-OWNER", ",", "expected the login")]
    [InlineData("INPUT_BITBUCKET-WORKSPACE", "Acme", "lower-case")]
    [InlineData("INPUT_BITBUCKET-PROJECT", "mirror", "project key")]
    [InlineData("INPUT_BITBUCKET-EMAIL", "joe", "not a username")]
    [InlineData("INPUT_BITBUCKET-EMAIL", "@acme", "e-mail")]
    [InlineData("INPUT_BITBUCKET-TOKEN", "two words", "copy the token again")]
    [InlineData("INPUT_GITHUB-TOKEN", "line\nbreak", "copy the token again")]
    [InlineData("INPUT_REFS", "heads/main", "refs/")]
    [InlineData("INPUT_REFS", "refs/pull/1/*", "refs/pull/*")]
    [InlineData("INPUT_REFS", "^refs/heads/x", "only leaves refs out")]
    [InlineData("INPUT_REPOSITORIES", "/(/", "not a regular expression")]
    [InlineData("INPUT_PRUNE-LIMIT", "101%", "50%")]
    [InlineData("INPUT_TIMEOUT-MINUTES", "-1", "whole number")]
    [InlineData("INPUT_MAX-ATTEMPTS", "0", "from 1")]
    [InlineData("INPUT_GITHUB-API-URL", "https://a:b@github.com", "use github-token instead")]
    [InlineData("INPUT_BITBUCKET-GIT-URL", "http://bitbucket.org", "in the clear")]
    [InlineData("INPUT_REPORT-DIR", "../elsewhere", "leads out of the workspace")]
    public void A_wrong_value_is_one_problem_that_says_what_was_expected(string name, string value, string expected) =>
        Given.ProblemOf(name, value).ShouldContain(expected);

    [Fact]
    public void Secrets_are_shown_by_no_text_of_the_settings_or_problems()
    {
        Given.Build(Given.Minimum).ToString().ShouldNotContain("Destination\"");
        var settings = Given.Build(Given.Minimum);
        $"{settings} {settings.Settings} {settings.GitHub} {settings.Bitbucket}".ShouldSatisfyAllConditions(
            text => text.ShouldNotContain("ghp_source"),
            text => text.ShouldNotContain("ATCTT3xDestination")
        );
        Given.ProblemOf("INPUT_BITBUCKET-TOKEN", "se cret").ShouldNotContain("cret");
    }

    [Fact]
    public void Credentials_that_do_not_fit_together_are_warned_of()
    {
        Given.Build(Given.With(("INPUT_BITBUCKET-TOKEN", "ATATT3xABC"))).Warnings.ShouldHaveSingleItem().ShouldContain("give bitbucket-email");
        Given.Build(Given.With(("INPUT_BITBUCKET-EMAIL", "a@b"))).Warnings.ShouldHaveSingleItem().ShouldContain("leave bitbucket-email out");
        Given
            .Build(Given.With(("INPUT_BITBUCKET-TOKEN", "ATBBxyz"), ("INPUT_BITBUCKET-EMAIL", "a@b")))
            .Warnings.ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                text => text.ShouldContain("app password"),
                text => text.ShouldContain("admin:repository:bitbucket"),
                text => text.ShouldNotContain("ATBB")
            );
        var anonymous = Given.Minimum;
        anonymous.Remove("INPUT_GITHUB-TOKEN");
        Given.Build(anonymous).Warnings.ShouldHaveSingleItem().ShouldContain("60 requests an hour");
    }

    [Theory]
    [InlineData("/ws", "reports", "/ws/reports")]
    [InlineData("/ws", "a/../b", "/ws/b")]
    [InlineData("/ws", "..a", "/ws/..a")]
    [InlineData("/ws", "/tmp/reports", "/tmp/reports")]
    [InlineData("", "reports", "/srv/reports")]
    public void The_report_folder_begins_at_the_workspace(string workspace, string given, string path) =>
        Given.Build(Given.With(("GITHUB_WORKSPACE", workspace), ("INPUT_REPORT-DIR", given))).ReportDirectory.ShouldBe(path);

    [Fact]
    public void A_run_with_debug_logging_shows_everything() =>
        Given.Build(Given.With(("RUNNER_DEBUG", "1"), ("INPUT_LOG-LEVEL", "error"))).LogLevel.ShouldBe(MessageLevel.Debug);
}
