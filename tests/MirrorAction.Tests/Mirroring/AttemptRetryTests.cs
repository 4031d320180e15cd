using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;
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
        var job = new SourceJob
        {
            SourceName = "acme/website",
            Source = new GitEndpoint(new Uri("http://127.0.0.1/acme/website.git"), null),
            Options = new(),
        };
        var attempts = new AttemptRetry(job, new FakeTimeProvider(), _ => pauses.TrySetResult());
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
}
