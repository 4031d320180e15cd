using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.IntegrationTests.Relay;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Worst;

/// <summary>The step is cancelled in the middle of a run.</summary>
public sealed class SignalTests
{
    /// <summary>Far longer than it takes; a program that does not end at all shall not hold up the others.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Cancelled_run_reports_what_is_done_and_names_what_is_not(string signal)
    {
        await using var moving = await MovingWorld.StartAsync();
        var world = moving.World;
        world.Inputs["concurrency"] = "2";
        var hold = new Hold(world);

        using (var process = world.Start())
        {
            await hold.Reached.WaitAsync(s_patience, TestContext.Current.CancellationToken);
            process.Signal(signal);
            var outcome = await process.WaitAsync().WaitAsync(s_patience, TestContext.Current.CancellationToken);
            outcome.ExitCode.ShouldBe(130, outcome.Text);
        }

        world.Bitbucket.Intercept = null;
        ShouldTellTheTruth(moving);
        moving.ShouldBeSound();
        RelayWorld
            .Mirrored(world.Bitbucket.Find("acme-mirror", MovingWorld.NameOf(0))!.Git)
            .ShouldBe(moving.Before(MovingWorld.NameOf(0)), ignoreOrder: true);

        var next = await world.RunAsync();
        next.ExitCode.ShouldBe(0, next.Text);
        moving.ShouldHaveArrived();
    }

    [Fact]
    public async Task Second_signal_ends_the_program_at_once()
    {
        await using var world = await ActionWorld.StartAsync();
        world.GitHub.AddRepository("acme", "website").Git.Commit("a", "1\n");
        var asked = new TaskCompletionSource();
        world.GitHub.Intercept = async (context, _) =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };

        // A pipe that nobody reads holds the program up where it writes its summary, for ever.
        var pipe = Path.Combine(world.Workspace, "summary");
        using (var mkfifo = Process.Start("mkfifo", [pipe]))
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        var folder = Directory.CreateDirectory(Path.Combine(world.Workspace, "mirror-report")).FullName;
        var reported = new TaskCompletionSource();
        using var watcher = new FileSystemWatcher(folder, "report.json");
        watcher.Created += (_, _) => reported.TrySetResult();
        watcher.Renamed += (_, _) => reported.TrySetResult();
        watcher.EnableRaisingEvents = true;
        var environment = world.Inputs.ToDictionary(i => $"INPUT_{i.Key.ToUpperInvariant()}", i => i.Value);
        environment["GITHUB_WORKSPACE"] = world.Workspace;
        environment["GITHUB_STEP_SUMMARY"] = pipe;

        using var process = ActionProcess.Start([], environment, world.Workspace);
        await asked.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        process.Signal("TERM");
        await reported.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        process.Signal("TERM");
        var outcome = await process.WaitAsync().WaitAsync(s_patience, TestContext.Current.CancellationToken);

        outcome.ExitCode.ShouldBe(130, outcome.Text);
        ((string?)world.Report["error"]!["code"]).ShouldBe("cancelled");
    }

    private static void ShouldTellTheTruth(MovingWorld moving)
    {
        var world = moving.World;
        var entries = world.Report["repositories"]!.AsArray().Select(r => r!).ToArray();
        entries
            .Select(r => (string?)r["source"])
            .ShouldBe(Enumerable.Range(0, MovingWorld.Repositories).Select(i => $"acme/{MovingWorld.NameOf(i)}"));
        var mirrored = entries.Where(r => (string?)r["status"] == "mirrored").ToArray();
        var cancelled = entries.Except(mirrored).ToArray();
        mirrored.Length.ShouldBeGreaterThanOrEqualTo(Hold.Finished);
        foreach (var entry in mirrored)
        {
            ((bool)entry["verified"]!).ShouldBeTrue();
            RelayWorld.Mirrored(Mirror(entry).Git).ShouldBe(RelayWorld.Mirrored(Source(entry).Git), ignoreOrder: true);
        }

        var underWay = cancelled.Where(r => (string?)r["status"] == "failed").ToArray();
        underWay.Length.ShouldBe(2);
        foreach (var entry in underWay)
        {
            ((string?)entry["error"]!["code"], (bool)entry["verified"]!).ShouldBe(("cancelled", false));
            world.Summary.ShouldContain((string)entry["source"]!);
        }

        var notReached = cancelled.Except(underWay).ToArray();
        foreach (var entry in notReached)
        {
            ((string?)entry["status"], (string?)entry["reason"], (int)entry["attempts"]!).ShouldBe(("skipped", "cancelled", 0));
            entry["error"].ShouldBeNull();
        }

        ((int)world.Report["totals"]!["failed"]!, (int)world.Report["totals"]!["skipped"]!).ShouldBe((2, notReached.Length));
        world.Summary.ShouldContain("The run was stopped before this repository was done.");
        world.Summary.ShouldContain($"### Not reached ({notReached.Length})");
        world.Outputs.ShouldContain("failed<<");

        SandboxBitbucketRepository Mirror(JsonNode entry) =>
            world.Bitbucket.Find("acme-mirror", ((string)entry["destination"]!)["acme-mirror/".Length..])!;
        SandboxGitHubRepository Source(JsonNode entry) => world.GitHub.Find("acme", ((string)entry["source"]!)["acme/".Length..])!;
    }

    /// <summary>
    /// Lets some repositories be finished and stops the pushes of two: the first one's in the middle of its pack, and another before it was begun.
    /// </summary>
    private sealed class Hold
    {
        internal const int Finished = 4;

        private readonly TaskCompletionSource _large = new();
        private readonly TaskCompletionSource _other = new();
        private readonly HashSet<string> _passed = [];

        internal Hold(ActionWorld world) => world.Bitbucket.Intercept = ServeAsync;

        internal Task Reached => Task.WhenAll(_large.Task, _other.Task);

        private async Task ServeAsync(HttpContext context, Func<Task> next)
        {
            var path = context.Request.Path.Value!;
            var isFirst = path.Contains(MovingWorld.NameOf(0), StringComparison.Ordinal);
            if (!context.Request.IsPushPost() || context.Request.ContentLength <= 4)
            {
                await next();
            }
            else if (isFirst && context.Request.ContentLength < 1 << 20)
            {
                await next(); // Old values are kept by a push of their own.
            }
            else if (isFirst)
            {
                await context.Request.Body.ReadExactlyAsync(new byte[1 << 20], context.RequestAborted);
                _large.TrySetResult();
                await ForEverAsync(context);
            }
            else if (IsOneOfThoseThatPass(path))
            {
                await next();
            }
            else
            {
                _other.TrySetResult();
                await ForEverAsync(context);
            }
        }

        /// <summary>They come one after the other: when the next one is held, these are finished.</summary>
        private bool IsOneOfThoseThatPass(string path)
        {
            lock (_passed)
            {
                return _passed.Contains(path) || (_passed.Count < Finished && _passed.Add(path));
            }
        }

        private static Task ForEverAsync(HttpContext context) =>
            Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    }
}
