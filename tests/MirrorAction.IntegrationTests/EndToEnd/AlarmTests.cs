using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.EndToEnd;

/// <summary>The real program, cancelled by the runner, still tells of its end.</summary>
public sealed class AlarmTests
{
    /// <summary>Far longer than it takes; a program that does not end at all shall not hold up the others.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Run_that_is_terminated_tells_the_switch_and_people()
    {
        await using var services = await SandboxServices.StartAsync();
        await using var world = await ActionWorld.StartAsync();
        world.GitHub.AddRepository("acme", "website").Git.Commit("a", "1\n");
        world.Environment["MIRROR_HEARTBEAT_URL"] = $"{services.Url}3f2504e0-4f89-11d3-9a0c-0305e82c3301";
        world.Inputs["notify-url"] = $"{services.Url}hook/0123456789abcdef";
        var asked = new TaskCompletionSource();
        world.GitHub.Intercept = async (context, _) =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };

        using var process = world.Start();
        await asked.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        process.Signal("TERM");
        var outcome = await process.WaitAsync().WaitAsync(s_patience, TestContext.Current.CancellationToken);

        outcome.ExitCode.ShouldBe(130, outcome.Text);
        services.Refusals.ShouldBeEmpty();
        services.Pings.Select(ping => ping.State).ShouldBe(["start", "down"]);
        services.Messages.ShouldHaveSingleItem().Text.ShouldContain("acme-mirror: stopped");
        outcome
            .Text.Split('\n')
            .Where(line => !line.StartsWith("::add-mask::", StringComparison.Ordinal))
            .ShouldNotContain(line => line.Contains("0123456789abcdef"));
    }
}
