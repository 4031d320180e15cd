using System.Globalization;
using System.Text;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting.History;

namespace MirrorAction.Reporting.Page;

/// <summary>In which of the last runs something moved in a repository, as small bars: the higher, the more bytes; a red one failed.</summary>
internal sealed class Activity
{
    private const int MaxRuns = 20;
    private const int BarWidth = 4;
    private const int Height = 16;

    private readonly int _runs;
    private readonly ILookup<string, (int Run, HistoryRepository Repository)> _bySource;

    private Activity(IReadOnlyList<HistoryEntry> runs)
    {
        _runs = runs.Count;
        _bySource = runs.SelectMany((run, i) => run.Repositories.Select(repository => (Run: i, Repository: repository)))
            .ToLookup(moved => moved.Repository.Source, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The activity of the last runs of the same kind; null when this is the first one.</summary>
    public static Activity? Of(RunOutcome outcome) =>
        HistoryEntry.Of(outcome.Report, null) is { } entry && outcome.History.Like(entry) is { Count: > 1 } runs
            ? new([.. runs.TakeLast(MaxRuns)])
            : null;

    /// <summary>The cell of a repository.</summary>
    public string Cell(RepositoryReport repository)
    {
        var moved = _bySource[repository.Source].ToList();
        if (moved.Count == 0)
        {
            return "<td data-v=\"0\">";
        }

        var most = Math.Max(moved.Max(move => move.Repository.Bytes), 1);
        var (good, bad) = (new StringBuilder(), new StringBuilder());
        foreach (var (run, move) in moved)
        {
            // The root shows a push of a few kilobytes beside one of many megabytes.
            var height = Math.Max(2, (int)(Height * Math.Sqrt((double)Math.Max(move.Bytes, 0) / most)));
            var path = move.Status == RepositoryStatus.Mirrored ? good : bad;
            path.Append(CultureInfo.InvariantCulture, $"M{run * BarWidth} {Height}v-{height}h{BarWidth - 1}v{height}z");
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"<td data-v=\"{moved.Count}\"><svg class=\"spark\" viewBox=\"0 0 {MaxRuns * BarWidth} {Height}\" role=\"img\" "
                + $"aria-label=\"moved or failed in {moved.Count} of {_runs} runs\">{Path(good, "")}{Path(bad, " class=\"x\"")}</svg>"
        );
    }

    private static string Path(StringBuilder data, string attribute) => data.Length == 0 ? "" : $"<path{attribute} d=\"{data}\"/>";
}
