using MirrorAction.Alarms;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting;
using MirrorAction.TestKit;
using MirrorAction.Tests.Reporting;
using MirrorAction.Tests.Runner;

namespace MirrorAction.Tests.Alarms;

/// <summary>Who is told of a run, when, and that nobody has to listen.</summary>
public sealed class RunAlarmsTests : IAsyncLifetime
{
    private SandboxServices _services = null!;

    public async ValueTask InitializeAsync() => _services = await SandboxServices.StartAsync();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task Switch_is_told_of_start_and_success_of_one_run()
    {
        using var program = Program(heartbeat: AlarmSamples.Healthchecks);

        (await program.RunAsync()).ShouldBe(0);

        _services.Pings.Select(ping => ping.State).ShouldBe(["start", "up"]);
        _services.Pings[0].Run.ShouldNotBeNull();
        _services.Pings[1].Run.ShouldBe(_services.Pings[0].Run);
        _services.Refusals.ShouldBeEmpty();
    }

    [Fact]
    public async Task Switch_is_told_of_failure_with_what_failed()
    {
        using var program = Program(heartbeat: AlarmSamples.Healthchecks + "?create=1", report: AlarmSamples.Large(400));

        (await program.RunAsync()).ShouldBe(1);

        _services.Pings.Select(ping => ping.State).ShouldBe(["start", "down"]);
        _services.Pings[1].Text.ShouldContain("400 of 400 repositories failed");
        _services.Pings[1].Text.ShouldContain("acme/repository-0: ");
        _services.Targets[1].ShouldContain("/fail?create=1&rid=");
        _services.Refusals.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false, "up")]
    [InlineData(true, "down")]
    public async Task Switch_of_Uptime_Kuma_is_told_of_the_end_alone(bool fails, string state)
    {
        using var program = Program(heartbeat: AlarmSamples.Kuma, report: fails ? Sample.Varied() : null);

        await program.RunAsync();

        _services.Pings.ShouldHaveSingleItem().State.ShouldBe(state);
        _services.Pings[0].Text.ShouldStartWith("Mirror acme → acme-mirror: ");
        _services.Refusals.ShouldBeEmpty();
    }

    [Fact]
    public async Task Failure_that_does_not_fail_the_step_is_no_failure_of_the_switch_but_people_are_told()
    {
        using var program = Program(AlarmSamples.Healthchecks, AlarmSamples.Slack, Sample.Varied());

        (await program.RunAsync("--fail-on", "never")).ShouldBe(0);

        _services.Pings[^1].State.ShouldBe("up");
        _services.Messages.ShouldHaveSingleItem().Text.ShouldContain("1 of 6 repositories failed");
    }

    [Theory]
    // After a run that was well, that failed in the same way, that failed otherwise, and that is not known.
    [InlineData("failure", "0000", "1111")]
    [InlineData("change", "0110", "1011")]
    [InlineData("always", "1111", "1111")]
    public async Task People_are_told_what_they_asked_for(string on, string ofSuccess, string ofFailure)
    {
        var well = Sample.Run(Sample.Repository("docs"), Sample.Repository("api"));
        var failed = Sample.Run(Sample.Repository("docs"), Sample.Failed("api"));
        RunReport?[] before = [well, failed, Sample.Run(Sample.Failed("docs"), Sample.Repository("api")), null];
        for (var i = 0; i < before.Length; i++)
        {
            (await IsToldAsync(on, before[i], failed)).ShouldBe(ofFailure[i] == '1', $"failure after {i}");
            (await IsToldAsync(on, before[i], well)).ShouldBe(ofSuccess[i] == '1', $"success after {i}");
        }
    }

    [Fact]
    public async Task First_success_after_a_failure_says_that_all_is_well_again()
    {
        using var program = Program(notify: AlarmSamples.Slack);
        Before(program, Sample.Run(Sample.Failed("docs")));

        await program.RunAsync();

        _services.Messages.ShouldHaveSingleItem().Text.ShouldContain("well again");
    }

    [Fact]
    public async Task History_remembers_the_last_run_where_another_task_has_left_its_report_since()
    {
        using var program = Program(report: Sample.Run(Sample.Failed("docs")));
        await program.RunAsync();
        program.Environment["INPUT_NOTIFY-URL"] = AlarmSamples.Slack;
        program.Mirror = (settings, _, _) => Task.FromResult(Later(1, settings.ModeName));
        await program.RunAsync("verify");
        program.Mirror = (settings, _, _) => Task.FromResult(Later(2, settings.ModeName));

        await program.RunAsync();

        _services.Messages.ShouldHaveSingleItem().Text.ShouldContain("Mirror acme → acme-mirror: well again");

        static RunReport Later(int days, string mode)
        {
            var report = Sample.Run(Sample.Repository("docs"));
            return report with { Mode = mode, StartedAt = report.StartedAt.AddDays(days) };
        }
    }

    [Fact]
    public async Task Report_of_another_task_does_not_tell_how_the_last_run_ended()
    {
        using var program = Program(notify: AlarmSamples.Slack);
        Before(program, Sample.Run(Sample.Failed("docs")) with { Mode = "verify" });

        await program.RunAsync();

        _services.Messages.ShouldBeEmpty();
        program.Output.ShouldContain("how the last run ended is not known");
    }

    [Theory]
    [InlineData("plan")]
    [InlineData("doctor")]
    [InlineData("mirror", "--shard", "1/2")]
    [InlineData("restore", "--dry-run")]
    public async Task Run_that_only_shows_and_part_of_a_run_tell_nobody(params string[] args)
    {
        using var program = Program(AlarmSamples.Healthchecks, AlarmSamples.Slack, Sample.Varied());
        program.Environment["INPUT_NOTIFY-ON"] = "always";

        await program.RunAsync(args);

        _services.Targets.ShouldBeEmpty();
    }

    [Fact]
    public async Task Wrong_configuration_is_told()
    {
        using var program = Program(AlarmSamples.Healthchecks, AlarmSamples.Slack);
        program.Environment["INPUT_CONCURRENCY"] = "many";

        (await program.RunAsync()).ShouldBe(2);

        _services.Pings.ShouldHaveSingleItem().State.ShouldBe("down");
        _services.Messages.ShouldHaveSingleItem().Text.ShouldContain("concurrency (INPUT_CONCURRENCY): expected a whole number");
    }

    [Fact]
    public async Task Run_in_which_nothing_could_be_done_is_told()
    {
        var report = Sample.Run() with { Result = RunResult.Failure, Error = new(ErrorCode.SourceUnauthorized, "The token is wrong.", null) };
        using var program = Program(AlarmSamples.Healthchecks, AlarmSamples.Slack, report);

        (await program.RunAsync()).ShouldBe(3);

        _services.Pings[^1].State.ShouldBe("down");
        _services.Messages.ShouldHaveSingleItem().Text.ShouldContain("The token is wrong.");
    }

    [Fact]
    public async Task Joined_report_tells_for_all_shards_even_when_there_is_none()
    {
        using var program = Program(AlarmSamples.Healthchecks, AlarmSamples.Slack);

        (await program.RunAsync("report")).ShouldBe(3);

        _services.Pings.ShouldHaveSingleItem().State.ShouldBe("down");
        _services.Messages.ShouldHaveSingleItem().Text.ShouldContain("no report could be joined");
    }

    [Fact]
    public async Task Cancelled_run_is_told()
    {
        using var cancel = new CancellationTokenSource();
        using var program = Program(AlarmSamples.Healthchecks, AlarmSamples.Slack);
        program.Mirror = async (_, observer, token) =>
        {
            observer.Selected(5, 0, null);
            await cancel.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return Sample.Run();
        };

        (await program.RunAsync(cancel.Token)).ShouldBe(130);

        _services.Pings[^1].State.ShouldBe("down");
        _services.Messages.ShouldHaveSingleItem().Text.ShouldContain("stopped");
    }

    [Theory]
    [InlineData(404, "it answered 404", 1)]
    [InlineData(500, "it answered 500", 3)]
    [InlineData(302, "redirects are not followed", 1)]
    [InlineData(-1, "the connection broke", 3)]
    public async Task Service_that_takes_nothing_changes_nothing_but_the_log(int status, string reason, int tries)
    {
        _services.Intercept = (context, _) =>
        {
            if (status < 0)
            {
                context.Abort();
                return Task.CompletedTask;
            }

            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        };
        using var program = Program(notify: AlarmSamples.Slack, report: Sample.Run(Sample.Repository("docs")), on: "always");
        var requests = 0;
        var network = program.Network;
        program.Network = () => new Counter(network(), () => requests++);

        (await program.RunAsync()).ShouldBe(0);

        program.Output.ShouldContain("warning: notify-url: the message (Slack) was not delivered");
        program.Output.ShouldContain(reason);
        requests.ShouldBe(tries);
        File.Exists(program.ReportFile).ShouldBeTrue();
        ShouldHide(program, AlarmSamples.Slack);
    }

    [Fact]
    public async Task Service_that_never_answers_is_not_waited_for()
    {
        _services.Intercept = (context, _) =>
            Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
                .ContinueWith(static _ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);
        using var program = Program(AlarmSamples.Healthchecks, AlarmSamples.Slack, Sample.Varied(), time: new HastyTime());

        (await program.RunAsync()).ShouldBe(1);

        program.Output.ShouldContain("heartbeat-url: the end was not delivered: it did not answer in time");
        program.Output.ShouldContain("notify-url: the message (Slack) was not delivered: it did not answer in time");
        RunAlarms.Limit.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Addresses_are_told_to_the_runner_as_secrets_and_shown_nowhere_else()
    {
        using var program = Program(AlarmSamples.Healthchecks, AlarmSamples.Telegram, Sample.Varied()).OnActions();

        await program.RunAsync();

        program.Output.ShouldContain($"::add-mask::{AlarmSamples.Telegram}\n");
        program.Output.ShouldContain("::add-mask::bot123456789:AAF0123456789abcdefghijklmnopqrstuv\n");
        ShouldHide(program, AlarmSamples.Telegram);
    }

    [Fact]
    public async Task Topic_with_the_name_of_an_organisation_hides_no_repository()
    {
        using var program = Program(notify: AlarmSamples.Ntfy);

        await program.RunAsync();

        Sample.Read(File.ReadAllBytes(program.ReportFile)).Report!.Destination.Workspace.ShouldBe("acme-mirror");
    }

    [Theory]
    [InlineData("INPUT_HEARTBEAT-URL", "http://hc.acme.example/x", "would be sent in the clear")]
    [InlineData("INPUT_NOTIFY-URL", "hooks.slack.com/services/x0123456789", "begins with https://")]
    [InlineData("MIRROR_NOTIFY_URL", "https://u:p0123456789@ntfy.acme.example/x", "neither a user or password")]
    [InlineData("MIRROR_NOTIFY_URL", "https://acme.webhook.office.com/webhookb2/x0123456789", "switched off in May 2026")]
    [InlineData("MIRROR_NOTIFY_URL", "https://api.telegram.org/bot1:x0123456789/sendMessage", "add ?chat_id=")]
    public async Task Address_that_can_not_be_used_is_a_problem_that_does_not_quote_it(string variable, string url, string problem)
    {
        using var program = Program();
        program.Environment[variable] = url;

        (await program.RunAsync()).ShouldBe(2);

        program.Output.ShouldContain(problem);
        program.Output.ShouldNotContain(url);
    }

    private async Task<bool> IsToldAsync(string on, RunReport? before, RunReport now)
    {
        var count = _services.Messages.Count;
        using var program = Program(notify: AlarmSamples.Ntfy, report: now, on: on);
        if (before is not null)
        {
            Before(program, before);
        }

        await program.RunAsync();
        return _services.Messages.Count > count;
    }

    /// <summary>Leaves the report of an earlier run.</summary>
    private static void Before(ProgramHarness program, RunReport report) =>
        ReportJson.Write(report with { StartedAt = report.StartedAt.AddDays(-1) }, Path.GetDirectoryName(program.ReportFile)!);

    private ProgramHarness Program(
        string? heartbeat = null,
        string? notify = null,
        RunReport? report = null,
        string on = "change",
        TimeProvider? time = null
    )
    {
        var program = new ProgramHarness
        {
            Mirror = (settings, _, _) => Task.FromResult((report ?? Sample.Run(Sample.Repository("docs"))) with { Mode = settings.ModeName }),
            Network = _services.CreateHandler,
            Time = time ?? TimeProvider.System,
        };
        program.Environment["MIRROR_HEARTBEAT_URL"] = heartbeat ?? "";
        program.Environment["INPUT_NOTIFY-URL"] = notify ?? "";
        program.Environment["INPUT_NOTIFY-ON"] = on;
        return program;
    }

    private static void ShouldHide(ProgramHarness program, string url)
    {
        var texts = program.Output.Split('\n').Where(line => !line.StartsWith("::add-mask::", StringComparison.Ordinal));
        string[] files = [.. Directory.EnumerateFiles(program.Folder, "*", SearchOption.AllDirectories).Select(File.ReadAllText)];
        foreach (var text in texts.Concat(files))
        {
            text.ShouldNotContain(new Uri(url).PathAndQuery);
            text.ShouldNotContain(new Uri(url).Host);
        }
    }

    private sealed class Counter(HttpMessageHandler inner, System.Action count) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            count();
            return base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>Every time limit is over at once.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.Zero : dueTime, period);
    }
}
