using MirrorAction.Mirroring.Mirror;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary><c>mirror</c> of a repository that has another name now: what can't be renamed stays under its old one, and is mirrored there.</summary>
internal sealed class RenameCommand : FaultCommand
{
    private const string NewName = "homepage";

    public override string Name => "mirror of a renamed repository";

    public override IReadOnlyList<Stage> Stages => [Stage.Rename];

    public override bool IsWarning(Stage stage) => true;

    public override async Task PrepareAsync(FaultWorld world, Stage stage, FaultHistory history)
    {
        history.CopyNow(world.AddOriginal().Path);
        history.CopyNow((await world.AddMirrorAsync()).Path);
        world.Origin.Rename(FaultWorld.Name, NewName);
    }

    public override Task<RunReport> RunAsync(FaultRun run, CancellationToken cancellationToken) =>
        new OrganizationMirror(run.Forth).RunAsync(cancellationToken);

    public override TestKit.GitRepository Original(FaultWorld world) => world.Origin[NewName].Git;

    public override bool IsWorkedAround(FaultCase fault, Stage stage) => fault.IsAfterTheWork;

    public override IAsyncEnumerable<string> ProblemsAsync(FaultWorld world, RepositoryReport? repository) =>
        Writes(world.OriginProxy).Concat(Differences(Original(world), world.Mirrored)).ToAsyncEnumerable();

    public override IEnumerable<string> ProblemsInTheEnd(FaultWorld world)
    {
        if (world.Mirror is not { Name: NewName } mirror)
        {
            yield return $"the mirror is called {world.Mirror?.Name ?? "nothing: there are several, or none"}";
        }
        else if (!mirror.Description.Contains($"/{NewName} (id ", StringComparison.Ordinal))
        {
            yield return $"the mirror says '{mirror.Description}'";
        }
    }
}
