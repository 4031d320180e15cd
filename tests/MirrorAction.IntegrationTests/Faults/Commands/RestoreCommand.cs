using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Restore;
using MirrorAction.Mirroring.Runs;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary><c>restore</c> of a mirror whose original is gone into an organisation that has another repository.</summary>
/// <param name="intoEmpty">Somebody has created the repository already, and it is empty.</param>
internal sealed class RestoreCommand(bool intoEmpty = false) : FaultCommand
{
    private const string Description = "Our website";

    public override string Name => intoEmpty ? "restore into an empty repository" : "restore";

    public override IReadOnlyList<Stage> Stages => intoEmpty ? [] : [Stage.Create];

    public override IReadOnlyList<Stage> TypicalStages =>
        intoEmpty
            ? [Stage.MarkAsRestoring, Stage.Advertisement, Stage.Report, Stage.MainBranch, Stage.Description]
            :
            [
                Stage.ListSource,
                Stage.ListDestination,
                Stage.LsRefs,
                Stage.Advertisement,
                Stage.Fetch,
                Stage.FetchLarge,
                Stage.PushSmall,
                Stage.PushMedium,
                Stage.Probe,
                Stage.PushLarge,
                Stage.Report,
                Stage.ReRead,
                Stage.MainBranch,
                Stage.Description,
            ];

    public override bool ReadsMirrors => true;

    public override (Func<HttpHead, bool> Which, int Nth) Requests(Stage stage, HostRequests source, HostRequests destination) =>
        stage switch
        {
            // A new repository needs no proof of what moved forward.
            Stage.Fetch or Stage.FetchLarge => Stage.FetchThin.Requests(source, destination),
            Stage.Probe or Stage.PushSmall or Stage.PushMedium or Stage.Report => (StageFacts.IsReceivePack, 1), // Nor is anything overwritten.
            Stage.PushLarge => (StageFacts.IsReceivePack, 2),
            Stage.MarkAsRestoring => (destination.IsChange, 1),
            Stage.MainBranch => (destination.IsMainBranch, intoEmpty ? 2 : 1),
            Stage.Description => (destination.IsChange, intoEmpty ? 3 : 2),
            _ => stage.Requests(source, destination),
        };

    /// <summary>A repository that was just created may not be known to every git server yet.</summary>
    public override Verdict VerdictOf(FaultCase fault, Stage stage, HostRequests host) =>
        !intoEmpty && !stage.IsRest() && !stage.IsSource() && fault.Name.StartsWith("404", StringComparison.Ordinal)
            ? Verdict.Passing
            : base.VerdictOf(fault, stage, host);

    public override bool IsWarning(Stage stage) => stage == Stage.Description;

    public override async Task PrepareAsync(FaultWorld world, Stage stage, FaultHistory history)
    {
        world.Origin.Add("other");
        if (intoEmpty)
        {
            world.AddOriginal();
        }

        history.CopyNow((await world.AddOrphanAsync()).Path);
    }

    public override Task<RunReport> RunAsync(FaultRun run, CancellationToken cancellationToken) =>
        new WorkspaceRestore(run.Back, new RestoreOptions(run.World.Origin.Owner), Earlier(run.World)).RunAsync(cancellationToken);

    public override GitRepository Original(FaultWorld world) => world.Mirror!.Git;

    public override Task<IReadOnlyDictionary<string, string>> StateAsync(FaultWorld world) =>
        Task.FromResult(Restored(world)?.Git.ForEachRef() ?? new Dictionary<string, string>());

    public override async IAsyncEnumerable<string> ProblemsAsync(FaultWorld world, RepositoryReport? repository)
    {
        foreach (
            var problem in Writes(world.MirrorsProxy)
                .Concat(world.OriginProxy.Requests.Where(r => r.Method == "DELETE").Select(r => $"something was deleted: {r}"))
        )
        {
            yield return problem;
        }

        if (repository is { Created: true } && Restored(world) is null)
        {
            yield return "it was not created";
        }

        if (world.Origin.Repositories.Count != (Restored(world) is null ? 1 : 2) || world.Origin["other"].Git.ForEachRef().Count > 0)
        {
            yield return $"there are {string.Join(", ", world.Origin.Repositories)}, and the first was empty";
        }

        await Task.CompletedTask;
    }

    public override IEnumerable<string> ProblemsInTheEnd(FaultWorld world)
    {
        var restored = Restored(world)!;
        if ((restored.Description, restored.Git.Head, restored.IsPrivate) != (Description, "trunk", true))
        {
            yield return $"restored as '{restored.Description}' with {restored.Git.Head}{(restored.IsPrivate ? "" : ", public")}";
        }

        foreach (var difference in Differences(Original(world), restored.Git.ForEachRef()))
        {
            yield return difference;
        }

        restored.Git.Fsck();
    }

    private static SandboxCopy? Restored(FaultWorld world) => world.Origin.Repositories.SingleOrDefault(r => r.Name == FaultWorld.Name);

    /// <summary>The report of the last mirror run, which knows what the repository was about.</summary>
    private static RunReport Earlier(FaultWorld world) =>
        new()
        {
            Mode = "mirror",
            Version = "1.0.0",
            StartedAt = world.Time.GetUtcNow(),
            DurationMs = 0,
            Source = new ReportSource(world.Origin.Kind, [world.Origin.Owner]),
            Destination = new ReportDestination(world.Mirrors.Kind, world.Mirrors.Owner),
            Result = RunResult.Success,
            Totals = RunTally.Sum([], 0),
            Repositories =
            [
                new RepositoryReport
                {
                    Source = $"{world.Origin.Owner}/{FaultWorld.Name}",
                    Destination = $"{world.Mirrors.Owner}/{FaultWorld.Name}",
                    Description = Description,
                    Status = RepositoryStatus.Unchanged,
                },
            ],
        };
}
