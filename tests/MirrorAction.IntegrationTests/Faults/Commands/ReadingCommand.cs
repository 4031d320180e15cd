using MirrorAction.Mirroring.Reports;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary>Holds a mirror against its source, and writes to neither.</summary>
/// <param name="isBehind">The mirror is not what the source is.</param>
internal abstract class ReadingCommand(bool isBehind = false) : FaultCommand
{
    public override bool ReportsMoves => false;

    public override async Task PrepareAsync(FaultWorld world, Stage stage, FaultHistory history)
    {
        history.CopyNow(world.AddOriginal().Path);
        var mirror = (await world.AddMirrorAsync()).Path;
        (isBehind ? (Action<string>)history.CopyThen : history.CopyNow)(mirror);
    }

    /// <summary>A mirror that is behind is said to differ, by everything that it lacks.</summary>
    public override bool IsSuccess(FaultWorld world, RunReport report, RepositoryReport? repository)
    {
        if (!isBehind)
        {
            return base.IsSuccess(world, report, repository);
        }

        var (wanted, found) = (Original(world).BranchesAndTags(), world.Mirrored);
        var different = wanted.Keys.Union(found.Keys).Where(name => wanted.GetValueOrDefault(name) != found.GetValueOrDefault(name));
        return report.Result == RunResult.Failure
            && repository is { Status: RepositoryStatus.Different, Error: null, Warnings.Count: 1 }
            && repository.Changes.Select(c => c.Ref).Order(StringComparer.Ordinal).SequenceEqual(different.Order(StringComparer.Ordinal));
    }

    public override IAsyncEnumerable<string> ProblemsAsync(FaultWorld world, RepositoryReport? repository) =>
        Writes(world.OriginProxy).Concat(Writes(world.MirrorsProxy)).ToAsyncEnumerable();
}
