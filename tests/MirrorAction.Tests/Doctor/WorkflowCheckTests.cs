using MirrorAction.Doctor;
using MirrorAction.Inputs;
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

        Run()
            .Contains("warning Workflow schedule: mirror.yml is due at the full hour, when GitHub delays schedules most and drops some.")
            .ShouldBe(isFound);
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

        Run()
            .Where(finding => finding.Contains("Workflow timeout", StringComparison.Ordinal))
            .ShouldBe(message is null ? [] : Run().Where(finding => finding.Contains(message, StringComparison.Ordinal)));
        Run().Any(finding => message is not null && finding.Contains(message, StringComparison.Ordinal)).ShouldBe(message is not null);
    }

    [Fact]
    public void Missing_schedule_and_concurrency_are_found()
    {
        Workflow("mirror.yml", "on: workflow_dispatch\njobs: { m: { steps: [{ uses: y, with: { bitbucket-workspace: x } }] } }\n");

        Run()
            .ShouldBe([
                "warning Workflow schedule: No schedule in mirror.yml: a mirror runs only when something starts it.",
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
    [InlineData("- a\n- b\n")]
    [InlineData("")]
    [InlineData("jobs: 7\n")]
    [InlineData("on: push\non: push\njobs: { build: { steps: [{ run: make }] } }\n")]
    [InlineData("jobs: { m: { steps: [{ uses: x, with: { mode: report, bitbucket-workspace: y } }] } }\n")]
    public void Files_that_do_not_run_the_action_are_left_alone(string text)
    {
        Workflow("other.yml", text);

        Run().ShouldHaveSingleItem().ShouldStartWith("notchecked Workflow file: Not checked");
    }

    /// <summary>What a checkout may hold beside the mirror's workflow, and what is said of it.</summary>
    public static TheoryData<string, string> Broken =>
        new()
        {
            { "on: [push\n", "line 2: is no YAML" },
            { "jobs:\n\tbuild: 1\n", "line 2: is no YAML: this line is indented by a tab" },
            { "a: *b\n", "line 1: is no YAML: nothing before it is named '&b'" },
            { "\"unterminated\n", "is no YAML" },
            { "on: push\n? [a, b\n", "is no YAML" },
            { "on: push\u0000\n", "line 1: holds the control character U+0000" },
            { new string('[', 200_000), "nested deeper" },
            { string.Concat(Enumerable.Repeat("- ", 50_000)), "nested deeper" },
            { "a: &a x\nb: [" + string.Join(',', Enumerable.Repeat("*a", 200)) + "]\n", "more than 100 aliases" },
            { new string('#', 600 * 1024), "is larger than 512 KiB" },
        };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Broken_workflow_is_a_finding_and_the_mirror_s_own_is_judged_all_the_same(string text, string message)
    {
        Workflow("broken.yml", text);
        Workflow("mirror.yml", Job(cron: "'0 1 * * *'"));

        var findings = Run();

        findings.Count.ShouldBe(2);
        findings[0].ShouldStartWith("warning Workflow file: broken.yml can't be read: ");
        findings[0].ShouldContain(message);
        findings[1].ShouldStartWith("warning Workflow schedule: mirror.yml is due at the full hour");
    }

    [Theory]
    [InlineData("&a [*a]\n")]
    [InlineData("on: &a { schedule: *a }\njobs: *a\n")]
    [InlineData("? &a [*a]\n: 1\n")]
    [InlineData("? &a { ? *a : 1 }\n: 1\n")]
    [InlineData("on: &a { *a : 1 }\n")]
    [InlineData("on: { schedule: &a [*a, { cron: *a }] }\njobs: &j { m: *j }\nconcurrency: *a\n")]
    public void Anchor_that_contains_itself_harms_nobody(string text)
    {
        Workflow("selfish.yml", text);
        Workflow("mirror.yml", Job(cron: "'0 1 * * *'"));

        Run().ShouldHaveSingleItem().ShouldStartWith("warning Workflow schedule: mirror.yml is due at the full hour");
    }

    [Fact]
    public void Links_folders_pipes_and_devices_in_place_of_workflows_hold_nobody_up()
    {
        Workflow("mirror.yml", Job(cron: "'0 1 * * *'"));
        var folder = Path.Combine(_folder.Path, ".github", "workflows");
        Directory.CreateDirectory(Path.Combine(folder, "folder.yml"));
        File.CreateSymbolicLink(Path.Combine(folder, "endless.yml"), "/dev/zero");
        File.CreateSymbolicLink(Path.Combine(folder, "gone.yml"), "/nowhere");
        File.CreateSymbolicLink(Path.Combine(folder, "loop.yml"), "loop.yml");
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(folder, "pipe.yml")]))
        {
            mkfifo.WaitForExit();
        }

        var findings = Run();

        findings
            .Where(finding => finding.StartsWith("warning Workflow file", StringComparison.Ordinal))
            .Select(finding => finding.Split(' ')[3])
            .ShouldBe(["gone.yml", "loop.yml"]);
        findings[^1].ShouldStartWith("warning Workflow schedule: mirror.yml is due at the full hour");
    }

    [Fact]
    public void Thousands_of_workflows_are_not_all_read_but_the_running_one_is()
    {
        for (var i = 0; i < 2000; i++)
        {
            Workflow($"a{i:0000}.yml", "[");
        }

        Workflow("mirror.yml", Job());
        _environment["GITHUB_WORKFLOW_REF"] = "acme/mirror/.github/workflows/mirror.yml@refs/heads/main";

        var findings = Run();

        findings.Count.ShouldBe(20 + 1 + 1);
        findings[20].ShouldContain("479 more");
        findings[^1].ShouldStartWith("ok Workflow file: mirror.yml");
    }

    [Fact]
    public void Only_the_running_workflow_is_judged()
    {
        Workflow("mirror.yml", Job());
        Workflow("second.yaml", Job(cron: "'0 1 * * *'"));
        _environment["GITHUB_WORKFLOW_REF"] = "acme/mirror/.github/workflows/mirror.yml@refs/heads/main";

        Run().ShouldHaveSingleItem().ShouldStartWith("ok Workflow file: mirror.yml");
    }

    [Fact]
    public void Doctor_in_a_workflow_of_its_own_judges_those_that_mirror()
    {
        Workflow("doctor.yml", "on: workflow_dispatch\njobs: { m: { steps: [{ uses: y, with: { mode: doctor, bitbucket-workspace: x } }] } }\n");
        Workflow("on-demand.yml", "on: workflow_dispatch\nconcurrency: x\njobs: { m: { steps: [{ uses: y, with: { bitbucket-workspace: x } }] } }\n");
        Workflow("nightly.yml", Job(cron: "'0 1 * * *'"));
        _environment["GITHUB_WORKFLOW_REF"] = "acme/mirror/.github/workflows/doctor.yml@refs/heads/main";

        Run()
            .ShouldBe([
                "warning Workflow schedule: nightly.yml is due at the full hour, when GitHub delays schedules most and drops some.",
                "ok Workflow file: on-demand.yml: nothing about its schedule, concurrency and time limit stands out.",
            ]);
    }

    [Theory]
    [InlineData("steps: [{ uses: y, env: { MIRROR_BITBUCKET_USERNAME: x } }]")]
    [InlineData("env: { MIRROR_BITBUCKET_USERNAME: x }, steps: [{ uses: y }]")]
    public void Workspace_may_be_given_by_the_environment(string job)
    {
        Workflow("mirror.yml", $"on: {{ schedule: [{{ cron: '7 1 * * *' }}] }}\njobs: {{ m: {{ {job} }} }}\n");

        Run().ShouldBe(["warning Workflow concurrency: mirror.yml lets two runs go at the same time."]);
    }

    [Theory]
    [InlineData(50, null)]
    [InlineData(70, "(70)")]
    [InlineData(0, "(no limit)")]
    public void Step_s_own_time_limit_counts(int minutes, string? message)
    {
        Workflow("mirror.yml", Job(line: "timeout-minutes: 60") + $"          timeout-minutes: {minutes}\n");

        Run().ShouldHaveSingleItem().ShouldContain(message ?? "nothing about");
    }

    [Fact]
    public void Without_a_checkout_nothing_is_judged() => Run().ShouldHaveSingleItem().ShouldStartWith("notchecked Workflow file: Not checked");

    private static string Job(string cron = "'23 4 * * *'", string line = "", string concurrency = "concurrency: mirror") =>
        $"on:\n  schedule:\n    - cron: {cron}\n{concurrency}\njobs:\n  m:\n    runs-on: ubuntu-latest\n    {line}\n    steps:\n      - uses: acme/mirror-action@v1\n        with:\n          bitbucket-workspace: x\n";

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
        [
            .. new WorkflowCheck(new EnvironmentVariables(_environment), _folder.Path, _timeout)
                .Run()
                .Select(finding => $"{finding.Level.ToString().ToLowerInvariant()} {finding.Check}: {finding.Message}"),
        ];
}
