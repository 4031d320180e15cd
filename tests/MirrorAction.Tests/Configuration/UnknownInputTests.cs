using MirrorAction.Inputs.Arguments;
using MirrorAction.Tests.Runner;

namespace MirrorAction.Tests.Configuration;

/// <summary>A key of <c>with:</c> that is no input: the run it was to narrow would take too much.</summary>
public sealed class UnknownInputTests
{
    [Theory]
    [InlineData("INPUT_EXLUDE", "exclude")]
    [InlineData("INPUT_REPOSITORY", "repositories")]
    [InlineData("INPUT_REPOS", "repositories")]
    [InlineData("INPUT_VISIBLITY", "visibility")]
    [InlineData("INPUT_FORK", "forks")]
    [InlineData("INPUT_ARCHIVE", "archived")]
    [InlineData("INPUT_PRUEN", "prune")]
    [InlineData("INPUT_PRUNELIMIT", "prune-limit")]
    [InlineData("INPUT_DRYRUN", "dry-run")]
    [InlineData("INPUT_OWNER", "github-owner")]
    [InlineData("INPUT_GITHUB_OWNER", "github-owner")] // As tools write it that can't have hyphens.
    [InlineData("INPUT_BITBUCKET_WORKSPACE", "bitbucket-workspace")]
    [InlineData("INPUT_exclude", "exclude")]
    public void Name_near_to_an_input_is_a_problem_that_says_which(string variable, string nearest)
    {
        var problem = Given.ProblemOf(variable, "x");

        problem.ShouldStartWith($"{variable["INPUT_".Length..].ToLowerInvariant()} ({variable}): ");
        problem.ShouldContain($"'{nearest}' (INPUT_{nearest.ToUpperInvariant()})");
    }

    [Theory]
    [InlineData("INPUT_SUBMODULES")]
    [InlineData("INPUT_WHO-TO-GREET")]
    [InlineData("INPUT_NODE-VERSION")]
    public void Name_of_something_else_is_a_warning(string variable) =>
        Given.Build(Given.With((variable, "x"))).Warnings.ShouldBe([$"{variable} is not an input of this version and is ignored."]);

    [Theory]
    [InlineData("INPUT_ARGS", "x")]
    [InlineData("INPUT_ENTRYPOINT", "x")]
    [InlineData("INPUT_EXLUDE", " ")] // Nothing is given.
    [InlineData("INPUTS_EXLUDE", "x")]
    public void What_the_runner_sets_and_what_is_empty_is_nothing(string variable, string value) =>
        Given.Build(Given.With((variable, value))).Warnings.ShouldBeEmpty();

    [Fact]
    public void All_such_names_are_told_together_with_what_else_is_wrong()
    {
        var problems = Given.ProblemsOf(Given.With(("INPUT_REPOSITORY", "a"), ("INPUT_EXLUDE", "b"), ("INPUT_PRUNE", "perhaps")));

        problems.Count.ShouldBe(3);
        problems.ShouldContain(problem => problem.StartsWith("exlude (INPUT_EXLUDE)"));
        problems.ShouldContain(problem => problem.StartsWith("repository (INPUT_REPOSITORY)"));
        problems.ShouldContain(problem => problem.StartsWith("prune (INPUT_PRUNE)"));
    }

    [Theory]
    [MemberData(nameof(Given.Modes), MemberType = typeof(Given))]
    [InlineData("report")]
    public async Task No_mode_begins_with_a_mistyped_input(string mode)
    {
        using var program = ProgramHarness.Idle().OnActions();
        program.Environment["INPUT_MODE"] = mode;
        program.Environment["INPUT_REPORT_DIR"] = "x";

        (await program.RunAsync()).ShouldBe(2, program.Output);

        program.Output.ShouldContain("::error::report_dir (INPUT_REPORT_DIR)");
        program.Output.ShouldContain("'report-dir'");
    }
}
