using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Worst;

/// <summary>Two runs at the same time on the same workspace: each meets the other in everything that it does.</summary>
public sealed class TwoRunsTests
{
    [Fact]
    public async Task Two_runs_at_the_same_time_lose_nothing_and_both_tell_the_truth()
    {
        await using var moving = await MovingWorld.StartAsync();
        var world = moving.World;
        using var meeting = new Meeting();
        world.Bitbucket.Intercept = meeting.ServeAsync;

        world.Inputs["report-dir"] = "first";
        using var first = world.Start();
        world.Inputs["report-dir"] = "second";
        using var second = world.Start();
        ActionOutcome[] outcomes = [await first.WaitAsync(), await second.WaitAsync()];

        moving.ShouldBeSound();
        moving.ShouldHaveArrived();
        var reports = new[] { "first", "second" }
            .Select(d => JsonNode.Parse(File.ReadAllText(Path.Combine(world.Workspace, d, "report.json")))!)
            .ToArray();
        for (var i = 0; i < 2; i++)
        {
            outcomes[i].ExitCode.ShouldBe(0, outcomes[i].Text);
            var entries = reports[i]["repositories"]!.AsArray();
            entries.Count.ShouldBe(MovingWorld.Repositories);
            entries.ShouldAllBe(r => (bool)r!["verified"]!);
        }

        // What is new was created once, whoever of them did.
        var created = reports
            .SelectMany(r => r["repositories"]!.AsArray())
            .Where(r => (bool)r!["created"]!)
            .Select(r => (string?)r!["source"])
            .ToArray();
        created.Distinct().Count().ShouldBe(created.Length);
        created.Length.ShouldBe(6);
        reports.Sum(r => (int)r["totals"]!["created"]!).ShouldBe(6);

        world.Bitbucket.Intercept = null;
        var next = await world.RunAsync();
        next.ExitCode.ShouldBe(0, next.Text);
        world.Bitbucket.Requests.ShouldAllBe(r => r.Method == "GET");
    }

    /// <summary>
    /// Lets both list the workspace, and read the refs of each repository, before either goes on: so each plans what the other does too.
    /// </summary>
    private sealed class Meeting : IDisposable
    {
        private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new();
        private readonly ConcurrentDictionary<string, int> _seen = new();
        private readonly SemaphoreSlim _turn = new(1, 1);

        public void Dispose() => _turn.Dispose();

        internal async Task ServeAsync(HttpContext context, Func<Task> next)
        {
            var request = context.Request;
            if (request.Method == "GET")
            {
                // Read before the meeting: what they see is what both saw.
                var output = context.Response.Body;
                using var answer = new MemoryStream();
                context.Response.Body = answer;
                await next();
                context.Response.Body = output;
                await MeetAsync(request.Path.Value!, context.RequestAborted);
                await output.WriteAsync(answer.ToArray(), context.RequestAborted);
            }
            else if (request.Path.Value!.StartsWith("/2.0/", StringComparison.Ordinal))
            {
                // The sandbox looks whether a repository is there and creates it then, which a real host does at once.
                await _turn.WaitAsync(context.RequestAborted);
                try
                {
                    await next();
                }
                finally
                {
                    _turn.Release();
                }
            }
            else
            {
                await next();
            }
        }

        private async Task MeetAsync(string path, CancellationToken cancellationToken)
        {
            var both = _waiting.GetOrAdd(path, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            var number = _seen.AddOrUpdate(path, 1, (_, n) => n + 1);
            if (number == 2)
                both.SetResult();
            if (number <= 2 && (path.EndsWith("/info/refs", StringComparison.Ordinal) || path.EndsWith("/acme-mirror", StringComparison.Ordinal)))
                await both.Task.WaitAsync(cancellationToken);
        }
    }
}
