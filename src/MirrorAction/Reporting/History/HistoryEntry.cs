using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Reporting.History;

/// <summary>A run in a line of <c>history.jsonl</c>. Immutable.</summary>
internal sealed record HistoryEntry
{
    /// <summary>More would make lines of a megabyte; those that are not safe come first.</summary>
    private const int MaxRepositories = 1_000;

    /// <summary>The version of the line's form.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>The mode that ran.</summary>
    public required string Mode { get; init; }

    /// <summary>What was special about it; null for nothing.</summary>
    public string? Variant { get; init; }

    /// <summary>When the run began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Wall time in milliseconds.</summary>
    public required long DurationMs { get; init; }

    /// <summary>Where the repositories come from.</summary>
    public required ReportSource Source { get; init; }

    /// <summary>Where they go.</summary>
    public required ReportDestination Destination { get; init; }

    /// <summary>The verdict on the whole.</summary>
    public required RunResult Result { get; init; }

    /// <summary>How many repositories were equal and verified, in the backup, or back.</summary>
    public required int Safe { get; init; }

    /// <summary>How many were not.</summary>
    public required int NotSafe { get; init; }

    /// <summary>How many were left alone or not reached.</summary>
    public required int NotLookedAt { get; init; }

    /// <summary>Sums over the repositories.</summary>
    public required RunTotals Totals { get; init; }

    /// <summary>Why the run as a whole could not be done; null otherwise.</summary>
    public ErrorCode? Error { get; init; }

    /// <summary>The run on GitHub Actions; null elsewhere.</summary>
    public string? RunId { get; init; }

    /// <summary>The repositories in which something moved or that are not safe; the others were equal, or left alone.</summary>
    public IReadOnlyList<HistoryRepository> Repositories { get; init; } = [];

    /// <summary>When the run ended, UTC.</summary>
    [JsonIgnore]
    public DateTimeOffset EndedAt => StartedAt.AddMilliseconds(DurationMs);

    /// <summary>The entry of a run; null for one that leaves none: a plan and a checklist do nothing, and shards are told of together.</summary>
    /// <param name="report">The run, without secrets.</param>
    /// <param name="runId">The run on GitHub Actions; null elsewhere.</param>
    public static HistoryEntry? Of(RunReport report, string? runId)
    {
        if (report.Shard is not null || ModeText.Of(report) is { IsPlan: true } or { IsChecklist: true })
        {
            return null;
        }

        var counts = SafetyCounts.Of(report);
        return new()
        {
            Mode = report.Mode,
            Variant = report.Variant,
            StartedAt = report.StartedAt,
            DurationMs = report.DurationMs,
            Source = report.Source,
            Destination = report.Destination,
            Result = report.Result,
            Safe = counts.Safe,
            NotSafe = counts.NotSafe,
            NotLookedAt = counts.NotLookedAt,
            Totals = report.Totals,
            Error = report.Error?.Code,
            RunId = runId,
            Repositories =
            [
                .. report
                    .Repositories.Where(repository => repository.Status is not (RepositoryStatus.Unchanged or RepositoryStatus.Skipped))
                    .OrderBy(repository => repository.Status == RepositoryStatus.Mirrored)
                    .Take(MaxRepositories)
                    .Select(repository => new HistoryRepository(
                        repository.Source,
                        repository.Status,
                        repository.BytesReceived + repository.BytesSent,
                        repository.DurationMs,
                        repository.Error?.Code
                    )),
            ],
        };
    }

    /// <summary>Whether both tell of the same kind of run between the same sides.</summary>
    public bool IsLike(HistoryEntry other) => Mode == other.Mode && Variant == other.Variant && IsBetweenSidesOf(other);

    /// <summary>Whether both tell of the same sides.</summary>
    public bool IsBetweenSidesOf(HistoryEntry other) =>
        Source.Host == other.Source.Host
        && Destination.Host == other.Destination.Host
        && Destination.Workspace.Equals(other.Destination.Workspace, StringComparison.OrdinalIgnoreCase)
        && Source.Owners.Intersect(other.Source.Owners, StringComparer.OrdinalIgnoreCase).Any();
}

/// <summary>What a run did with a repository. Immutable.</summary>
/// <param name="Source"><c>owner/name</c> at the source.</param>
/// <param name="Status">The outcome.</param>
/// <param name="Bytes">Bytes of bodies received and sent.</param>
/// <param name="DurationMs">Wall time in milliseconds.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
internal sealed record HistoryRepository(string Source, RepositoryStatus Status, long Bytes, long DurationMs, ErrorCode? Error = null);

/// <summary>How a line of <c>history.jsonl</c> is spelled: as <c>report.json</c> is, and without what is null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(KebabCase<ErrorCode>), typeof(KebabCase<RepositoryStatus>), typeof(KebabCase<RunResult>), typeof(WholeSeconds)]
)]
[JsonSerializable(typeof(HistoryEntry))]
[SuppressMessage("ApiDesign", "RS0030", Justification = "The generator makes its own options, which is what the ban wants.")]
internal sealed partial class HistoryJsonContext : JsonSerializerContext;
