using System.Text.Json;
using MirrorAction.Hosting;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Tests.Reporting;

namespace MirrorAction.Tests.Runner;

public sealed class CancellationTests
{
    [Fact]
    public async Task An_engine_that_stops_in_time_makes_the_report_itself()
    {
        using var cancel = new CancellationTokenSource();
        using var program = new ProgramHarness
        {
            Mirror = async (_, observer, token) =>
            {
                observer.Selected(2, 0, null);
                await cancel.CancelAsync();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return Sample.Run(Sample.Mirrored("a"), Sample.Failed("b", code: ErrorCode.Cancelled));
            },
        }.OnActions();

        (await program.RunAsync(cancel.Token)).ShouldBe(130);

        Codes(program).ShouldBe([null, "cancelled"]);
        File.ReadAllText(program.SummaryFile).ShouldStartWith("## ❌ 1 of 2 repositories are safe at Bitbucket");
    }

    [Fact]
    public async Task An_engine_that_throws_on_cancellation_still_leaves_a_report_of_what_was_done()
    {
        using var cancel = new CancellationTokenSource();
        using var program = new ProgramHarness
        {
            Mirror = async (_, observer, token) =>
            {
                observer.Selected(5, 0, null);
                observer.Started("acme/a");
                observer.Started("acme/b");
                observer.Finished(1, 5, Sample.Mirrored("a"), []);
                await cancel.CancelAsync();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                return Sample.Run();
            },
        }.OnActions();

        program.Environment["INPUT_SHARD"] = "2/5";
        (await program.RunAsync(cancel.Token)).ShouldBe(130);

        Codes(program).ShouldBe([null, "cancelled"]);
        var report = JsonDocument.Parse(File.ReadAllText(program.ReportFile)).RootElement;
        report.GetProperty("totals").GetProperty("repositories").GetInt32().ShouldBe(5);
        report.GetProperty("totals").GetProperty("failed").GetInt32().ShouldBe(1);
        report.GetProperty("totals").GetProperty("skipped").GetInt32().ShouldBe(3, "nothing was tried");
        report.GetProperty("shard").GetString().ShouldBe("2/5");
        report.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("3 repositories had not been begun");
        File.ReadAllText(program.OutputFile).ShouldContain("partial");
    }

    [Theory]
    [InlineData("verify", "deep", "deep", "github", "acme-mirror")]
    [InlineData("restore", "dry-run", "dry-run", "bitbucket", "acme")]
    [InlineData("restore", "drill", "drill", "github", "acme-mirror")]
    [InlineData("backup", "keep", null, "github", "mirror-backup")]
    [InlineData("backup", "check", "check", "folder", "mirror-backup")]
    public async Task Report_of_a_cancelled_run_is_of_its_mode(string mode, string option, string? variant, string source, string destination)
    {
        using var cancel = new CancellationTokenSource();
        using var program = new ProgramHarness
        {
            Mirror = async (_, observer, token) =>
            {
                observer.Selected(2, 0, null);
                observer.Started("acme/a");
                await cancel.CancelAsync();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                return Sample.Run();
            },
        }.OnActions();

        (await program.RunAsync(cancel.Token, mode, $"--{option}", option == "keep" ? "3" : "true")).ShouldBe(130);

        var report = JsonDocument.Parse(File.ReadAllText(program.ReportFile)).RootElement;
        report.GetProperty("mode").GetString().ShouldBe(mode);
        (report.TryGetProperty("variant", out var told) ? told.GetString() : null).ShouldBe(variant);
        report.GetProperty("source").GetProperty("host").GetString().ShouldBe(source);
        report.GetProperty("destination").GetProperty("workspace").GetString()!.ShouldEndWith(destination);
        report.GetProperty("totals").GetProperty("failed").GetInt32().ShouldBe(1);
        report.GetProperty("totals").GetProperty("skipped").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task An_engine_that_hangs_is_not_waited_for()
    {
        using var cancel = new CancellationTokenSource();
        var never = new TaskCompletionSource<RunReport>();
        using var program = new ProgramHarness
        {
            Time = new HastyTime(),
            Mirror = async (_, observer, _) =>
            {
                observer.Selected(1, 0, null);
                observer.Started("acme/a");
                await cancel.CancelAsync();
                return await never.Task;
            },
        }.OnActions();

        (await program.RunAsync(cancel.Token)).ShouldBe(130);

        Codes(program).ShouldBe(["cancelled"]);
        never.SetCanceled(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(true, 130)]
    [InlineData(false, 1)]
    public async Task What_was_not_reached_is_told_in_one_line_with_a_count(bool isSignal, int code)
    {
        using var cancel = new CancellationTokenSource();
        RepositoryReport[] repositories =
        [
            Sample.Mirrored("done"),
            .. Enumerable.Range(0, 8).Select(i => Sample.Failed($"cut-{i}", "The run was stopped.", code: ErrorCode.Cancelled)),
            .. Enumerable.Range(0, 356).Select(i => Sample.Skipped($"left-{i}", SkipReason.Cancelled)),
        ];
        using var program = new ProgramHarness
        {
            Mirror = async (_, observer, _) =>
            {
                observer.Selected(365, 0, null);
                for (var i = 0; i < repositories.Length; i++)
                {
                    observer.Finished(i + 1, 365, repositories[i], []);
                }

                await (isSignal ? cancel.CancelAsync() : Task.CompletedTask);
                return Sample.Run(repositories) with { Result = RunResult.Partial };
            },
        }.OnActions();

        (await program.RunAsync(cancel.Token, "--fail-on", "never")).ShouldBe(code);

        program.Output.Split('\n').Count(line => line.Contains("356 repositories", StringComparison.Ordinal)).ShouldBe(1);
        program.Output.ShouldNotContain("acme/left-");
        program.Output.ShouldContain("acme/cut-7");
        var summary = File.ReadAllText(program.SummaryFile);
        summary.ShouldMatch(@"^## ❌ \d of 365 repositories are safe at Bitbucket \(checked [^)]*\); \d are not; 356 were not reached\n");
        summary.ShouldContain("### Not reached (356)");
        summary.ShouldNotContain("acme/left-");
        var report = JsonDocument.Parse(File.ReadAllText(program.ReportFile)).RootElement;
        report
            .GetProperty("repositories")
            .EnumerateArray()
            .Count(r => r.GetProperty("status").GetString() == "skipped" && r.GetProperty("reason").GetString() == "cancelled")
            .ShouldBe(356);
        var totals = report.GetProperty("totals");
        (Total("mirrored") + Total("unchanged") + Total("skipped") + Total("failed")).ShouldBe(Total("repositories"));

        int Total(string name) => totals.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task A_listing_that_outlasts_the_time_limit_is_exit_code_1()
    {
        using var program = new ProgramHarness
        {
            Mirror = (_, _, _) =>
                Task.FromResult(
                    Sample.Run() with
                    {
                        Result = RunResult.Failure,
                        Error = new(ErrorCode.Cancelled, "The run was stopped while the repositories were listed.", null),
                    }
                ),
        };

        (await program.RunAsync("--fail-on", "never")).ShouldBe(1);
    }

    [Fact]
    public async Task A_cancelled_sync_exits_with_130()
    {
        using var cancel = new CancellationTokenSource();
        using var program = new ProgramHarness
        {
            Sync = async (_, _, token) =>
            {
                await cancel.CancelAsync();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                return Sample.Repository("x");
            },
        };

        (await program.RunAsync(cancel.Token, "sync", "https://a.example/x", "https://b.example/x")).ShouldBe(130);

        program.Output.ShouldContain("Cancelled.");
    }

    [Fact]
    public void The_grace_leaves_time_for_the_report_before_the_runner_kills() =>
        CancellationGrace.Length.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(5));

    private static IEnumerable<string?> Codes(ProgramHarness program) =>
        JsonDocument
            .Parse(File.ReadAllText(program.ReportFile))
            .RootElement.GetProperty("repositories")
            .EnumerateArray()
            .Select(repository =>
                repository.GetProperty("error") is { ValueKind: JsonValueKind.Object } error ? error.GetProperty("code").GetString() : null
            );

    /// <summary>Every pause of some length is over at once.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.Zero : dueTime, period);
    }
}
