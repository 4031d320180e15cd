using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using MirrorAction.IntegrationTests.EndToEnd;

namespace MirrorAction.IntegrationTests.Worst;

/// <summary>The process is killed in the middle of its work, again and again; the following run makes up for it.</summary>
public sealed class KillTests
{
    private const int Seed = 20261121;

    /// <summary>Rounds where nothing is said; the environment variable <c>MIRROR_KILLS</c> asks for more.</summary>
    private const int DefaultRounds = 8;

    [Fact]
    public async Task Killed_at_any_moment_nothing_is_broken_and_the_next_run_arrives()
    {
        await using var moving = await MovingWorld.StartAsync();
        var steps = await CountStepsAsync(moving);
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("MIRROR_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked)
            ? asked
            : DefaultRounds;
        var random = new Random(Seed);
        for (var round = 1; round <= rounds; round++)
        {
            // Up to nine tenths: near the end a run may be over before the moment comes.
            var moment = random.Next(1, steps * 9 / 10);
            try
            {
                await KillAsync(moving, moment);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Round {round} of {rounds}, killed at step {moment} of {steps}: {e.Message}", e);
            }

            TestContext.Current.SendDiagnosticMessage($"Round {round}: killed at step {moment} of {steps}.");
        }
    }

    private static async Task KillAsync(MovingWorld moving, int moment)
    {
        var world = moving.World;
        moving.Reset();
        var started = new TaskCompletionSource<ActionProcess>();
        var events = new ProgressEvents(
            world,
            moment,
            async () =>
            {
                using var victim = Process.GetProcessById((await started.Task).Id);
                victim.Kill();
            }
        );
        using (var process = world.Start())
        {
            started.SetResult(process);
            var outcome = await process.WaitAsync();
            outcome.ExitCode.ShouldBe(137, outcome.Text);
        }

        await events.IdleAsync();
        world.GitHub.Intercept = world.Bitbucket.Intercept = null;
        moving.ShouldBeSound();
        var report = Path.Combine(world.Workspace, "mirror-report", "report.json");
        if (File.Exists(report))
            JsonNode.Parse(await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken)).ShouldNotBeNull();

        var next = await world.RunAsync();
        next.ExitCode.ShouldBe(0, next.Text);
        moving.ShouldHaveArrived();
    }

    /// <summary>How long a run is that nobody disturbs.</summary>
    private static async Task<int> CountStepsAsync(MovingWorld moving)
    {
        var events = new ProgressEvents(moving.World, 0, () => Task.CompletedTask);
        var outcome = await moving.World.RunAsync();
        outcome.ExitCode.ShouldBe(0, outcome.Text);
        moving.ShouldHaveArrived();
        moving.World.Bitbucket.Requests.Count(r => r.IsPush && r.RequestBytes > 4 << 20).ShouldBe(5);
        moving.World.GitHub.WriteAttempts.ShouldBeEmpty();
        return events.Count;
    }
}
