using System.Text.RegularExpressions;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Action;

/// <summary>Holds every workflow that is shown or run, on pages too, to <c>action.yml</c> and to the program's own reading of its inputs.</summary>
public sealed partial class WorkflowTests
{
    /// <summary>The inputs of others' actions that the workflows for users give.</summary>
    private static readonly Dictionary<string, string[]> s_others = new(StringComparer.Ordinal)
    {
        ["actions/checkout"] = ["persist-credentials"],
        ["actions/upload-artifact"] = ["name", "path", "if-no-files-found", "overwrite", "retention-days"],
        ["actions/download-artifact"] = ["name", "pattern", "path", "merge-multiple"],
    };

    private const string Whole = """
        on:
          workflow_dispatch:
            inputs:
              dry-run: { type: boolean, default: true }
              level: { type: choice, options: [info, debug] }
        jobs:
          mirror:
            runs-on: ubuntu-latest
            steps:
              - id: mirror
                uses: ./
                with:
                  mode: ${{ inputs.dry-run && 'plan' || 'mirror' }}
                  log-level: ${{ inputs.level }}
                  shard: ${{ matrix.shard }}
                  bitbucket-workspace: acme-mirror
                  bitbucket-token: ${{ secrets.TOKEN }}
              - run: echo "$FAILED"
                env:
                  FAILED: ${{ steps.mirror.outputs.failed }}
        """;

    public static TheoryData<string> Shown =>
        [
            .. Directory
                .EnumerateFiles(Checkout.PathOf("examples"), "*.yml")
                .Append(Checkout.PathOf(".github", "workflows", "mirror-all.yml"))
                .Select(file => Path.GetRelativePath(Checkout.Root, file))
                .Order(),
        ];

    public static TheoryData<string> Own =>
        [
            .. Directory
                .EnumerateFiles(Checkout.PathOf(".github", "workflows"), "*.yml")
                .Select(file => Path.GetRelativePath(Checkout.Root, file))
                .Where(file => !file.EndsWith("mirror-all.yml", StringComparison.Ordinal))
                .Order(),
        ];

    public static TheoryData<string> Pages =>
        [
            .. Directory
                .EnumerateFiles(Checkout.PathOf("docs"), "*.md")
                .Concat(Directory.EnumerateFiles(Checkout.PathOf("examples"), "*.md"))
                .Append(Checkout.PathOf("README.md"))
                .Select(file => Path.GetRelativePath(Checkout.Root, file))
                .Order(),
        ];

    [Theory]
    [MemberData(nameof(Shown))]
    public void Program_takes_what_an_example_gives_it_whatever_its_form_says(string file) =>
        StepCheck.ProblemsOf(WorkflowFile.Load(file)).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Own))]
    public void Program_takes_what_the_projects_own_workflows_give_it_but_for_the_step_that_is_wrong_on_purpose(string file)
    {
        var problems = StepCheck.ProblemsOf(WorkflowFile.Load(file));

        if (Path.GetFileName(file) == "ci.yml")
            problems.ShouldHaveSingleItem().ShouldContain("bitbucket-workspace");
        else
            problems.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Program_takes_what_pages_show(string page)
    {
        foreach (var block in DocumentedYaml.Of(page))
        {
            var workflow = block.Read();
            if (!block.IsWorkflow)
                workflow = WorkflowFile.Parse(page, workflow.Text + MissingIn(workflow));
            StepCheck.ProblemsOf(workflow).ShouldBeEmpty(workflow.Text);
            workflow.Steps.SelectMany(ProblemsOfOthers).ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("mode: ${{ inputs.dry-run && 'plan' || 'mirror' }}", "modus: plan", "modus: the action has no such input.")]
    [InlineData("'plan'", "'paln'", "'paln'")]
    [InlineData("'plan'", "'report-all'", "'report-all'")]
    [InlineData("[info, debug]", "[info, loud]", "'loud'")]
    [InlineData("log-level: ${{ inputs.level }}", "prune: ${{ inputs.level }}", "'info'")]
    [InlineData("log-level: ${{ inputs.level }}", "concurrency: 65", "64")]
    [InlineData("log-level: ${{ inputs.level }}", "keep: 3", "has a meaning only with mode backup")]
    [InlineData("log-level: ${{ inputs.level }}", "dry-run: true", "has a meaning only with mode restore")]
    [InlineData("          bitbucket-workspace: acme-mirror\n", "", "bitbucket-workspace")]
    [InlineData("          bitbucket-token: ${{ secrets.TOKEN }}\n", "", "bitbucket-token")]
    [InlineData("outputs.failed", "outputs.fialed", "steps.mirror.outputs.fialed: the action has no such output.")]
    public void Program_says_what_is_wrong(string old, string changed, string complaint)
    {
        StepCheck.ProblemsOf(WorkflowFile.Parse("w.yml", Whole)).ShouldBeEmpty();
        Whole.ShouldContain(old);

        var problems = StepCheck.ProblemsOf(WorkflowFile.Parse("w.yml", Whole.Replace(old, changed, StringComparison.Ordinal)));

        problems.ShouldContain(problem => problem.Contains(complaint, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("runs-on: ", "run-on: ", "run-on is unknown")]
    [InlineData("uses: ./", "use: ./", "use is unknown")]
    [InlineData("uses: ./", "uses: ./\n        uses: ./", "Duplicate key")]
    public void Job_or_step_with_an_unknown_key_is_refused(string old, string changed, string complaint) =>
        Should
            .Throw<InvalidDataException>(() => WorkflowFile.Parse("w.yml", Whole.Replace(old, changed, StringComparison.Ordinal)))
            .Message.ShouldContain(complaint);

    [Fact]
    public void Expression_names_only_what_the_form_has() =>
        Should
            .Throw<InvalidDataException>(() =>
                StepCheck.ProblemsOf(WorkflowFile.Parse("w.yml", Whole.Replace("inputs.level", "inputs.levle", StringComparison.Ordinal)))
            )
            .Message.ShouldContain("inputs.levle");

    [Theory]
    [MemberData(nameof(Shown))]
    public void Example_gives_its_token_nothing_and_each_job_a_limit(string file)
    {
        var workflow = WorkflowFile.Load(file);

        WorkflowFile.Find(workflow.Root, "permissions").ShouldNotBeNull();
        WorkflowFile.Entries(WorkflowFile.Find(workflow.Root, "permissions")).ShouldBeEmpty(); // What the token may do is given job by job.
        workflow.Jobs.Where(job => job.Calls is null).ShouldAllBe(job => job.TimeoutMinutes != null);
        workflow.Steps.Where(step => step.Run is not null && WorkflowStep.ExpressionsOf(step.Run).Any()).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Shown))]
    public void Actions_of_others_are_those_of_the_projects_own_workflows(string file)
    {
        var own = string.Concat(
            ((string[])["ci.yml", "release.yml"]).Select(name => File.ReadAllText(Checkout.PathOf(".github", "workflows", name)))
        );
        var workflow = WorkflowFile.Load(file);

        workflow.Steps.SelectMany(ProblemsOfOthers).ShouldBeEmpty();
        foreach (Match uses in OthersAction().Matches(workflow.Text))
            own.ShouldContain(uses.Value);
    }

    [Theory]
    [InlineData("on-demand.yml", "${{ inputs.dry-run && 'Plan' || 'Mirror' }}")]
    [InlineData("restore.yml", "${{ inputs.dry-run && 'Dry run' || 'Restore' }}")]
    public void Form_writes_nothing_unless_it_is_changed_and_the_job_is_called_by_what_it_does(string file, string name)
    {
        var workflow = WorkflowFile.Load("examples", file);

        workflow.Form.Single(input => input.Name == "dry-run").Default.ShouldBe("true");
        workflow.Jobs.Single().Name.ShouldBe(name);
    }

    [Theory]
    [MemberData(nameof(Shown))]
    public void Report_is_kept_when_the_mirror_fails(string file) =>
        WorkflowFile
            .Load(file)
            .Steps.Where(step => step.Uses?.StartsWith("actions/upload-artifact@", StringComparison.Ordinal) == true)
            .ShouldAllBe(step => step.If == "always()");

    [Theory]
    [MemberData(nameof(Shown))]
    public void Examples_and_the_page_about_them_name_each_other(string file)
    {
        if (file.StartsWith("examples", StringComparison.Ordinal))
            File.ReadAllText(Checkout.PathOf("examples", "README.md")).ShouldContain($"({Path.GetFileName(file)})");
    }

    [Fact]
    public void Caller_gives_the_reusable_workflow_what_it_takes()
    {
        var called = WorkflowFile.Load("examples", "reusable.yml");
        var caller = WorkflowFile.Load("examples", "call-reusable.yml");
        var call = caller.Jobs.Single(job => job.Calls is not null);
        var secrets = WorkflowFile.Entries(WorkflowFile.Find(called.Root, "on", "workflow_call", "secrets")).ToDictionary();
        var outputs = WorkflowFile.Entries(WorkflowFile.Find(called.Root, "on", "workflow_call", "outputs")).Select(output => output.Key);

        call.Calls.ShouldBe("acme/workflows/.github/workflows/reusable.yml@v1");
        call.With.Keys.ShouldBeSubsetOf(called.Form.Select(input => input.Name));
        called.Form.Where(input => input.IsRequired).ShouldAllBe(input => call.With.ContainsKey(input.Name));
        call.Secrets.Keys.ShouldBeSubsetOf(secrets.Keys);
        secrets
            .Where(secret => WorkflowFile.Find(secret.Value, "required")?.ToString() == "true")
            .ShouldAllBe(secret => call.Secrets.ContainsKey(secret.Key));
        NeedsOutput().Matches(caller.Text).Select(match => match.Groups[1].Value).ShouldBeSubsetOf(outputs);
    }

    /// <summary>What a piece leaves to the workflow around it.</summary>
    private static string MissingIn(WorkflowFile piece)
    {
        var given = piece.Steps.FirstOrDefault(step => step.IsMirror)?.With.Keys ?? [];
        var env = "env: { MIRROR_BITBUCKET_USERNAME: acme-mirror";
        return "\n" + env + (given.Contains("bitbucket-oauth-key") ? " }\n" : ", MIRROR_BITBUCKET_API_TOKEN: a-token }\n");
    }

    private static IEnumerable<string> ProblemsOfOthers(WorkflowStep step)
    {
        if (step.Uses is null || step.IsMirror)
            return [];
        var parts = step.Uses.Split('@');
        if (!s_others.TryGetValue(parts[0], out var inputs))
            return [$"{step.Uses}: is not among the actions that examples use."];
        if (parts is not [_, { Length: 40 } commit] || !commit.All(char.IsAsciiHexDigitLower))
            return [$"{step.Uses}: expected a commit of 40 digits behind the @; tags and branches can be moved."];
        return step.With.Keys.Except(inputs).Select(input => $"{step.Uses}: has no input {input}.");
    }

    [GeneratedRegex(@"(?<=uses: )(?!acme/)[\w-]+/\S+@\S+ # v[\d.]+")]
    private static partial Regex OthersAction();

    [GeneratedRegex(@"\bneeds\.mirror\.outputs\.([\w-]+)")]
    private static partial Regex NeedsOutput();
}
