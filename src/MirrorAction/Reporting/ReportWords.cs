using MirrorAction.Mirroring;
using MirrorAction.Mirroring.Reporting;

namespace MirrorAction.Reporting;

/// <summary>The words in which log and summary tell what a report holds.</summary>
internal static class ReportWords
{
    /// <summary><c>mirrored</c>, <c>mirrored, created</c>, <c>skipped (empty)</c>.</summary>
    public static string Result(RepositoryReport report, bool isPlan)
    {
        var status = report.Status switch
        {
            RepositoryStatus.Mirrored => "mirrored",
            RepositoryStatus.Unchanged => "unchanged",
            RepositoryStatus.Planned => "planned",
            RepositoryStatus.Different => "different",
            RepositoryStatus.Skipped => $"skipped ({Reason(report.Reason)})",
            _ => "failed",
        };
        return report.Created ? $"{status}, {(isPlan ? "would be created" : "created")}" : status;
    }

    /// <summary>One word for why a repository was left alone.</summary>
    public static string Reason(SkipReason? reason) => reason switch
    {
        SkipReason.Empty => "empty",
        SkipReason.Disabled => "disabled",
        SkipReason.Blocked => "blocked",
        SkipReason.Vanished => "vanished",
        SkipReason.Filtered => "filtered",
        _ => "no reason given",
    };

    /// <summary>A sentence for why a repository was left alone.</summary>
    public static string ExplainReason(SkipReason? reason) => reason switch
    {
        SkipReason.Empty => "the source lists no refs; the mirror stays as it is",
        SkipReason.Disabled => "the source host switched it off; the mirror stays as it is",
        SkipReason.Blocked => "the source host blocked it; the mirror stays as it is",
        SkipReason.Vanished => "listed, but gone when it was asked for; the mirror stays as it is",
        SkipReason.Filtered => "left out by a filter",
        _ => "no reason given",
    };

    /// <summary><c>3 created, 1 forced</c>; a dash when nothing moved.</summary>
    public static string Refs(RefCounts refs)
    {
        var parts = new[]
        {
            (refs.Created, "created"), (refs.Updated, "updated"), (refs.Forced, "forced"), (refs.Deleted, "deleted"), (refs.Kept, "kept"),
        }.Where(part => part.Item1 > 0).Select(part => FormattableString.Invariant($"{part.Item1} {part.Item2}"));
        return string.Join(", ", parts) is { Length: > 0 } text ? text : "–";
    }

    /// <summary>The word of <c>report.json</c> for how a ref moved.</summary>
    public static string Kind(RefChangeKind kind) => kind switch
    {
        RefChangeKind.Create => "create",
        RefChangeKind.Update => "update",
        RefChangeKind.Force => "force",
        RefChangeKind.Delete => "delete",
        _ => "keep",
    };

    /// <summary>An object id as people quote it.</summary>
    public static string ShortId(string? id) => id is null ? "–" : id.Length > 10 ? id[..10] : id;

    /// <summary>The line of one repository in the log: <c>acme/website  mirrored  3 refs  12 KiB  0.4 s</c>.</summary>
    public static string Line(RepositoryReport report, bool isPlan)
    {
        var refs = report.Status == RepositoryStatus.Unchanged ? report.Refs.Unchanged : RunTally.Moved(report.Refs);
        var tellsRefs = refs > 0 || report.Status is not (RepositoryStatus.Skipped or RepositoryStatus.Failed);
        string?[] parts =
        [
            report.Source,
            Result(report, isPlan),
            tellsRefs ? Quantity.Count(refs, "ref") : null,
            report.BytesReceived > 0 ? Quantity.Bytes(report.BytesReceived) : null,
            Quantity.Duration(report.DurationMs),
        ];
        return string.Join("  ", parts.OfType<string>());
    }

    /// <summary>The sums of a run in one line.</summary>
    public static string Totals(RunReport report)
    {
        var totals = report.Totals;
        var (mirrored, created, moved) = report.Mode == "plan" ? ("to mirror", "to create", "to move") : ("mirrored", "created", "moved");
        return FormattableString.Invariant($"{Quantity.Count(totals.Repositories, "repository", "repositories")}: {totals.Mirrored} {mirrored}, ")
            + FormattableString.Invariant($"{totals.Unchanged} unchanged, {totals.Created} {created}, {totals.Skipped} skipped, {totals.Failed} failed; ")
            + $"{Quantity.Count(totals.RefsUpdated, "ref")} {moved}, {Quantity.Bytes(totals.BytesReceived)} received, {Quantity.Bytes(totals.BytesSent)} sent, "
            + $"{Quantity.Count(totals.Requests, "request")}, {Quantity.Duration(report.DurationMs)}";
    }
}
