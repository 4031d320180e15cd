using MirrorAction.TestKit;

namespace MirrorAction.Tests.TestKit;

public sealed class WorkflowParserTests
{
    private const string Whole = """
        name: Example
        on:
          workflow_dispatch:
            inputs:
              dry-run: { type: boolean, default: false }
          repository_dispatch:
            types: [pushed]
        permissions: {}
        concurrency: { group: mirror, cancel-in-progress: false }
        jobs:
          plan:
            runs-on: ubuntu-latest
            outputs: { matrix: '${{ steps.plan.outputs.matrix }}' }
            steps:
              - id: plan
                uses: ./
                with: { mode: plan, shard-count: '2' }
          mirror:
            needs: plan
            if: always()
            strategy: { fail-fast: false, matrix: '${{ fromJSON(needs.plan.outputs.matrix) }}' }
            runs-on: ubuntu-latest
            env: { SHARD: '${{ matrix.shard }}' }
            steps:
              - name: Say
                if: strategy.job-index == 0
                env: { TOKEN: '${{ secrets.TOKEN }}' }
                run: echo "$SHARD"
        """;

    [Fact]
    public void Workflow_is_read()
    {
        var workflow = WorkflowParser.Parse("w.yml", Whole);

        workflow.Name.ShouldBe("Example");
        workflow.HasNoPermissions.ShouldBeTrue();
        workflow.Jobs.Select(job => job.Id).ShouldBe(["plan", "mirror"]);
        workflow.Jobs[0].Steps[0].Uses!.Name.ShouldBe(KnownAction.Mirror);
        workflow.Jobs[1].Matrix!.FailFast.ShouldBeFalse();
        workflow.IsStartedBy(WorkflowEvent.RepositoryDispatch("acme/mirror", "pushed")).ShouldBeTrue();
        workflow.IsStartedBy(WorkflowEvent.RepositoryDispatch("acme/mirror", "other")).ShouldBeFalse();
        workflow.IsStartedBy(WorkflowEvent.Schedule("acme/mirror")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("name: Example", "nam: Example", "nam is unknown")]
    [InlineData("name: Example", "name: Example\nname: Twice", "w.yml:2")]
    [InlineData("permissions: {}", "permissions: {}\nruns: x", "runs is unknown")]
    [InlineData("cancel-in-progress", "cancel-in-progres", "is unknown")]
    [InlineData("workflow_dispatch:", "workflow_run:", "the event workflow_run")]
    [InlineData("type: boolean", "type: bool", "has the type bool")]
    [InlineData("default: false", "default: nope", "no boolean")]
    [InlineData("runs-on: ubuntu-latest\n    outputs", "outputs", "must have the key runs-on")]
    [InlineData("needs: plan", "need: plan", "need is unknown")]
    [InlineData("needs: plan", "needs: other", "not there")]
    [InlineData("    needs: plan\n", "", "no `plan` here")]
    [InlineData("needs.plan.outputs.matrix", "needs.plan.outputs.matrx", "no `matrx` here; known are matrix")]
    [InlineData("steps.plan.outputs.matrix", "steps.plan.outputs.matrx", "no `matrx` here")]
    [InlineData("steps.plan.outputs.matrix", "steps.pln.outputs.matrix", "no `pln` here; known are plan")]
    [InlineData("fromJSON", "fromJson5", "does not know the function fromJson5")]
    [InlineData("fail-fast: false", "fail-fast: maybe", "must be true or false")]
    [InlineData("fail-fast: false", "fail-slow: false", "is unknown")]
    [InlineData("if: always()", "if: secrets.TOKEN != ''", "no `secrets` here")]
    [InlineData("if: always()", "if: matrix.shard == '1/2'", "no `matrix` here")]
    [InlineData("if: always()", "if: inputs.dryrun", "no `dryrun` here; known are dry-run")]
    [InlineData("'${{ matrix.shard }}'", "'${{ always() }}'", "in an `if` only")]
    [InlineData("'${{ matrix.shard }}'", "'${{ github.owner }}'", "no `owner` here")]
    [InlineData("'${{ matrix.shard }}'", "'${{ env.SHARD }}'", "no `env` here")]
    [InlineData("uses: ./", "uses: actions/cache@0123456789012345678901234567890123456789", "known are ./")]
    [InlineData("uses: ./", "uses: actions/checkout@v6", "commit of 40 digits")]
    [InlineData("uses: ./", "uses: acme/mirror-action@main", "known are ./")]
    [InlineData("mode: plan", "modus: plan", "modus is unknown")]
    [InlineData("name: Say", "nam: Say", "nam is unknown")]
    [InlineData("run: echo \"$SHARD\"", "shell: pwsh", "must be bash")]
    [InlineData("run: echo \"$SHARD\"", "timeout-minutes: 3", "must have the key run")]
    [InlineData("run: echo \"$SHARD\"", "run: echo ${{ secrets.TOKEN", "does not close it")]
    public void What_is_unknown_or_wrong_is_refused(string old, string changed, string complaint)
    {
        Whole.ShouldContain(old);

        var refused = Should.Throw<WorkflowException>(() => WorkflowParser.Parse("w.yml", Whole.Replace(old, changed, StringComparison.Ordinal)));

        refused.Message.ShouldStartWith("w.yml:");
        refused.Message.ShouldContain(complaint);
    }

    [Theory]
    [InlineData("push: { branches: [main] }", "filters are not understood")]
    [InlineData("schedule: [{ cron: '* * *' }]", "five fields")]
    [InlineData("schedule: [{ cron: 'often a b c d' }]", "five fields")]
    [InlineData("schedule: ", "cron lines")]
    [InlineData("workflow_call: { inputs: { a: { default: x } } }", "must have a type")]
    [InlineData("workflow_call: { inputs: { a: { type: choice } } }", "has the type choice")]
    [InlineData("workflow_call: { outputs: { a: { value: '${{ jobs.b.outputs.c }}' } } }", "no `c` here")]
    [InlineData("workflow_call: { outputs: { a: { value: '${{ needs.b.outputs.c }}' } } }", "no `needs` here")]
    public void Triggers_are_read_strictly(string trigger, string complaint) =>
        Should
            .Throw<WorkflowException>(() =>
                WorkflowParser.Parse("w.yml", $"on:\n  {trigger}\njobs:\n  b: {{ runs-on: x, steps: [{{ run: 'true' }}] }}")
            )
            .Message.ShouldContain(complaint);

    [Theory]
    [InlineData(
        "a: { runs-on: x, needs: b, steps: [{ run: 'true' }] }\n  b: { runs-on: x, needs: a, steps: [{ run: 'true' }] }",
        "one that needs it in turn"
    )]
    [InlineData("a: { uses: ./x.yml, steps: [] }", "steps is unknown")]
    [InlineData("a: { runs-on: x, strategy: { matrix: { include: [{ a: 1 }] } }, steps: [{ run: 'true' }] }", "include or exclude")]
    [InlineData("a: { runs-on: x, container: y, steps: [{ run: 'true' }] }", "container is unknown")]
    [InlineData("a: { runs-on: x, steps: [{ id: s, run: 'true' }, { id: s, run: 'true' }] }", "of another step")]
    [InlineData("a: { runs-on: x, steps: [{ if: steps.s.outcome == 'failure', run: 'true' }, { id: s, run: 'true' }] }", "no `s` here")]
    [InlineData("a: { runs-on: x, steps: [{ run: 'true', working-directory: y }] }", "working-directory is unknown")]
    public void Jobs_are_read_strictly(string jobs, string complaint) =>
        Should.Throw<WorkflowException>(() => WorkflowParser.Parse("w.yml", $"on: push\njobs:\n  {jobs}")).Message.ShouldContain(complaint);

    [Fact]
    public void Called_workflow_knows_only_the_secrets_that_it_declares() =>
        Should
            .Throw<WorkflowException>(() =>
                WorkflowParser.Parse(
                    "w.yml",
                    "on: { workflow_call: { secrets: { one: } } }\njobs: { a: { runs-on: x, steps: [{ env: { A: '${{ secrets.other }}' }, run: 'true' }] } }"
                )
            )
            .Message.ShouldContain("no `other` here");

    [Theory]
    [InlineData("a=1\nb=x=y\n", "a:1 b:x=y")]
    [InlineData("a<<END\none\n\ntwo=2\nEND\nb=\n", "a:one\n\ntwo=2 b:")]
    [InlineData("a=b<<c\n", "a:b<<c")]
    [InlineData("", "")]
    public void Outputs_are_read_as_the_runner_does(string file, string expected) =>
        string.Join(' ', RunnerFileReader.Read(file).Select(output => $"{output.Key}:{output.Value}")).ShouldBe(expected);

    [Theory]
    [InlineData("just text\n")]
    [InlineData("=value\n")]
    [InlineData("a<<END\nvalue\n")]
    public void Broken_outputs_are_refused(string file) => Should.Throw<WorkflowException>(() => RunnerFileReader.Read(file));
}
