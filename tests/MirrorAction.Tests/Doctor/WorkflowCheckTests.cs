using MirrorAction.Configuration;
using MirrorAction.Doctor;
using MirrorAction.TestKit;
using MirrorAction.Tests.Reporting;

namespace MirrorAction.Tests.Doctor;

public sealed class WorkflowCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _environment = [];
    private TimeSpan _timeout = TimeSpan.FromMinutes(330);

    public WorkflowCheckTests() => Event("""{"repository":{"private":true}}""");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("'0 2 * * *'", true)]
    [InlineData("'00 2 * * *'", true)]
    [InlineData("'30,0 2 * * *'", true)]
    [InlineData("'*/15 * * * *'", true)]
    [InlineData("'10 0 * * *'", false)]
    [InlineData("'23 4 * * *'", false)]
    public void Full_hour_is_found(string cron, bool isFound)
    {
        Workflow("mirror.yml", Job(cron: cron));

        Run().Contains("warning Workflow schedule: mirror.yml is due at the full hour, when GitHub delays schedules most and drops some.").ShouldBe(isFound);
    }

    [Theory]
    [InlineData("""{"repository":{"private":true}}""", null)]
    [InlineData("""{"repository":{"private":false}}""", "Its repository is public: GitHub disables")]
    [InlineData("""{"repository":{}}""", "If its repository is public, GitHub disables")]
    [InlineData("""{"repository":7}""", "If its repository is public, GitHub disables")]
    [InlineData("[]", "If its repository is public, GitHub disables")]
    [InlineData("{", "If its repository is public, GitHub disables")]
    public void Sixty_days_are_told_unless_the_repository_is_private(string payload, string? message)
    {
        Event(payload);
        Workflow("mirror.yml", Job());

        if (message is null)
            Run().ShouldBe(["ok Workflow file: mirror.yml: nothing about its schedule, concurrency and time limit stands out."]);
        else
            Run().ShouldHaveSingleItem().ShouldStartWith($"warning Workflow schedule: {message}");
    }

    [Theory]
    [InlineData("", 330, null)]
    [InlineData("timeout-minutes: 330", 330, null)]
    [InlineData("timeout-minutes: 60", 330, "ends its job after 60 minutes, before the run's own timeout-minutes (330)")]
    [InlineData("timeout-minutes: ${{ 60 }}", 330, null)]
    [InlineData("", 400, "ends its job after 360 minutes, before the run's own timeout-minutes (400)")]
    [InlineData("timeout-minutes: 60", -1, "(no limit)")]
    public void Job_that_ends_before_the_run_is_found(string line, int minutes, string? message)
    {
        _timeout = minutes < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMinutes(minutes);
        Workflow("mirror.yml", Job(line: line));

        Run().Where(finding => finding.Contains("Workflow timeout", StringComparison.Ordinal)).ShouldBe(message is null ? [] : Run().Where(finding => finding.Contains(message, StringComparison.Ordinal)));
        Run().Any(finding => message is not null && finding.Contains(message, StringComparison.Ordinal)).ShouldBe(message is not null);
    }

    [Fact]
    public void Missing_schedule_and_concurrency_are_found()
    {
        Workflow("mirror.yml", "on: workflow_dispatch\njobs: { m: { steps: [{ with: { bitbucket-workspace: x } }] } }\n");

        Run().ShouldBe(
        [
            "warning Workflow schedule: mirror.yml has no schedule, so it runs only when something starts it.",
            "warning Workflow concurrency: mirror.yml lets two runs go at the same time.",
        ]);
    }

    [Fact]
    public void Concurrency_of_the_job_will_do()
    {
        Workflow("mirror.yml", Job(line: "concurrency: mirror", concurrency: ""));

        Run().ShouldHaveSingleItem().ShouldStartWith("ok");
    }

    [Theory]
    [InlineData("on: push\njobs: { build: { steps: [{ run: make }] } }\n")]
    [InlineData("on: [push\n")]
    [InlineData("- a\n- b\n")]
    [InlineData("")]
    [InlineData("jobs: 7\n")]
    [InlineData("&a [*a, *b]\n")]
    public void Files_that_do_not_run_the_action_are_left_alone(string text)
    {
        Workflow("other.yml", text);

        Run().ShouldHaveSingleItem().ShouldStartWith("ok Workflow file: Not checked");
    }

    [Fact]
    public void Doctors_own_workflow_is_not_judged_but_those_that_mirror_are()
    {
        Workflow("doctor.yml", Use("doctor", "timeout-minutes: 15"));
        Workflow("mirror.yml", Job(cron: "'0 1 * * *'"));
        _environment["GITHUB_WORKFLOW_REF"] = "acme/mirror/.github/workflows/doctor.yml@refs/heads/main";

        Run().ShouldHaveSingleItem().ShouldStartWith("warning Workflow schedule: mirror.yml is due at the full hour");
    }

    [Fact]
    public void One_schedule_will_do_for_all()
    {
        Workflow("by-hand.yml", Use("${{ inputs.dry-run && 'plan' || 'mirror' }}", "concurrency: by-hand"));
        Workflow("mirror.yml", Job());

        Run().ShouldAllBe(finding => finding.StartsWith("ok", StringComparison.Ordinal));
    }

    [Fact]
    public void Several_workflows_without_a_schedule_are_named_together()
    {
        Workflow("by-hand.yml", Use("mirror", "concurrency: by-hand"));
        Workflow("on-push.yml", Use("mirror", "concurrency: on-push"));

        Run().ShouldContain("warning Workflow schedule: by-hand.yml, on-push.yml have no schedule, so they run only when something starts them.");
    }

    [Theory]
    [InlineData("doctor")]
    [InlineData("plan")]
    public void Scheduled_workflow_is_judged_in_the_mode_of_its_first_look_too(string mode)
    {
        Workflow("mirror.yml", Job(cron: "'0 1 * * *'") + $"          mode: {mode}\n");

        Run().ShouldContain(finding => finding.Contains("mirror.yml is due at the full hour", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("      - uses: ./\n        env:\n          MIRROR_BITBUCKET_API_TOKEN: x\n", true)]
    [InlineData("      - uses: acme/mirror-action@v1\n        with:\n          bitbucket-oauth-key: x\n", true)]
    [InlineData("      - run: make\n        env:\n          MIRROR_BITBUCKET_API_TOKEN: x\n", false)]
    public void Action_is_known_by_its_inputs_and_variables(string step, bool isKnown)
    {
        Workflow("mirror.yml", "on: workflow_dispatch\njobs:\n  m:\n    steps:\n" + step);

        Run()[0].StartsWith("warning Workflow schedule: mirror.yml has no schedule", StringComparison.Ordinal).ShouldBe(isKnown);
    }

    [Theory]
    [InlineData("10", false)]
    [InlineData("90", true)]
    [InlineData("0", true)]
    [InlineData("${{ inputs.minutes }}", true)]
    public void Time_limit_of_the_step_is_held_against_that_of_its_job(string minutes, bool isFound)
    {
        Workflow("mirror.yml", Job(line: "timeout-minutes: 60") + $"          timeout-minutes: {minutes}\n");

        Run().Any(finding => finding.Contains("ends its job after 60 minutes", StringComparison.Ordinal)).ShouldBe(isFound);
    }

    [Fact]
    public void Examples_have_no_pitfall()
    {
        foreach (var file in Directory.EnumerateFiles(Checkout.PathOf("examples"), "*.yml"))
            Workflow(Path.GetFileName(file), File.ReadAllText(file));

        var findings = Run();

        findings.ShouldAllBe(finding => finding.StartsWith("ok Workflow file: ", StringComparison.Ordinal));
        findings.Select(finding => finding.Split(": ")[1]).ShouldBe(["call-reusable.yml", "on-demand.yml", "on-push.yml", "reusable.yml", "schedule.yml", "sharded.yml"]);
    }

    [Fact]
    public void Without_a_checkout_nothing_is_judged() => Run().ShouldHaveSingleItem().ShouldStartWith("ok Workflow file: Not checked");

    private static string Job(string cron = "'23 4 * * *'", string line = "", string concurrency = "concurrency: mirror") =>
        $"on:\n  schedule:\n    - cron: {cron}\n{concurrency}\njobs:\n  m:\n    runs-on: ubuntu-latest\n    {line}\n    steps:\n      - uses: acme/mirror-action@v1\n        with:\n          bitbucket-workspace: x\n";

    private static string Use(string mode, string line) =>
        $"on: workflow_dispatch\njobs:\n  m:\n    {line}\n    steps:\n      - uses: acme/mirror-action@v1\n        with:\n          bitbucket-workspace: x\n          mode: {mode}\n";

    private void Workflow(string name, string text)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, ".github", "workflows")).FullName;
        File.WriteAllText(Path.Combine(folder, name), text);
    }

    private void Event(string payload)
    {
        var file = Path.Combine(_folder.Path, "event.json");
        File.WriteAllText(file, payload);
        _environment["GITHUB_EVENT_PATH"] = file;
    }

    private List<string> Run() =>
        [.. new WorkflowCheck(new EnvironmentVariables(_environment), _folder.Path, _timeout).Run().Select(finding => $"{finding.Level.ToString().ToLowerInvariant()} {finding.Check}: {finding.Message}")];
}
