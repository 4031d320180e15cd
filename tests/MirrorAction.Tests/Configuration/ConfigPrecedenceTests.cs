using MirrorAction.Inputs;
using MirrorAction.Inputs.Arguments;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Configuration;

public sealed class ConfigPrecedenceTests : IDisposable
{
    private readonly TempFolder _workspace = new("config-");
    private readonly Dictionary<string, string> _environment = Given.Minimum;

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void File_goes_before_the_default()
    {
        Write("concurrency: 3\nfail-on: never\nrules:\n  - match: website\n    skip: true\n");

        var settings = Build();

        settings.Mirror.Concurrency.ShouldBe(3);
        settings.FailOn.ShouldBe(FailOn.Never);
        settings.Mirror.Rules.ShouldHaveSingleItem().Skip.ShouldBe(true);
    }

    [Fact]
    public void Input_and_option_go_before_the_file()
    {
        Write("concurrency: 3\nmax-attempts: 3\n");
        _environment["INPUT_CONCURRENCY"] = "4";
        _environment["INPUT_MAX-ATTEMPTS"] = "4";

        var settings = Build(("max-attempts", "5"));

        settings.Mirror.Concurrency.ShouldBe(4);
        settings.Mirror.Refs.MaxAttempts.ShouldBe(5);
    }

    [Fact]
    public void What_the_file_says_wrongly_is_a_problem_only_where_it_holds()
    {
        Write("concurrency: none\n");
        _environment["INPUT_CONCURRENCY"] = "4";

        Build().Mirror.Concurrency.ShouldBe(4);
    }

    [Fact]
    public void Named_variable_goes_before_the_file()
    {
        Write("bitbucket-workspace: from-file\n");
        _environment.Remove("INPUT_BITBUCKET-WORKSPACE");
        _environment["MIRROR_BITBUCKET_USERNAME"] = "from-variable";
        _environment["GITHUB_ACTIONS"] = "true";

        Build().Sides[^1].Owner.ShouldBe("from-variable");
    }

    [Theory]
    [InlineData(null, "from-variable", "https://variable.example/api/v3", "https://variable.example/")]
    [InlineData("true", "from-file", "https://file.example/api/v3", "https://file.example/")]
    public void Variables_that_the_runner_sets_in_every_step_go_behind_the_file_in_a_step_only(
        string? actions,
        string owner,
        string api,
        string server
    )
    {
        Write("github-owner: from-file\ngithub-api-url: https://file.example/api/v3\ngithub-server-url: https://file.example\n");
        _environment.Remove("INPUT_GITHUB-OWNER");
        _environment["GITHUB_REPOSITORY_OWNER"] = "from-variable";
        _environment["GITHUB_API_URL"] = "https://variable.example/api/v3";
        _environment["GITHUB_SERVER_URL"] = "https://variable.example";
        if (actions is not null)
        {
            _environment["GITHUB_ACTIONS"] = actions;
        }

        var settings = Build();

        settings.Mirror.Owners.ShouldBe([owner]);
        settings.GitHub!.ApiUrl.AbsoluteUri.ShouldBe(api);
        settings.GitHub!.WebUrl.AbsoluteUri.ShouldBe(server);
    }

    [Fact]
    public void Variables_that_the_runner_sets_hold_in_a_step_when_the_file_is_silent()
    {
        Write("concurrency: 3\n");
        _environment.Remove("INPUT_GITHUB-OWNER");
        _environment["GITHUB_REPOSITORY_OWNER"] = "acme-labs";
        _environment["GITHUB_ACTIONS"] = "true";

        Build().Mirror.Owners.ShouldBe(["acme-labs"]);
    }

    [Fact]
    public void Another_file_is_read_when_it_is_named()
    {
        Write("concurrency: 3\n");
        File.WriteAllText(_workspace["other.yml"], "concurrency: 5\n");
        _environment["INPUT_CONFIG"] = "other.yml";

        Build().Mirror.Concurrency.ShouldBe(5);
        Build(("config", _workspace["other.yml"])).Mirror.Concurrency.ShouldBe(5);
    }

    [Fact]
    public void Missing_file_is_a_problem_only_when_it_was_named()
    {
        Build().Mirror.Concurrency.ShouldBe(8);
        _environment["INPUT_CONFIG"] = "other.yml";

        ProblemOf()
            .ShouldBe(
                $"config (INPUT_CONFIG): there is no file {_workspace["other.yml"]}. In a workflow, a checkout (actions/checkout) must come before this step."
            );
    }

    [Fact]
    public void File_outside_the_workspace_must_be_named_absolutely()
    {
        _environment["INPUT_CONFIG"] = "../other.yml";

        ProblemOf().ShouldBe("config (INPUT_CONFIG): '../other.yml' leads out of the workspace; use a file in it, or an absolute path.");
    }

    [Fact]
    public void Folder_and_large_file_are_refused()
    {
        _environment["INPUT_CONFIG"] = ".";
        ProblemOf().ShouldBe("config (INPUT_CONFIG): '.' can't be read: it is a folder");

        File.WriteAllText(_workspace["large.yml"], new string('#', (1024 * 1024) + 1));
        _environment["INPUT_CONFIG"] = "large.yml";
        ProblemOf().ShouldBe("config (INPUT_CONFIG): is larger than 1 MiB; name the YAML file of the mirror.");
    }

    [Fact]
    public void Problems_of_file_and_inputs_are_told_together_and_those_of_the_file_in_its_order()
    {
        Write("prune: maybe\nunknown: 1\nconcurrency: 0\n");
        _environment["INPUT_FORKS"] = "some";

        Problems()
            .ShouldBe([
                "forks (INPUT_FORKS): 'some' is not known; allowed: include, exclude, only.",
                ".github/mirror.yml:1:8: prune: expected true or false, not 'maybe'.",
                ".github/mirror.yml:2:1: 'unknown' is not a setting of this version; remove it; docs/CONFIGURATION.md lists what can stand here.",
                ".github/mirror.yml:3:14: concurrency: expected a whole number from 1 to 64, not '0'.",
            ]);
    }

    [Fact]
    public void What_a_broken_file_might_have_said_is_not_called_missing()
    {
        Write("github-owner: [acme\n");
        _environment.Remove("INPUT_GITHUB-OWNER");

        Problems().ShouldHaveSingleItem().ShouldStartWith(".github/mirror.yml:2:1: is no YAML");
    }

    private void Write(string yaml)
    {
        _workspace.CreateFolder(".github");
        File.WriteAllText(_workspace[".github/mirror.yml"], yaml);
    }

    private GivenSettings Build(params (string Name, string Value)[] options) =>
        Given.BuildFrom(
            new InputSources(
                options.ToDictionary(o => o.Name, o => o.Value, StringComparer.Ordinal),
                new EnvironmentVariables(_environment),
                _workspace.Path
            )
        );

    private string ProblemOf() => Problems().ShouldHaveSingleItem();

    private IReadOnlyList<string> Problems() =>
        [.. Should.Throw<ConfigurationException>(() => Build()).Problems.Select(problem => problem.ToString())];
}
