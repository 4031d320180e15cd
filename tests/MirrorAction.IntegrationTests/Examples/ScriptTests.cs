using System.Diagnostics;
using System.Text.Json.Nodes;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Examples;

/// <summary>The scripts of the examples, read by bash as the runner lets it read them.</summary>
public sealed class ScriptTests : IDisposable
{
    private static readonly WorkflowFile s_notify = ExampleWorld.Example("notify-mirror.yml");
    private static readonly WorkflowFile s_onPush = ExampleWorld.Example("on-push.yml");
    private static readonly WorkflowFile s_verify = ExampleWorld.Example("verify.yml");

    private readonly TempFolder _folder = new("script-");

    public void Dispose() => _folder.Dispose();

    /// <summary>Where <c>verify.yml</c> puts the last report.</summary>
    public static string DownloadFolder() => s_verify["Fetch the last report of the mirror"].Run!.Trim().Split(' ')[^1];

    [Fact]
    public async Task Push_tells_the_mirror_which_repository_it_was()
    {
        using var gh = new RecordingProgram("gh");

        (await RunAsync(s_notify["Tell the mirror"], gh, ("GITHUB_REPOSITORY", "acme/Website"), ("GH_TOKEN", "github_pat_notify"))).ExitCode.ShouldBe(
            0
        );

        gh.TokenSeen.ShouldBe("github_pat_notify");
        gh.Arguments.ShouldBe([
            "api",
            "repos/acme/mirror/dispatches",
            "--raw-field",
            $"event_type={WorkflowFile.Find(s_onPush.Root, "on", "repository_dispatch", "types")![0]}",
            "--raw-field",
            "client_payload[repository]=acme/Website",
        ]);
    }

    [Fact]
    public async Task Schedules_are_kept_by_enabling_each_workflow()
    {
        using var gh = new RecordingProgram("gh");
        var step = ExampleWorld.Example("keep-schedule.yml")["Enable the workflows again"];
        step.Env["WORKFLOWS"].Split(' ').ShouldBe(["schedule.yml", "keep-schedule.yml"]);

        (await RunAsync(step, gh, ("GITHUB_REPOSITORY", "acme/mirror"), ("GH_TOKEN", "x"), ("WORKFLOWS", "keep-schedule.yml"))).ExitCode.ShouldBe(0);

        gh.Arguments.ShouldBe(["api", "--method", "PUT", "repos/acme/mirror/actions/workflows/keep-schedule.yml/enable"]);
    }

    [Fact]
    public void Notification_is_sent_of_every_push_but_by_no_fork_and_received_one_at_a_time_for_each_repository()
    {
        WorkflowFile.Entries(WorkflowFile.Find(s_notify.Root, "on")).Select(trigger => trigger.Key).ShouldBe(["push", "delete", "create"]);
        s_notify.Jobs.Single().If.ShouldBe("${{ !github.event.repository.fork }}");
        s_notify["Tell the mirror"].Env["GH_TOKEN"].ShouldBe("${{ secrets.MIRROR_NOTIFY_TOKEN }}");
        s_onPush.TextAt("concurrency", "group").ShouldBe("mirror-${{ github.event.client_payload.repository }}");
        ExampleWorld.Example("schedule.yml").TextAt("concurrency", "group").ShouldBe("mirror");
        ExampleWorld.Example("drill.yml").TextAt("concurrency", "group").ShouldBe("mirror");
    }

    [Fact]
    public async Task Notification_that_is_refused_is_seen_in_the_repository_that_sent_it()
    {
        using var gh = new RecordingProgram("gh", exitCode: 1);

        (await RunAsync(s_notify["Tell the mirror"], gh, ("GITHUB_REPOSITORY", "acme/Website"), ("GH_TOKEN", "x"))).ExitCode.ShouldBe(1);
    }

    [Theory]
    [InlineData("Website")]
    [InlineData("website")]
    [InlineData("acme/website")]
    public async Task Notification_may_name_the_repository_with_or_without_its_owner(string name) =>
        (await GuardAsync(new JsonObject { ["repository"] = name })).ExitCode.ShouldBe(0);

    [Theory]
    [InlineData(null)]
    [InlineData("""{}""")]
    [InlineData("""{"repository":null}""")]
    [InlineData("""{"repository":""}""")]
    [InlineData("""{"repository":"  "}""")]
    [InlineData("""{"repository":"*"}""")]
    [InlineData("""{"repository":"acme/*"}""")]
    [InlineData("""{"repository":"/./"}""")]
    [InlineData("""{"repository":"acme/Website,lib-core"}""")]
    [InlineData("""{"repository":"Website\nlib-core"}""")]
    [InlineData("""{"repository":"lib-?ore"}""")]
    [InlineData("""{"repository":"acme/"}""")]
    [InlineData("""{"repository":"other/Website"}""")]
    [InlineData("""{"repository":["acme/Website"]}""")]
    [InlineData("""{"repository":{"name":"Website"}}""")]
    [InlineData("""{"repo":"acme/Website"}""")]
    public async Task Notification_that_names_no_repository_is_refused(string? payload)
    {
        var guard = await GuardAsync(payload is null ? null : JsonNode.Parse(payload));

        guard.ExitCode.ShouldBe(1);
        guard.Text.ShouldContain("must name one repository of acme");
    }

    [Fact]
    public void Mirror_waits_for_the_guard_of_the_notification()
    {
        var steps = s_onPush.Jobs.Single().Steps;

        steps.Select(step => step.IsMirror).ShouldBe([false, true]);
        steps[1].If.ShouldBeNull();
        steps[0].Env["REPOSITORY"].ShouldBe("${{ toJSON(github.event.client_payload.repository) }}");
        steps[1].With["repositories"].ShouldBe("${{ github.event.client_payload.repository }}");
    }

    [Theory]
    [InlineData("success", "0", 0)]
    [InlineData("partial", "3", 0)]
    [InlineData("partial", "4", 1)]
    [InlineData("failure", "2", 1)]
    public async Task Caller_judges_what_the_reusable_workflow_says(string result, string failed, int exitCode)
    {
        var judge = ExampleWorld.Example("call-reusable.yml").Jobs.Single(job => job.Id == "judge");
        judge.If.ShouldBe("always()");

        var outcome = await RunAsync(judge.Steps.Single(), null, ("RESULT", result), ("FAILED", failed));

        outcome.ExitCode.ShouldBe(exitCode);
        outcome.Text.ShouldContain($"The mirror says {result}; repositories that failed: {failed}");
    }

    [Fact]
    public async Task Verify_fetches_the_last_report_of_the_mirror_and_goes_on_without_it()
    {
        using var gh = new RecordingProgram("gh", exitCode: 1); // There is no report yet.
        var fetch = s_verify["Fetch the last report of the mirror"];

        (await RunAsync(fetch, gh, ("GITHUB_REPOSITORY", "acme/mirror"), ("GH_TOKEN", "x"))).ExitCode.ShouldBe(1);

        gh.Arguments.ShouldBe(["run", "download", "--repo", "acme/mirror", "--name", "mirror-report", "--dir", "mirror-report"]);
        s_verify.Text.ShouldContain("continue-on-error: true");
        ExampleWorld.Example("schedule.yml")["Keep the report"].With["name"].ShouldBe("mirror-report");
    }

    [Fact]
    public async Task History_is_kept_on_a_branch_of_its_own_from_the_first_run_on()
    {
        using var gh = new RecordingProgram("gh");
        var workflow = ExampleWorld.Example("history.yml");
        var remote = _folder["remote.git"];
        await GitAsync("init", "--quiet", "--bare", remote);
        var history = Path.Combine(_folder.Path, workflow["mirror"].With["history"]);
        for (var run = 1; run <= 2; run++)
        {
            (await RunAsync(workflow["Fetch the history"], gh, ("REMOTE", remote), ("GH_TOKEN", "x"))).ExitCode.ShouldBe(0);
            File.Exists(_folder["mirror-report/report.json"]).ShouldBe(run > 1);
            File.AppendAllText(history, $"{run}\n");
            foreach (var name in new[] { "report.html", "report.json", "badge.json", "metrics.prom" })
                File.WriteAllText(_folder[$"mirror-report/{name}"], $"{name} of run {run}");

            var kept = await RunAsync(workflow["Keep the history"], gh, ("GH_TOKEN", "x"));

            kept.ExitCode.ShouldBe(0, kept.Text);
            Directory.Delete(_folder["mirror-history"], recursive: true);
            Directory.Delete(_folder["mirror-report"], recursive: true);
        }

        gh.Arguments.ShouldBe(["auth", "setup-git", "auth", "setup-git"]);
        (await GitAsync("-C", remote, "show", "mirror-history:history.jsonl")).ShouldBe("1\n2\n");
        (await GitAsync("-C", remote, "show", "mirror-history:index.html")).ShouldBe("report.html of run 2");
        workflow["Keep the history"].If.ShouldBe("always()");
    }

    private static async Task<string> GitAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.ShouldBe(0);
        return output;
    }

    private Task<ActionOutcome> GuardAsync(JsonNode? payload) =>
        RunAsync(
            s_onPush["Refuse what does not name one repository"],
            null,
            ("GITHUB_REPOSITORY_OWNER", "acme"),
            ("REPOSITORY", payload?["repository"]?.ToJsonString(new() { WriteIndented = true }) ?? "null")
        );

    /// <summary>Lets bash read a step's script with the step's variables and these.</summary>
    private async Task<ActionOutcome> RunAsync(WorkflowStep step, RecordingProgram? program, params (string Name, string Value)[] variables)
    {
        var script = _folder["script.sh"];
        await File.WriteAllTextAsync(script, step.Run, TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo("bash", ["-e", script])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        var path = start.Environment["PATH"];
        start.Environment.Clear();
        foreach (var (name, value) in step.Env.Select(variable => (variable.Key, variable.Value)).Concat(variables))
            start.Environment[name] = value;
        start.Environment["PATH"] = program is null ? path : $"{program.Folder}:{path}";
        start.Environment["HOME"] = _folder.Path;
        start.Environment.Values.ShouldAllBe(value => !value!.Contains("${{"));
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new ActionOutcome(process.ExitCode, await output, await errors);
    }
}
