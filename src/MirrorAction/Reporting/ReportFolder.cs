using MirrorAction.Mirroring.Reports;

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
    /// <summary>More than the jobs of any matrix write; a folder with more is another one.</summary>
    private const int MaxFiles = 10_000;

    private static readonly EnumerationOptions s_everywhere = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = true,
    };

    /// <summary>Reads every <c>*.json</c> below the folder, within bounds; one that is not there holds none.</summary>
    public static ReportFolder Read(string folder)
    {
        List<FoundReport> reports = [];
        List<JoinedReport> damaged = [];
        List<string> others = [];
        var left = ReportFile.MaxBytes;
        string[] files = Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.json", s_everywhere).Take(MaxFiles + 1)] : [];
        if (files.Length > MaxFiles)
        {
            var message = $"There are more than {MaxFiles} *.json files below {folder}; the others were not read.";
            damaged.Add(Damage(null, message, "Give a folder with nothing but the reports of one run."));
        }

        foreach (var file in files.Take(MaxFiles).Order(StringComparer.Ordinal))
        {
            var path = Path.GetRelativePath(folder, file).Replace('\\', '/');
            try
            {
                using var json = ReportFile.Open(file);
                left -= json.Length;
                if (left < 0)
                {
                    throw new FormatException($"was not read: with it the files would be more than {Quantity.Bytes(ReportFile.MaxBytes)}");
                }

                var (report, other) = ReportForm.Read(json);
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
                damaged.Add(Damage(path, message, "Fetch it again, or delete it when it does not belong here."));
            }
        }

        return new(reports, damaged, others);
    }

    /// <summary>
    /// The folder as it is once the place of the joined report is free: an artifact that is fetched alone has its report there.
    /// </summary>
    /// <returns>The folder, and what moves the report out of the way, or throws an <see cref="IOException"/>; null when there is none.</returns>
    public (ReportFolder Folder, Action? MakeRoom) WithoutReportAt(string target, string folder)
    {
        var inTheWay = Reports.FirstOrDefault(found => Path.GetFullPath(found.Path, folder) == Path.GetFullPath(target));
        if (inTheWay is null)
        {
            return (this, null);
        }

        var report = inTheWay.Report;
        var part = report.Shard is { } shard ? $"shard-{shard.Replace("/", "-of-", StringComparison.Ordinal)}" : "run";
        var name = FormattableString.Invariant($"{part}-{report.StartedAt.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}");
        var aside = Path.Combine(Path.GetDirectoryName(target)!, name, ReportJson.FileName);
        var moved = inTheWay with { Path = Path.GetRelativePath(folder, aside).Replace('\\', '/') };
        return (this with { Reports = [.. Reports.Select(found => ReferenceEquals(found, inTheWay) ? moved : found)] }, MakeRoom);

        void MakeRoom()
        {
            Directory.CreateDirectory(Path.GetDirectoryName(aside)!);
            File.Move(target, aside, overwrite: true);
        }
    }

    private static JoinedReport Damage(string? path, string message, string cure) =>
        new(null, path, RunResult.Failure, new(ErrorCode.NoReport, message, cure));
}
