using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Tests.Mirroring;

public sealed class RepositoryBatchTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Listener _listener = new();
    private readonly ConcurrentBag<string> _worked = [];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stopped_run_fails_what_was_under_way_and_skips_what_it_did_not_reach(bool isSignal)
    {
        using var signal = new CancellationTokenSource();
        var areTwoUnderWay = new CountdownEvent(2);
        var run = Frame(
                new MirrorOptions
                {
                    Owners = ["acme"],
                    Concurrency = 2,
                    Timeout = TimeSpan.FromMinutes(5),
                }
            )
            .RunAsync(
                _ => Task.FromResult(new WorkList<string>([.. Enumerable.Range(0, 364).Select(i => $"acme/{i:000}")], [])),
                async (name, _, token) =>
                {
                    _worked.Add(name);
                    if (_worked.Count > 10)
                    {
                        areTwoUnderWay.Signal();
                        await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                        return Report(name, RepositoryStatus.Failed) with { Error = new(ErrorCode.Cancelled, "The run was stopped.", null) };
                    }

                    return Report(name, RepositoryStatus.Mirrored);
                },
                name => Report(name, RepositoryStatus.Skipped),
                signal.Token
            );
        areTwoUnderWay.Wait(TestContext.Current.CancellationToken);
        if (isSignal)
            await signal.CancelAsync();
        else
            _time.Advance(TimeSpan.FromMinutes(5));
        var report = await run;

        report.Repositories.Select(r => r.Source).ShouldBe(Enumerable.Range(0, 364).Select(i => $"acme/{i:000}"));
        report.Repositories.Count(r => r.Reason == SkipReason.Cancelled).ShouldBe(352);
        report.Repositories.Where(r => r.Reason == SkipReason.Cancelled).ShouldAllBe(r => r.Status == RepositoryStatus.Skipped && r.Error == null);
        (report.Totals.Repositories, report.Totals.Mirrored, report.Totals.Failed, report.Totals.Skipped).ShouldBe((364, 10, 2, 352));
        (report.Result, report.Error).ShouldBe((RunResult.Partial, null));
        _worked.Count.ShouldBe(12);
        _listener.Finished.ShouldBe(364);
    }

    [Fact]
    public async Task Repository_that_is_barred_is_reported_as_failed_and_not_worked_on()
    {
        var error = new RepositoryError(ErrorCode.Protocol, "It is listed with something impossible.", null);
        var frame = Frame(new MirrorOptions { Owners = ["acme"] });
        var report = await frame.RunAsync(
            _ => Task.FromResult(new WorkList<string>(["acme/a"], [new("acme/b", null, error), new("acme/c", "mirrors/c", error)])),
            (name, _, _) =>
            {
                _worked.Add(name);
                return Task.FromResult(Report(name, RepositoryStatus.Mirrored));
            },
            name => Report(name, RepositoryStatus.Skipped),
            TestContext.Current.CancellationToken
        );

        _worked.ShouldBe(["acme/a"]);
        report
            .Repositories.Select(r => (r.Source, r.Status))
            .ShouldBe([("acme/a", RepositoryStatus.Mirrored), ("acme/b", RepositoryStatus.Failed), ("acme/c", RepositoryStatus.Failed)]);
        report.Repositories.Skip(1).ShouldAllBe(r => r.Error == error);
        report.Repositories.Select(r => r.Destination).Skip(1).ShouldBe([frame.Destination.Workspace, "mirrors/c"]);
        report.Result.ShouldBe(RunResult.Partial);
        _listener.Finished.ShouldBe(3);
    }

    [Fact]
    public async Task Run_that_was_stopped_before_it_began_reaches_nothing()
    {
        var report = await Frame(new MirrorOptions { Owners = ["acme"] })
            .RunAsync(
                _ => Task.FromResult(new WorkList<string>(["acme/a", "acme/b"], [])),
                (name, _, _) => throw new InvalidOperationException(name),
                name => Report(name, RepositoryStatus.Skipped),
                new CancellationToken(canceled: true)
            );

        report.Repositories.ShouldAllBe(r => r.Reason == SkipReason.Cancelled);
        report.Result.ShouldBe(RunResult.Failure);
    }

    [Theory]
    [InlineData(true, ErrorCode.Cancelled)]
    [InlineData(false, ErrorCode.Internal)]
    public async Task Listing_that_breaks_off_for_whatever_reason_is_in_the_report(bool isCancelled, ErrorCode code)
    {
        var report = await Frame(new MirrorOptions { Owners = ["acme"] })
            .RunAsync<string>(
                _ => throw (isCancelled ? new OperationCanceledException() : new InvalidOperationException("unforeseen")),
                (name, _, _) => Task.FromResult(Report(name, RepositoryStatus.Mirrored)),
                name => Report(name, RepositoryStatus.Skipped),
                TestContext.Current.CancellationToken
            );

        (report.Error?.Code, report.Result, report.Repositories.Count).ShouldBe((code, RunResult.Failure, 0));
    }

    private RepositoryBatch Frame(MirrorOptions options) =>
        new(options, _listener, _time)
        {
            Mode = "mirror",
            Version = "1.0.0",
            Source = new("github", ["acme"]),
            Destination = new("bitbucket", "acme-mirror"),
            RestRequests = () => 0,
        };

    private static RepositoryReport Report(string name, RepositoryStatus status) =>
        new()
        {
            Source = name,
            Destination = name,
            Status = status,
        };

    private sealed class Listener : IRunObserver
    {
        internal int Finished { get; private set; }

        public void Selected(int selected, int leftOut, Shard? shard) { }

        public void Started(string source) { }

        public void Transferred(string source, long packBytes) { }

        void IRunObserver.Finished(int done, int total, RepositoryReport report, IReadOnlyList<RunMessage> log) => Finished++;

        public void Log(RunMessage message) { }

        public void AddSecret(string secret) { }
    }
}
