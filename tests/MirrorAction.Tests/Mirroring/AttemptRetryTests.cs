using Microsoft.Extensions.Time.Testing;
using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Mirroring;

public sealed class AttemptRetryTests
{
    [Fact]
    public async Task Pause_that_is_cancelled_begins_no_other_attempt()
    {
        using var stop = new CancellationTokenSource();
        var pauses = new TaskCompletionSource();
        var attempts = new AttemptRetry(Job(), new FakeTimeProvider(), _ => pauses.TrySetResult());
        var made = 0;

        var run = attempts.RunAsync<string>(
            _ =>
            {
                made++;
                throw new GitTransportException("The connection broke.");
            },
            stop.Token
        );
        await pauses.Task;
        await stop.CancelAsync();

        var e = await Should.ThrowAsync<OperationCanceledException>(() => run);
        (made, attempts.Count).ShouldBe((1, 1));
        (await attempts.JudgeAsync(e, stop.Token)).Error!.Code.ShouldBe(ErrorCode.Cancelled);
    }

    [Theory]
    [InlineData("many many done", "no no last")]
    [InlineData("many other done", "no no last")] // A refusal of many at once was met before.
    [InlineData("other other", "no no")]
    [InlineData("many many other done", "no no last last")]
    [InlineData("many many other other", "no no last last")]
    [InlineData("many many many", "no no last")] // What it was to help against.
    public async Task Last_resort_is_repeated_for_faults_of_another_kind_only(string faults, string expected)
    {
        var time = new SkippingTime();
        time.SkipWaits(_ => true);
        var attempts = new AttemptRetry(Job(new RefOptions { MaxAttempts = 2 }), time, _ => { });
        var coming = new Queue<string>(faults.Split(' '));
        var made = new List<string>();

        var run = attempts.RunAsync<string>(
            _ =>
            {
                made.Add(attempts.IsLastResort ? "last" : "no");
                var next = coming.Dequeue();
                if (next == "done")
                {
                    return Task.FromResult<string?>(next);
                }

                var e = new GitTransportException($"The connection broke: {next}.");
                if (next == "many")
                {
                    e.BlameOneOfMany();
                }

                throw e;
            },
            TestContext.Current.CancellationToken
        );
        await run.ContinueWith(_ => { }, TaskScheduler.Default);

        string.Join(' ', made).ShouldBe(expected);
        coming.ShouldBeEmpty();
        run.IsCompletedSuccessfully.ShouldBe(faults.EndsWith("done", StringComparison.Ordinal));
    }

    private static SourceJob Job(RefOptions? options = null) =>
        new()
        {
            SourceName = "acme/website",
            Source = new GitEndpoint(new Uri("http://127.0.0.1/acme/website.git"), null),
            Options = options ?? new(),
        };
}
