using System.Globalization;
using System.Text.Json;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Reporting;

/// <summary><c>badge.json</c>: what shields.io draws a badge of (https://shields.io/badges/endpoint-badge).</summary>
internal static class BadgeFile
{
    /// <summary>The file's name in the folder of reports.</summary>
    public const string FileName = "badge.json";

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public static void Write(RunReport report, string folder) => WholeFile.Write(Path.Combine(folder, FileName), file => Serialize(report, file));

    private static void Serialize(RunReport report, Stream file)
    {
        var counts = SafetyCounts.Of(report);
        var words = ModeText.Of(report);
        using var json = new Utf8JsonWriter(file);
        json.WriteStartObject();
        json.WriteNumber("schemaVersion", 1);
        json.WriteString("label", words.Title.ToLowerInvariant());

        // "4 hours ago" would be wrong an hour later: nothing draws it anew before the next run.
        json.WriteString(
            "message",
            string.Create(CultureInfo.InvariantCulture, $"{counts.Safe}/{counts.All} {words.Safe(report)}, {report.EndedAt().UtcDateTime:yyyy-MM-dd}")
        );
        json.WriteString("color", Colour(report, counts));
        json.WriteBoolean("isError", report.Result == RunResult.Failure);
        json.WriteEndObject();
    }

    private static string Colour(RunReport report, SafetyCounts counts) =>
        report.Result switch
        {
            RunResult.Failure => "red",
            RunResult.Success when counts is { NotSafe: 0, Safe: > 0 } => "brightgreen",
            _ => "orange",
        };
}
