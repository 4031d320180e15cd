using System.Text.Json.Nodes;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.TestKit;

/// <summary>What the runner makes of jobs and steps; the action's program is a stub that repeats its environment.</summary>
public sealed class WorkflowRunnerTests
{
    private static readonly Uri s_host = new("http://127.0.0.1:9/");

    private readonly WorkflowWorld _world = new()
    {
        MirrorAction = (environment, _) => Task.FromResult(new ProgramOutcome(0, string.Join('\n', environment.Select(v => $"{v.Key}={v.Value}")))),
        ApiUrl = s_host,
        ServerUrl = s_host,
        Token = "the-token",
        MirrorInputs = new Dictionary<string, string> { ["bitbucket-api-url"] = "given by the test", ["mode"] = "given by the test" },
    };

    [Fact]
    public async Task Action_gets_every_input_as_the_runner_names_it()
    {
        var run = await RunAsync(
            "a: { runs-on: x, env: { A: job, B: job }, steps: [{ id: m, uses: ./, with: { mode: plan, prune: false }, env: { B: step } }] }"
        );

        var lines = run["a"]["m"].Log.Split('\n');
        lines.ShouldContain("INPUT_MODE=plan");
        lines.ShouldContain("INPUT_PRUNE=false");
        lines.ShouldContain("INPUT_GITHUB-TOKEN=the-token"); // The default of action.yml.
        lines.ShouldContain("INPUT_REFS=");
        lines.ShouldContain("INPUT_BITBUCKET-API-URL=given by the test");
        lines.ShouldContain("A=job");
        lines.ShouldContain("B=step");
        lines.ShouldContain("GITHUB_REPOSITORY_OWNER=acme");
        lines.ShouldNotContain(line => line.StartsWith("GITHUB_TOKEN="));
    }

    [Fact]
    public async Task Steps_pass_outputs_on_and_stop_at_a_failure()
    {
        var run = await RunAsync(
            """
            a:
              runs-on: x
              outputs: { said: '${{ steps.one.outputs.word }}-${{ steps.two.outcome }}-${{ steps.two.conclusion }}' }
              steps:
                - { id: one, run: 'echo "word=hello" >>"$GITHUB_OUTPUT"; echo "# Done" >>"$GITHUB_STEP_SUMMARY"' }
                - { id: two, continue-on-error: true, run: exit 3 }
                - { id: three, run: 'false; echo "bash -e did not stop"' }
                - { id: four, run: 'true' }
                - { id: five, if: failure(), env: { WORD: '${{ steps.one.outputs.word }}' }, run: 'echo "$WORD"' }
                - { id: six, if: success(), run: 'true' }
            """
        );

        run["a"].Steps.Select(step => step.Outcome).ShouldBe(["success", "failure", "failure", "skipped", "success", "skipped"]);
        run["a"].Outputs["said"].ShouldBe("hello-failure-success");
        run["a"]["one"].Summary.ShouldBe("# Done\n");
        run["a"]["three"].Log.ShouldBeEmpty();
        run["a"]["five"].Log.ShouldBe("hello\n");
        run.Result.ShouldBe("failure");
    }

    [Fact]
    public async Task Jobs_wait_for_those_that_they_need_and_are_skipped_when_these_fail()
    {
        var run = await RunAsync(
            """
            last: { needs: [after], if: always(), runs-on: x, steps: [{ env: { R: '${{ needs.after.result }}' }, run: 'echo "$R"' }] }
            after: { needs: broken, runs-on: x, steps: [{ run: 'true' }] }
            rescue: { needs: after, if: failure(), runs-on: x, steps: [{ run: 'true' }] }
            broken: { runs-on: x, steps: [{ run: 'false' }] }
            apart: { runs-on: x, if: github.event_name == 'push', steps: [{ run: 'true' }] }
            """
        );

        run.Jobs.ToDictionary(job => job.Id, job => job.Result)
            .ShouldBe(
                new Dictionary<string, string>
                {
                    ["broken"] = "failure",
                    ["after"] = "skipped",
                    ["last"] = "success",
                    ["rescue"] = "success",
                    ["apart"] = "success",
                },
                ignoreOrder: true
            );
        run["last"].Log.ShouldBe("skipped\n");
    }

    [Theory]
    [InlineData("true", "success failure cancelled cancelled")]
    [InlineData("false", "success failure success success")]
    public async Task Matrix_runs_every_combination_unless_it_fails_fast(string failFast, string results)
    {
        var run = await RunAsync(
            $$$"""
            a:
              strategy: { fail-fast: {{{failFast}}}, matrix: { letter: [a, b], number: '${{ fromJSON(''[1,2]'') }}' } }
              runs-on: x
              outputs: { last: '${{ matrix.letter }}${{ matrix.number }}' }
              steps: [{ env: { I: '${{ strategy.job-index }}' }, run: 'echo "$I"; [ "$I" != 1 ]' }]
            b: { needs: a, if: always(), runs-on: x, steps: [{ env: { R: '${{ needs.a.result }} ${{ needs.a.outputs.last }}' }, run: 'echo "$R"' }] }
            """
        );

        string.Join(' ', run.Jobs.Where(job => job.Id == "a").Select(job => job.Result)).ShouldBe(results);
        run["b"].Log.ShouldBe(failFast == "true" ? "failure a2\n" : "failure b2\n");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("'${{ fromJSON(''[]'') }}'")]
    public async Task Matrix_without_values_is_refused(string list) =>
        await Should.ThrowAsync<WorkflowException>(
            RunAsync($"a: {{ strategy: {{ matrix: {{ n: {list} }} }}, runs-on: x, steps: [{{ run: 'true' }}] }}")
        );

    [Theory]
    [InlineData("[1,2]")]
    [InlineData("""{"include":[{"n":1}]}""")]
    public async Task Computed_matrix_of_another_shape_is_refused(string matrix) =>
        await Should.ThrowAsync<WorkflowException>(
            RunAsync($"a: {{ strategy: {{ matrix: '${{{{ fromJSON(''{matrix}'') }}}}' }}, runs-on: x, steps: [{{ run: 'true' }}] }}")
        );

    [Fact]
    public async Task Artifacts_go_from_job_to_job()
    {
        const string pin = "0123456789012345678901234567890123456789";
        var run = await RunAsync(
            $$$"""
            make:
              strategy: { matrix: { n: [1, 2] } }
              runs-on: x
              steps:
                - { env: { N: '${{ matrix.n }}' }, run: 'mkdir -p out/deep; echo "$N" >out/deep/$N.txt' }
                - { uses: actions/upload-artifact@{{{pin}}}, with: { name: 'part-${{ matrix.n }}', path: out/ } }
            other:
              runs-on: x
              steps:
                - { run: 'echo one >file; echo two >other' }
                - { uses: actions/upload-artifact@{{{pin}}}, with: { name: single, path: file } }
                - { id: none, uses: actions/upload-artifact@{{{pin}}}, with: { name: none, path: absent } }
                - { id: must, continue-on-error: true, uses: actions/upload-artifact@{{{pin}}}, with: { name: none, path: absent, if-no-files-found: error } }
                - { id: twice, continue-on-error: true, uses: actions/upload-artifact@{{{pin}}}, with: { name: single, path: other } }
            take:
              needs: [make, other]
              runs-on: x
              steps:
                - { uses: actions/download-artifact@{{{pin}}}, with: { pattern: part-*, path: apart } }
                - { uses: actions/download-artifact@{{{pin}}}, with: { pattern: part-*, path: together, merge-multiple: true } }
                - { uses: actions/download-artifact@{{{pin}}}, with: { name: single } }
                - { id: absent, continue-on-error: true, uses: actions/download-artifact@{{{pin}}}, with: { name: none } }
                - { run: 'find . -type f | sort' }
            """
        );

        run["other"].Steps.Select(step => step.Outcome).ShouldBe(["success", "success", "success", "failure", "failure"]);
        run["take"]["absent"].Outcome.ShouldBe("failure");
        run["take"]
            .Steps[^1]
            .Log.ShouldBe("./apart/part-1/deep/1.txt\n./apart/part-2/deep/2.txt\n./file\n./together/deep/1.txt\n./together/deep/2.txt\n");
    }

    [Fact]
    public async Task Checkout_brings_the_given_files()
    {
        _world.Files[".github/mirror.yml"] = "mode: plan\n";

        var run = await RunAsync(
            "a: { runs-on: x, steps: [{ uses: actions/checkout@0123456789012345678901234567890123456789 }, { run: cat .github/mirror.yml }] }"
        );

        run.Log.ShouldBe("mode: plan\n");
    }

    [Fact]
    public async Task Call_gives_typed_inputs_and_named_secrets_and_gets_outputs()
    {
        _world.Secrets["mine"] = "s3cret";
        _world.Secrets["other"] = "not handed over";
        _world.Callable["./called.yml"] = Called;

        var run = await RunAsync(
            """
            c: { uses: ./called.yml, with: { flag: true }, secrets: { one: '${{ secrets.mine }}' } }
            after: { needs: c, runs-on: x, steps: [{ env: { O: '${{ needs.c.outputs.out }}' }, run: 'echo "$O"' }] }
            """
        );

        run["c/j"].Log.ShouldBe("true 8 s3cret\n");
        run["after"].Log.ShouldBe("true 8 s3cret\n");
    }

    [Theory]
    [InlineData("with: { flag: true, more: 1 }, secrets: { one: x }", "no input more")]
    [InlineData("with: { flag: 'true' }, secrets: { one: x }", "no boolean")]
    [InlineData("with: { flag: true, count: many }, secrets: { one: x }", "no number")]
    [InlineData("secrets: { one: x }", "the input flag is required")]
    [InlineData("with: { flag: true }", "the secret one is required")]
    [InlineData("with: { flag: true }, secrets: { one: x, two: x }", "no secret two")]
    public async Task Call_that_does_not_fit_is_refused(string call, string complaint)
    {
        _world.Callable["./called.yml"] = Called;

        (await Should.ThrowAsync<WorkflowException>(RunAsync($"c: {{ uses: ./called.yml, {call} }}"))).Message.ShouldContain(complaint);
        (await Should.ThrowAsync<WorkflowException>(RunAsync("c: { uses: ./unknown.yml }"))).Message.ShouldContain("no workflow ./unknown.yml");
    }

    [Theory]
    [InlineData("echo A=b >>\"$GITHUB_ENV\"", "GITHUB_ENV")]
    [InlineData("echo /bin >>\"$GITHUB_PATH\"", "GITHUB_PATH")]
    [InlineData("echo nothing >>\"$GITHUB_OUTPUT\"", "neither name=value")]
    public async Task What_a_script_does_and_the_runner_does_not_understand_is_refused(string script, string complaint) =>
        (await Should.ThrowAsync<WorkflowException>(RunAsync($"a: {{ runs-on: x, steps: [{{ run: '{script}' }}] }}"))).Message.ShouldContain(
            complaint
        );

    [Fact]
    public async Task Scripts_see_nothing_of_the_tests_environment()
    {
        var run = await RunAsync("a: { runs-on: x, steps: [{ run: 'env | cut -d= -f1' }] }");

        var shells = new HashSet<string> { "CI", "PATH", "HOME", "PWD", "OLDPWD", "SHLVL", "_" };
        run.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ShouldAllBe(name => name.StartsWith("GITHUB_") || name.StartsWith("RUNNER_") || shells.Contains(name));
    }

    private static Workflow Called =>
        WorkflowParser.Parse(
            "called.yml",
            """
            on:
              workflow_call:
                inputs: { flag: { type: boolean, required: true }, count: { type: number, default: 8 } }
                secrets: { one: { required: true } }
                outputs: { out: { value: '${{ jobs.j.outputs.all }}' } }
            jobs:
              j:
                runs-on: x
                outputs: { all: '${{ steps.s.outputs.all }}' }
                steps:
                  - id: s
                    env: { ALL: '${{ inputs.flag }} ${{ inputs.count }} ${{ secrets.one }}' }
                    run: echo "$ALL"; echo "all=$ALL" >>"$GITHUB_OUTPUT"
            """
        );

    private async Task<WorkflowRun> RunAsync(string jobs)
    {
        using var runner = new WorkflowRunner(_world);
        return await runner.RunAsync(
            WorkflowParser.Parse("w.yml", $"on: push\njobs:\n  {jobs.ReplaceLineEndings("\n  ")}"),
            WorkflowEvent.Push("acme/website")
        );
    }
}
