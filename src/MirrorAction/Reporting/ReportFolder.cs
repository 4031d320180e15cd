using MirrorAction.Mirroring.Reporting;

namespace MirrorAction.Reporting;

/// <summary>A report and where it was found.</summary>
/// <param name="Path">The file, relative to the folder that was read, with slashes.</param>
/// <param name="Report">What it holds.</param>
internal sealed record FoundReport(string Path, RunReport Report);

/// <summary>What is below a folder. Immutable.</summary>
/// <param name="Reports">The reports of runs, in the order of their paths.</param>
/// <param name="Damaged">What is or may be a report and can't be read, with the reason.</param>
/// <param name="Others">A line for each file that is something else.</param>
internal sealed record ReportFolder(IReadOnlyList<FoundReport> Reports, IReadOnlyList<JoinedReport> Damaged, IReadOnlyList<string> Others)
{
    private static readonly EnumerationOptions s_everywhere = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };

    /// <summary>Reads every <c>*.json</c> below the folder; one that is not there holds none.</summary>
    public static ReportFolder Read(string folder)
    {
        List<FoundReport> reports = [];
        List<JoinedReport> damaged = [];
        List<string> others = [];
        var files = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json", s_everywhere) : [];
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            var path = Path.GetRelativePath(folder, file).Replace('\\', '/');
            try
            {
                var (report, other) = ReportForm.Read(ReportFile.Read(file));
                if (report is null)
                {
                    others.Add($"{path} {other}");
                }
                else
                {
                    reports.Add(new(path, report));
                }
            }
            catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
            {
                var message = $"{path} {(e is FormatException ? e.Message : $"can't be read: {e.Message}")}";
                damaged.Add(new(null, path, RunResult.Failure, new(ErrorCode.NoReport, message, "Fetch it again, or delete it when it does not belong here.")));
            }
        }

        return new(reports, damaged, others);
    }

    /// <summary>
    /// Moves a report out of the way of the joined one: an artifact that is fetched alone has its report where the joined one will be.
    /// </summary>
    /// <exception cref="IOException">It can't be moved.</exception>
    public ReportFolder WithoutReportAt(string target, string folder) => this with
    {
        Reports = [.. Reports.Select(found => Path.GetFullPath(found.Path, folder) == Path.GetFullPath(target) ? MoveAside(found, folder) : found)],
    };

    private static FoundReport MoveAside(FoundReport found, string folder)
    {
        var part = found.Report.Shard is { } shard ? $"shard-{shard.Replace("/", "-of-", StringComparison.Ordinal)}" : "run";
        var path = FormattableString.Invariant($"{part}-{found.Report.StartedAt.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}/{ReportJson.FileName}");
        var target = Path.Combine(folder, Path.GetDirectoryName(found.Path)!, path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Move(Path.Combine(folder, found.Path), target, overwrite: true);
        return found with { Path = Path.GetRelativePath(folder, target).Replace('\\', '/') };
    }
}
