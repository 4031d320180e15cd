using MirrorAction.Inputs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting;
using MirrorAction.Reporting.History;
using MirrorAction.Reporting.Summary;

namespace MirrorAction.Tests.Reporting;

/// <summary>Reports for tests.</summary>
internal static class Sample
{
    public static readonly string OldId = new('a', 40);
    public static readonly string NewId = new('b', 40);

    /// <summary>The step's summary of a run whose step ends as its report says.</summary>
    public static string Summary(RunReport report, params RunReport[] earlier) =>
        SummaryWriter.Write(
            new RunOutcome(report, ExitCodes.For(report, FailOn.Any))
            {
                History = earlier
                    .Append(report)
                    .Select(run => HistoryEntry.Of(run, null))
                    .OfType<HistoryEntry>()
                    .Aggregate(RunHistory.None, (history, entry) => history.With(entry)),
                Docs = new("https://github.com/acme/mirror-action/blob/v1/docs/"),
            }
        );

    /// <summary>What the file of a report holds.</summary>
    public static byte[] Json(RunReport report)
    {
        using var file = new MemoryStream();
        ReportJson.Serialize(report, file);
        return file.ToArray();
    }

    /// <summary>What a file with these contents is.</summary>
    public static (RunReport? Report, string? Other) Read(byte[] json)
    {
        using var file = new MemoryStream(json);
        return ReportForm.Read(file);
    }

    public static RepositoryReport Repository(string name, RepositoryStatus status = RepositoryStatus.Unchanged) =>
        new()
        {
            Source = $"acme/{name}",
            Destination = $"acme-mirror/{name.ToLowerInvariant()}",
            SourceUrl = $"https://github.com/acme/{name}",
            DestinationUrl = $"https://bitbucket.org/acme-mirror/{name.ToLowerInvariant()}",
            Status = status,
            Refs = new() { Unchanged = 12 },
            BytesReceived = 700,
            BytesSent = 300,
            Requests = 2,
            Attempts = 1,
            DurationMs = 90,
            Verified = status != RepositoryStatus.Failed,
        };

    public static RepositoryReport Mirrored(string name) =>
        Repository(name, RepositoryStatus.Mirrored) with
        {
            Created = true,
            Refs = new()
            {
                Created = 1,
                Forced = 1,
                Deleted = 1,
                Kept = 2,
                Unchanged = 12,
            },
            BytesReceived = 12 * 1024,
            BytesSent = 12_100,
            DurationMs = 410,
            Changes =
            [
                new("refs/heads/main", RefChangeKind.Force, OldId, NewId),
                new("refs/heads/new", RefChangeKind.Create, null, NewId),
                new("refs/heads/gone", RefChangeKind.Delete, OldId, null),
                new("refs/tags/mirror-kept/20261121T020000Z/heads/main", RefChangeKind.Keep, null, OldId),
                new("refs/tags/mirror-kept/20261121T020000Z/heads/gone", RefChangeKind.Keep, null, OldId),
            ],
        };

    public static RepositoryReport Failed(
        string name,
        string message = "Bitbucket refused the push.",
        string? hint = "Give the token the scope write:repository:bitbucket.",
        ErrorCode code = ErrorCode.DestinationForbidden
    ) => Repository(name, RepositoryStatus.Failed) with { Refs = new(), Error = new(code, message, hint) };

    public static RepositoryReport Skipped(string name, SkipReason reason = SkipReason.Empty) =>
        Repository(name, RepositoryStatus.Skipped) with
        {
            Refs = new(),
            Reason = reason,
        };

    public static RunReport Run(params RepositoryReport[] repositories) =>
        new()
        {
            Mode = "mirror",
            Version = "1.0.0",
            StartedAt = new DateTimeOffset(2026, 11, 21, 2, 0, 0, 123, TimeSpan.Zero),
            DurationMs = 5123,
            Source = new("github", ["acme"]),
            Destination = new("bitbucket", "acme-mirror"),
            Result =
                repositories.All(r => r.Status != RepositoryStatus.Failed) ? RunResult.Success
                : repositories.All(r => r.Status == RepositoryStatus.Failed) ? RunResult.Failure
                : RunResult.Partial,
            Totals = new()
            {
                Repositories = repositories.Length,
                Mirrored = repositories.Count(r => r.Status is RepositoryStatus.Mirrored or RepositoryStatus.Planned),
                Unchanged = repositories.Count(r => r.Status == RepositoryStatus.Unchanged),
                Created = repositories.Count(r => r.Created),
                Skipped = repositories.Count(r => r.Status == RepositoryStatus.Skipped),
                Failed = repositories.Count(r => r.Status == RepositoryStatus.Failed),
                RefsUpdated = repositories.Sum(r => MirrorAction.Mirroring.Runs.RunTally.Moved(r.Refs)),
                BytesReceived = repositories.Sum(r => r.BytesReceived),
                BytesSent = repositories.Sum(r => r.BytesSent),
                Requests = repositories.Sum(r => r.Requests) + 2,
            },
            Repositories = repositories,
        };

    /// <summary>One of each kind.</summary>
    public static RunReport Varied() =>
        Run(
            Mirrored("Website"),
            Repository("docs"),
            Repository("api_v2"),
            Failed("secret-plans"),
            Skipped("empty"),
            Skipped("gone", SkipReason.Vanished)
        ) with
        {
            Orphans = ["acme-mirror/old-thing"],
        };
}
