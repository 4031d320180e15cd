using MirrorAction.Mirroring.Drill;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary><c>restore</c> with <c>drill</c>: whatever happens, nothing of it stays on the disk.</summary>
internal sealed class DrillCommand : ReadingCommand
{
    public override string Name => "restore, drill";

    public override IReadOnlyList<Stage> Stages => [];

    public override IReadOnlyList<Stage> TypicalStages =>
        [Stage.ListSource, Stage.ListDestination, Stage.LsRefs, Stage.MirrorRefs, Stage.MirrorPack, Stage.MirrorPackLarge];

    public override Task<RunReport> RunAsync(FaultRun run, CancellationToken cancellationToken) =>
        new RestoreDrill(run.Forth, new DrillOptions(run.World.Folder.Path)).RunAsync(cancellationToken);

    public override async IAsyncEnumerable<string> ProblemsAsync(FaultWorld world, RepositoryReport? repository)
    {
        await foreach (var problem in base.ProblemsAsync(world, repository))
        {
            yield return problem;
        }

        foreach (var left in Directory.EnumerateFileSystemEntries(world.Folder.Path))
        {
            yield return $"{left} was left behind";
        }
    }
}
