using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting;
using MirrorAction.Reporting.History;

namespace MirrorAction.Alarms;

/// <summary>How the run before this one ended, as far as the history, or its report, is still there.</summary>
/// <param name="runs">All that are known.</param>
internal sealed class LastRun(IReadOnlyList<HistoryEntry> runs)
{
    /// <summary>The runs that a run finds before it begins.</summary>
    /// <param name="place">Where they left what they tell.</param>
    /// <param name="named">A report that was named; null for none.</param>
    public static LastRun Read(ReportPlace place, RunReport? named)
    {
        RunReport?[] reports = [named, PreviousReport.Last(place.Folder)];
        return new([
            .. HistoryOf(place.History),
            .. reports.OfType<RunReport>().Select(report => HistoryEntry.Of(report, runId: null)).OfType<HistoryEntry>(),
        ]);
    }

    /// <summary>It is known: a run of the same mode between the same two sides.</summary>
    public bool IsKnown(RunReport current) => Before(current) is not null;

    /// <summary>It is known to have failed.</summary>
    public bool Failed(RunReport current) => Before(current) is { Result: not RunResult.Success };

    /// <summary>It is known to have failed in the same way: the same things were wrong with the same repositories.</summary>
    public bool FailedLike(RunReport current) =>
        Before(current) is { Result: not RunResult.Success } before
        && HistoryEntry.Of(current, runId: null) is { } now
        && before.Error == now.Error
        && Troubles(before).SetEquals(Troubles(now));

    private static IReadOnlyList<HistoryEntry> HistoryOf(string path)
    {
        try
        {
            return HistoryFile.Read(path).Entries;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // Whoever appends to it says so.
        }
    }

    /// <summary>Reports of one run's shards may be joined again: that run is not the one before.</summary>
    private HistoryEntry? Before(RunReport current) =>
        HistoryEntry.Of(current, runId: null) is not { } now
            ? null
            : runs.Where(run => run.IsLike(now) && run.StartedAt.ToUnixTimeSeconds() != now.StartedAt.ToUnixTimeSeconds())
                .MaxBy(run => run.StartedAt);

    private static HashSet<(string, ErrorCode?)> Troubles(HistoryEntry run) =>
        [
            .. run
                .Repositories.Where(repository => repository.Status is RepositoryStatus.Failed or RepositoryStatus.Different)
                .Select(repository => (repository.Source, repository.Error)),
        ];
}
