using System.Diagnostics;
using System.Globalization;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.Mirroring.Backup;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Backup;

/// <summary>
/// A backup is killed in the middle of its work, again and again: what was there before stays whole, and the next run goes on from it.
/// </summary>
public sealed class BackupKillTests
{
    private const int Seed = 20261121;
    private const int Repositories = 4;

    /// <summary>Rounds where nothing is said; the environment variable <c>MIRROR_KILLS</c> asks for more.</summary>
    private const int DefaultRounds = 6;

    [Fact]
    public async Task Killed_at_any_moment_every_chain_is_whole_and_the_next_run_goes_on()
    {
        await using var world = await ActionWorld.StartAsync();
        for (var i = 0; i < Repositories; i++)
            world.GitHub.AddRepository("acme", NameOf(i)).Git.Commit("a", "0\n");
        Move(world, 1);
        var steps = await CountStepsAsync(world);
        var random = new Random(Seed);
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("MIRROR_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked)
            ? asked
            : DefaultRounds;
        for (var round = 1; round <= rounds; round++)
        {
            Move(world, round + 1);
            var before = Listed(world);
            var moment = random.Next(1, steps * 9 / 10);
            await KillAsync(world, moment);

            var after = Listed(world);
            foreach (var (name, files) in before)
                after[name].Take(files.Count).ShouldBe(files, $"round {round}, killed at step {moment} of {steps}");
            var check = await world.RunAsync("backup", "--check", "true", "--backup-dir", "bundles");
            check.ExitCode.ShouldBe(0, check.Text);

            var next = await BackUpAsync(world);
            next.ExitCode.ShouldBe(0, next.Text);
            ShouldRestoreTheSources(world);
            TestContext.Current.SendDiagnosticMessage($"Round {round}: killed at step {moment} of {steps}.");
        }
    }

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"repo-{number}");

    private static string FolderOf(ActionWorld world, string name) => Path.Combine(world.Workspace, "bundles", "acme", name);

    /// <summary>About as much work in every round.</summary>
    private static void Move(ActionWorld world, int round)
    {
        for (var i = 0; i < Repositories; i++)
        {
            var git = world.GitHub.Find("acme", NameOf(i))!.Git;
            git.Commit("a", $"{round}\n");
            git.Git("branch", "--force", "noise", "main");
            using var import = git.Import();
            import.CommitRandom("noise", $"noise-{round}", 300_000, (ulong)((round * Repositories) + i));
            import.Complete();
        }
    }

    private static Task<ActionOutcome> BackUpAsync(ActionWorld world) =>
        world.RunAsync("backup", "--backup-dir", "bundles", "--full-every", "4", "--keep", "0");

    private static async Task<int> CountStepsAsync(ActionWorld world)
    {
        var steps = 0;
        world.GitHub.Intercept = PackInterception.Counting(() =>
        {
            Interlocked.Increment(ref steps);
            return Task.CompletedTask;
        });
        var outcome = await BackUpAsync(world);
        outcome.ExitCode.ShouldBe(0, outcome.Text);
        world.GitHub.Intercept = null;
        ShouldRestoreTheSources(world);
        steps.ShouldBeGreaterThan(Repositories * 10);
        return steps;
    }

    private static async Task KillAsync(ActionWorld world, int moment)
    {
        var started = new TaskCompletionSource<ActionProcess>();
        world.GitHub.Intercept = PackInterception.AtStep(
            moment,
            async () =>
            {
                using var victim = Process.GetProcessById((await started.Task).Id);
                victim.Kill();
            }
        );
        using var process = world.Start("backup", "--backup-dir", "bundles", "--full-every", "4", "--keep", "0");
        started.SetResult(process);
        var outcome = await process.WaitAsync();
        outcome.ExitCode.ShouldBe(137, outcome.Text);
        world.GitHub.Intercept = null;
    }

    private static Dictionary<string, IReadOnlyList<string>> Listed(ActionWorld world) =>
        Enumerable
            .Range(0, Repositories)
            .Select(NameOf)
            .ToDictionary(
                name => name,
                name =>
                    (IReadOnlyList<string>)
                        [.. RepositoryFolder.ReadManifest(FolderOf(world, name))!.Files.Select(entry => $"{entry.File} {entry.Sha256}")]
            );

    private static void ShouldRestoreTheSources(ActionWorld world)
    {
        for (var i = 0; i < Repositories; i++)
        {
            var folder = FolderOf(world, NameOf(i));
            using var scratch = new TempFolder("restored-");
            var files = RepositoryFolder.ReadManifest(folder)!.Chains[^1].Files;
            RealGit.Run(folder, "clone", "--quiet", "--mirror", files[0].File, scratch["it.git"]);
            foreach (var entry in files.Skip(1))
                RealGit.Run(scratch["it.git"], "fetch", "--quiet", "--prune", Path.Combine(folder, entry.File), "+refs/*:refs/*");
            var restored = GitRepository.Open(scratch["it.git"]);
            restored.ForEachRef().ShouldBe(world.GitHub.Find("acme", NameOf(i))!.Git.BranchesAndTags(), ignoreOrder: true);
            restored.Fsck();
        }
    }
}
