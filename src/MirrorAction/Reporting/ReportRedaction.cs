using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Reporting;

/// <summary>Takes secrets out of every text of a report, before escaping of any kind could change their looks.</summary>
internal static class ReportRedaction
{
    /// <summary>The same report with each text passed through <paramref name="redact"/>.</summary>
    public static RunReport Redacted(this RunReport report, Func<string, string> redact) =>
        report with
        {
            Source = report.Source with { Owners = [.. report.Source.Owners.Select(redact)] },
            Destination = report.Destination.Redacted(redact),
            Destinations = [.. report.Destinations.Select(destination => destination.Redacted(redact))],
            Repositories = [.. report.Repositories.Select(repository => repository.Redacted(redact))],
            Orphans = [.. report.Orphans.Select(redact)],
            OrphanSources =
            [
                .. report.OrphanSources.Select(source =>
                    source with
                    {
                        Mirror = redact(source.Mirror),
                        Source = redact(source.Source),
                        Now = source.Now is null ? null : redact(source.Now),
                    }
                ),
            ],
            Warnings = [.. report.Warnings.Select(redact)],
            Shards =
            [
                .. report.Shards.Select(joined =>
                    joined with
                    {
                        Report = joined.Report is null ? null : redact(joined.Report),
                        Error = joined.Error.Redacted(redact),
                    }
                ),
            ],
            Findings =
            [
                .. report.Findings.Select(finding =>
                    finding with
                    {
                        Message = redact(finding.Message),
                        Hint = finding.Hint is null ? null : redact(finding.Hint),
                    }
                ),
            ],
            Error = report.Error.Redacted(redact),
            Remembered = [.. report.Remembered.Select(remembered => remembered.Redacted(redact))],
        };

    private static RememberedMirrors Redacted(this RememberedMirrors remembered, Func<string, string> redact) =>
        new(
            remembered.Source with
            {
                Owners = [.. remembered.Source.Owners.Select(redact)],
            },
            remembered.Destination with
            {
                Workspace = redact(remembered.Destination.Workspace),
            },
            [
                .. remembered.Mirrors.Select(mirror =>
                    mirror with
                    {
                        Source = redact(mirror.Source),
                        Destination = redact(mirror.Destination),
                        Description = redact(mirror.Description),
                    }
                ),
            ]
        );

    /// <summary>The same report with each text passed through <paramref name="redact"/>.</summary>
    public static RepositoryReport Redacted(this RepositoryReport report, Func<string, string> redact) =>
        report with
        {
            Source = redact(report.Source),
            Destination = redact(report.Destination),
            At = report.At is null ? null : redact(report.At),
            RenamedFrom = report.RenamedFrom is null ? null : redact(report.RenamedFrom),
            SourceUrl = report.SourceUrl is null ? null : redact(report.SourceUrl),
            DestinationUrl = report.DestinationUrl is null ? null : redact(report.DestinationUrl),
            Description = redact(report.Description),
            Id = report.Id is null ? null : redact(report.Id),
            DefaultBranch = report.DefaultBranch is null ? null : redact(report.DefaultBranch),
            Changes = [.. report.Changes.Select(change => change with { Ref = redact(change.Ref) })],
            Warnings = [.. report.Warnings.Select(redact)],
            Refused = [.. report.Refused.Select(refused => new RefusedRef(redact(refused.Ref), redact(refused.Reason)))],
            Error = report.Error.Redacted(redact),
        };

    private static ReportDestination Redacted(this ReportDestination destination, Func<string, string> redact) =>
        destination with
        {
            Workspace = redact(destination.Workspace),
            Server = destination.Server is null ? null : redact(destination.Server),
        };

    private static RepositoryError? Redacted(this RepositoryError? error, Func<string, string> redact) =>
        error is null ? null : error with { Message = redact(error.Message), Hint = error.Hint is null ? null : redact(error.Hint) };
}
