using MirrorAction.Mirroring.Mirror;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary><c>mirror</c>: what moved since the last run is pushed; at the creation everything.</summary>
internal sealed class MirrorCommand : FaultCommand
{
    public override string Name => "mirror";

    public override IReadOnlyList<Stage> Stages { get; } =
    [
        Stage.ListSource,
        Stage.ListDestination,
        Stage.Create,
        Stage.LsRefs,
        Stage.Advertisement,
        Stage.Ancestry,
        Stage.Origins,
        Stage.Keep,
        Stage.Fetch,
        Stage.FetchLarge,
        Stage.PushSmall,
        Stage.PushMedium,
        Stage.Probe,
        Stage.PushLarge,
        Stage.Report,
        Stage.ReRead,
        Stage.MainBranch,
    ];

    public override IReadOnlyList<Stage> TypicalStages => [Stage.LfsUse];

    public override Task PrepareAsync(FaultWorld world, Stage stage, FaultHistory history)
    {
        history.CopyNow(world.AddSource().Git.Path);
        if (stage != Stage.Create)
        {
            history.CopyThen(world.AddMirror(world.Source.Id).Git.Path);
            world.Earlier = world.Mirrored;
        }

        return Task.CompletedTask;
    }

    public override Task<RunReport> RunAsync(FaultRun run, CancellationToken cancellationToken) =>
        new OrganizationMirror(run.Between(run.GitHub, run.Bitbucket)).RunAsync(cancellationToken);

    public override IAsyncEnumerable<string> ProblemsAsync(FaultWorld world, RepositoryReport? repository) =>
        Writes(world.GitHubProxy).Concat(LostValues(world)).ToAsyncEnumerable();

    /// <summary>Old values that no ref of the mirror leads to any more: the host may delete them at any time.</summary>
    private static IEnumerable<string> LostValues(FaultWorld world)
    {
        if (world.Earlier.Count == 0)
        {
            return [];
        }

        var mirror = world.Bitbucket.Repositories[0].Git;
        var reached = mirror.Git("rev-list", "--all").Split('\n').Concat(mirror.ForEachRef().Values).ToHashSet();
        return world
            .Earlier.Where(r => !reached.Contains(r.Value))
            .Select(r => $"the old value of {r.Key}, {r.Value}, is out of reach at the mirror");
    }

    public override IEnumerable<string> ProblemsInTheEnd(FaultWorld world) =>
        MirrorComparison.Compare(world.GitHub, "acme", world.Bitbucket, "acme-mirror");
}
