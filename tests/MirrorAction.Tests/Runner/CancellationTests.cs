using System.Text.Json;
using MirrorAction.Mirroring.Reporting;
using MirrorAction.Runner;
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
        File.ReadAllText(program.SummaryFile).ShouldContain("1 of 2 repositories failed");
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
        report.GetProperty("totals").GetProperty("failed").GetInt32().ShouldBe(4);
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
        report.GetProperty("totals").GetProperty("failed").GetInt32().ShouldBe(2);
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
    public void The_grace_leaves_time_for_the_report_before_the_runner_kills() => CancellationGrace.Length.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(5));

    private static IEnumerable<string?> Codes(ProgramHarness program) =>
        JsonDocument.Parse(File.ReadAllText(program.ReportFile)).RootElement.GetProperty("repositories").EnumerateArray()
            .Select(repository => repository.GetProperty("error") is { ValueKind: JsonValueKind.Object } error ? error.GetProperty("code").GetString() : null);

    /// <summary>Every pause of some length is over at once.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.Zero : dueTime, period);
    }
}
