using System.Text.Json;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Reporting;

/// <summary>Reads a <c>report.json</c> that another run wrote and that anybody may have edited since.</summary>
internal static class ReportForm
{
    /// <summary>The version of the report's form that this program writes and reads.</summary>
    private const string SchemaVersion = "1";

    /// <summary>Far more than any run counts of anything, bytes included; sums of such numbers do not overflow.</summary>
    private const long MaxNumber = 1L << 50;

    /// <summary>Far more than a run has repositories: they are counted in 32 bits.</summary>
    private const int MaxRepositories = 1_000_000;

    /// <summary>Reads a report.</summary>
    /// <param name="json">The file, seekable; it is read once or twice.</param>
    /// <param name="takesAll">A joined report and a checklist are taken like the report of a run; else they are something else.</param>
    /// <returns>The report, or null with the reason when the file is something else that may well lie there.</returns>
    /// <exception cref="FormatException">It is a report, or may be one, and can't be used; the message says why.</exception>
    public static (RunReport? Report, string? Other) Read(Stream json, bool takesAll = false)
    {
        try
        {
            if (Other(ReportHead.Read(json), takesAll) is { } other)
            {
                return (null, other);
            }

            json.Position = 0;
            var report = Complete(ReportJson.Deserialize(json) ?? throw new JsonException("it is empty"));
            RequireSenseOf(report);
            return (report, null);
        }
        catch (JsonException e)
        {
            throw new FormatException($"is no whole report of mirror-action: {e.Message}", e);
        }
    }

    private static string? Other(ReportHead head, bool takesAll)
    {
        if (!head.IsReport)
        {
            return "is no report of mirror-action";
        }

        if (head.SchemaVersion != SchemaVersion)
        {
            throw new FormatException(
                $"has the schemaVersion {head.SchemaVersion}, and this version reads "
                    + $"{SchemaVersion} alone; use one version of the action in all jobs."
            );
        }

        return takesAll ? null
            : head.IsJoined ? "is a joined report"
            : head.IsChecklist ? "is a checklist of mode doctor"
            : null;
    }

    private static void RequireSenseOf(RunReport report)
    {
        if (report.Shard is not null && !Shard.TryParse(report.Shard, out _))
        {
            throw new JsonException("its shard is not of the form 2/5");
        }

        var counts = report
            .Repositories.SelectMany(repository =>
                new[]
                {
                    repository.BytesReceived,
                    repository.BytesSent,
                    repository.DurationMs,
                    repository.SecondReading?.Objects ?? 0,
                    repository.SecondReading?.DurationMs ?? 0,
                    repository.Lfs?.Objects ?? 0,
                    repository.Lfs?.Transferred ?? 0,
                    repository.Lfs?.Bytes ?? 0,
                    repository.Lfs?.Missing ?? 0,
                }
            )
            .Append(report.DurationMs)
            .Append(report.Totals.Requests);
        var refs = report
            .Repositories.Select(repository => repository.Refs)
            .SelectMany(r => new[] { r.Created, r.Updated, r.Forced, r.Deleted, r.Kept, r.Unchanged });
        if (
            counts.Any(number => number is < 0 or > MaxNumber)
            || refs.Any(number => number < 0)
            || report.Totals.Repositories is < 0 or > MaxRepositories
        )
        {
            throw new JsonException("a number in it is below zero or too large to be true");
        }
    }

    /// <summary>With everything that the file leaves out when there is none of it, and without what a file never holds.</summary>
    private static RunReport Complete(RunReport report) =>
        report with
        {
            Source = report.Source with { Owners = Whole(report.Source.Owners) },
            Repositories = [.. Whole(report.Repositories).Select(Complete)],
            Orphans = Whole(report.Orphans),
            OrphanSources = Whole(report.OrphanSources),
            Warnings = Whole(report.Warnings),
            Findings = [],
            Shards = [],
            Destinations = Whole(report.Destinations),
            Remembered = [.. Whole(report.Remembered).Select(Complete)],
        };

    private static RememberedMirrors Complete(RememberedMirrors remembered) =>
        remembered with
        {
            Source = remembered.Source with { Owners = Whole(remembered.Source.Owners) },
            Mirrors = [.. Whole(remembered.Mirrors).Select(mirror => mirror with { Description = (string?)mirror.Description ?? "" })],
        };

    private static RepositoryReport Complete(RepositoryReport report) =>
        report with
        {
            // A link that someone put into the file would be shown as this program's own.
            SourceUrl = null,
            DestinationUrl = null,
            Requests = 0,
            Description = (string?)report.Description ?? "",
            Refs = (RefCounts?)report.Refs ?? new(),
            Changes = Whole(report.Changes),
            Warnings = Whole(report.Warnings),
            Refused = Whole(report.Refused),
        };

    /// <summary>The reader leaves null where the file has nothing, whatever the declared default is.</summary>
    private static IReadOnlyList<T> Whole<T>(IReadOnlyList<T>? list)
        where T : class =>
        list is null ? []
        : list.All(item => item is not null) ? list
        : throw new JsonException("a list in it has an empty entry");
}
