using System.Diagnostics;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.IntegrationTests.Worst;

namespace MirrorAction.IntegrationTests.Restore;

/// <summary>The process is killed in the middle of a restore; the next run goes on without being allowed anything more.</summary>
public sealed class KilledRestoreTests
{
    private const int Repositories = 6;
    private const int Rounds = 6;
    private const int Seed = 20261121;

    [Fact]
    public async Task Killed_at_any_moment_the_next_run_goes_on_and_arrives()
    {
        await using var world = await RestoreWorld.StartAsync();
        for (var i = 0; i < Repositories; i++)
        {
            var repository = world.GitHub.AddRepository("acme", $"Repo-{i}");
            repository.Description = $"Number {i}";
            repository.Git.FillWithNoise(i == 0 ? 5 << 20 : 100_000, seed: (ulong)i + 1);
            repository.Git.Branch("trunk", "refs/heads/main");
            repository.Git.Tag("v1", "refs/heads/main");
            repository.DefaultBranch = "trunk";
        }

        await world.MirrorAsync();
        var report = await File.ReadAllTextAsync(ReportFile(world), TestContext.Current.CancellationToken);

        var counted = new ProgressEvents(world.Action, 0, () => Task.CompletedTask);
        await world.RestoreAsync();
        ShouldHaveArrived(world);
        var random = new Random(Seed);
        for (var round = 1; round <= Rounds; round++)
        {
            foreach (var repository in world.Restored)
                world.GitHub.Remove(repository);
            await File.WriteAllTextAsync(ReportFile(world), report, TestContext.Current.CancellationToken);

            // Up to nine tenths: near the end a run may be over before the moment comes.
            var moment = random.Next(1, counted.Count * 9 / 10);
            TestContext.Current.SendDiagnosticMessage($"Round {round}: killed at step {moment} of {counted.Count}.");
            await KillAsync(world, moment);
            foreach (var repository in world.Restored)
                repository.Git.Fsck();

            await world.RestoreAsync();
            ShouldHaveArrived(world);
        }
    }

    private static string ReportFile(RestoreWorld world) => Path.Combine(world.Action.Workspace, "mirror-report", "report.json");

    private static async Task KillAsync(RestoreWorld world, int moment)
    {
        var started = new TaskCompletionSource<ActionProcess>();
        var events = new ProgressEvents(
            world.Action,
            moment,
            async () =>
            {
                using var victim = Process.GetProcessById((await started.Task).Id);
                victim.Kill();
            }
        );
        using (var process = world.Action.Start())
        {
            started.SetResult(process);
            var outcome = await process.WaitAsync();
            outcome.ExitCode.ShouldBe(137, outcome.Text);
        }

        await events.IdleAsync();
        world.ShouldNotHaveWrittenToBitbucket();
        world.GitHub.Intercept = world.Bitbucket.Intercept = null;
    }

    private static void ShouldHaveArrived(RestoreWorld world)
    {
        world.Restored.Count.ShouldBe(Repositories);
        foreach (var original in world.GitHub.Repositories.Where(repository => repository.Owner == "acme"))
            world.ShouldBeRestored(original);
    }
}
