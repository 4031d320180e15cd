using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.IntegrationTests.Relay;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Worst;

/// <summary>A signal in the middle of every mode that works on many repositories.</summary>
public sealed class StoppedModesTests
{
    private const int Repositories = 12;

    /// <summary>Far longer than it takes; a program that does not end at all shall not hold up the others.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData("mirror")]
    [InlineData("plan")]
    [InlineData("verify")]
    [InlineData("verify", "--deep")]
    [InlineData("backup", "--backup-dir", "bundles")]
    [InlineData("restore", "--drill")]
    [InlineData("restore", "--github-owner", "acme-again")]
    [InlineData("restore", "--github-owner", "acme-again", "--dry-run")]
    public async Task Signal_leaves_a_report_in_which_all_is_told_and_adds_up(params string[] arguments)
    {
        await using var world = await StartAsync();
        (await world.RunAsync()).ExitCode.ShouldBe(0);
        for (var i = 0; i < Repositories && arguments[0] is not ("verify" or "restore"); i++)
        {
            world.GitHub.Find("acme", NameOf(i))!.Git.Commit("b", "2\n");
        }

        world.GitHub.AddAccount("acme-again");
        world.GitHub.AcceptsWrites = true;
        world.Inputs["github-token"] = world.GitHub.WriteToken;
        var isRestore = arguments[0] == "restore" && !arguments.Contains("--drill");
        var held = isRestore ? Hold(h => world.Bitbucket.Intercept = h) : Hold(h => world.GitHub.Intercept = h);

        JsonNode[] entries;
        using (var process = world.Start(arguments))
        {
            await held.WaitAsync(s_patience, TestContext.Current.CancellationToken);
            process.Signal("TERM");
            var outcome = await process.WaitAsync().WaitAsync(s_patience, TestContext.Current.CancellationToken);

            outcome.ExitCode.ShouldBe(130, outcome.Text);
            entries = [.. world.Report["repositories"]!.AsArray().Select(r => r!)];
            var left = entries.Count(entry => (string?)entry["reason"] == "cancelled");
            outcome
                .Text.Split('\n')
                .Count(line => line.Contains($"{left} repositories were reached", StringComparison.Ordinal))
                .ShouldBe(1, outcome.Text);
        }

        // Two were done, two were held, and all others were not reached.
        var name = isRestore ? "acme-mirror" : "acme";
        entries.Select(entry => (string?)entry["source"]).ShouldBe(Enumerable.Range(0, Repositories).Select(i => $"{name}/{NameOf(i)}"));
        entries.Count(entry => (string?)entry["status"] == "failed" && (string?)entry["error"]!["code"] == "cancelled").ShouldBe(2);
        entries
            .Count(entry => (string?)entry["status"] == "skipped" && (string?)entry["reason"] == "cancelled" && entry["error"] is null)
            .ShouldBe(Repositories - 4);
        var totals = world.Report["totals"]!;
        (Total("mirrored") + Total("unchanged") + Total("different") + Total("skipped") + Total("failed")).ShouldBe(Repositories);
        (Total("repositories"), Total("failed"), Total("skipped")).ShouldBe((Repositories, 2, Repositories - 4));
        ((string?)world.Report["result"]).ShouldBe("partial");
        world.Summary.ShouldContain($"; {Repositories - 4} were not reached");
        world.Outputs.ShouldContain("skipped<<");

        int Total(string field) => (int?)totals[field] ?? 0;
    }

    [Fact]
    public async Task Signal_while_the_repositories_are_listed_leaves_a_report_too()
    {
        await using var world = await StartAsync();
        var asked = new TaskCompletionSource();
        world.GitHub.Intercept = async (context, _) =>
        {
            asked.TrySetResult();
            await ForEverAsync(context);
        };

        using var process = world.Start();
        await asked.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        process.Signal("TERM");
        var outcome = await process.WaitAsync().WaitAsync(s_patience, TestContext.Current.CancellationToken);

        outcome.ExitCode.ShouldBe(130, outcome.Text);
        ((string?)world.Report["error"]!["code"], (string?)world.Report["result"]).ShouldBe(("cancelled", "failure"));
    }

    private static string NameOf(int number) => FormattableString.Invariant($"repo-{number:00}");

    private static async Task<ActionWorld> StartAsync()
    {
        var world = await ActionWorld.StartAsync();
        for (var i = 0; i < Repositories; i++)
        {
            world.GitHub.AddRepository("acme", NameOf(i)).Git.Commit("a", "1\n");
        }

        world.Inputs["concurrency"] = "2";
        return world;
    }

    /// <summary>Serves the first two repositories that are read by git, and holds up the next two.</summary>
    /// <returns>Both are held.</returns>
    private static Task Hold(Action<Interception> intercept)
    {
        var both = new TaskCompletionSource();
        var seen = new List<string>();
        var held = 0;
        intercept(
            async (context, next) =>
            {
                if (!context.Request.IsUploadPackPost())
                {
                    await next();
                    return;
                }

                int place;
                lock (seen)
                {
                    var path = context.Request.Path.Value!;
                    place = seen.IndexOf(path);
                    if (place < 0)
                    {
                        place = seen.Count;
                        seen.Add(path);
                    }
                }

                if (place < 2)
                {
                    await next();
                    return;
                }

                if (Interlocked.Increment(ref held) == 2)
                {
                    both.TrySetResult();
                }

                await ForEverAsync(context);
            }
        );
        return both.Task;
    }

    private static Task ForEverAsync(HttpContext context) =>
        Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
}
