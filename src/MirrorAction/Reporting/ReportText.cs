using System.Text.Json;
using MirrorAction.Logging;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Reporting;

/// <summary>The words of log and summary for what a report holds.</summary>
internal static class ReportText
{
    /// <summary><c>mirrored</c>, <c>mirrored, created</c>, <c>skipped (empty)</c>.</summary>
    public static LogMessage Result(RepositoryReport report, ModeText words)
    {
        var status = report.Status switch
        {
            RepositoryStatus.Mirrored => words.Done,
            RepositoryStatus.Unchanged => words.Same,
            RepositoryStatus.Planned => "planned",
            RepositoryStatus.Different => "different",
            RepositoryStatus.Skipped => "skipped",
            _ => words.Failed,
        };
        var result = new LogMessage($"{{{EventProperty.Status}}}", status);
        result = report.Status == RepositoryStatus.Skipped ? result.Then(" ({Reason})", Reason(report.Reason)) : result;
        return report.Created ? result.Then($", {words.Created}").About("Created", true) : result;
    }

    /// <summary>What went wrong, and in the next line what helps.</summary>
    public static LogMessage Error(RepositoryError error) =>
        WithHint(error.Message, error.Hint).About(EventProperty.Code, JsonNamingPolicy.KebabCaseLower.ConvertName(error.Code.ToString()));

    /// <summary>A message, and in the next line what helps if anything does.</summary>
    public static LogMessage WithHint(string message, string? hint) =>
        hint is null ? new LogMessage("{Message}", message) : new LogMessage("{Message}\n{Hint}", message, hint);

    /// <summary>One word for why a repository was left alone.</summary>
    public static string Reason(SkipReason? reason) =>
        reason switch
        {
            SkipReason.Empty => "empty",
            SkipReason.Disabled => "disabled",
            SkipReason.Blocked => "blocked",
            SkipReason.Vanished => "vanished",
            SkipReason.Filtered => "filtered",
            SkipReason.NoWiki => "no-wiki",
            SkipReason.Cancelled => "cancelled",
            _ => "no reason given",
        };

    /// <summary>A sentence for why a repository was left alone.</summary>
    public static string ExplainReason(SkipReason? reason) =>
        reason switch
        {
            SkipReason.Empty => "the source lists no refs; the mirror stays as it is",
            SkipReason.Disabled => "the source host switched it off; the mirror stays as it is",
            SkipReason.Blocked => "the source host blocked it; the mirror stays as it is",
            SkipReason.Vanished => "listed, but gone when it was asked for; the mirror stays as it is",
            SkipReason.Filtered => "left out by a filter",
            SkipReason.NoWiki => "it has no pages, or is switched off; a mirror of it stays as it is",
            SkipReason.Cancelled => "not reached when the run was stopped; the next run continues there",
            _ => "no reason given",
        };

    /// <summary><c>3 created, 1 forced</c>; a dash when nothing moved.</summary>
    public static string Refs(RefCounts refs)
    {
        var parts = new[]
        {
            (refs.Created, "created"),
            (refs.Updated, "updated"),
            (refs.Forced, "forced"),
            (refs.Deleted, "deleted"),
            (refs.Kept, "kept"),
        }
            .Where(part => part.Item1 > 0)
            .Select(part => FormattableString.Invariant($"{part.Item1} {part.Item2}"));
        return string.Join(", ", parts) is { Length: > 0 } text ? text : "–";
    }

    /// <summary>The word of <c>report.json</c> for how a ref moved, and whether its old value was foreign.</summary>
    public static string Kind(RefChange change)
    {
        var kind = change.Kind switch
        {
            RefChangeKind.Create => "create",
            RefChangeKind.Update => "update",
            RefChangeKind.Force => "force",
            RefChangeKind.Delete => "delete",
            _ => "keep",
        };
        return change.Foreign ? $"{kind}, foreign" : kind;
    }

    /// <summary>An object id as people quote it.</summary>
    public static string ShortId(string? id) =>
        id is null ? "–"
        : id.Length > 10 ? id[..10]
        : id;

    /// <summary>The line of one repository in the log: <c>acme/website  mirrored  3 refs  12 KiB  0.4 s</c>.</summary>
    public static LogMessage Line(RepositoryReport report, ModeText words)
    {
        var line = Names(report, words).Then("  ").Then(Result(report, words));
        var refs = report.Status == RepositoryStatus.Unchanged ? report.Refs.Unchanged : RunTally.Moved(report.Refs);
        if (refs > 0 || report.Status is not (RepositoryStatus.Skipped or RepositoryStatus.Failed))
        {
            line = line.Then("  ").Then(LogMessage.Count("Refs", refs, "ref"));
        }

        if (report.BytesReceived > 0)
        {
            line = line.Then("  {BytesReceived:bytes}", new Measure(report.BytesReceived));
        }

        if (report.Lfs is { Transferred: > 0 } lfs)
        {
            line = line.Then("  ").Then(LogMessage.Count("LfsObjects", lfs.Transferred, "LFS object"));
        }

        return line.Then("  {DurationMs:time}", new Measure(report.DurationMs));
    }

    /// <summary>Where a ref that differs is, or that its value is another, and whether the mirror's value was foreign.</summary>
    public static string Difference(RefChange change)
    {
        var difference = change.Kind switch
        {
            RefChangeKind.Create => "only at the source",
            RefChangeKind.Delete => "only at the mirror",
            RefChangeKind.Keep => "kept",
            _ => "other value",
        };
        return change.Foreign ? $"{difference}, foreign" : difference;
    }

    /// <summary>
    /// What differs in one repository: what was found wrong with it, or its refs as far as they fit into a line, each with the way in which it does.
    /// </summary>
    public static string Differences(RepositoryReport report)
    {
        const int Named = 5;
        var named = report.Changes.Take(Named).Select(change => $"{change.Ref} ({Difference(change)})");
        var rest = report.Changes.Count > Named ? [$"and {report.Changes.Count - Named} more"] : Array.Empty<string>();
        return report.Error is { } error ? error.Message : string.Join(", ", [.. named, .. rest, .. report.Warnings]);
    }

    /// <summary>How long ago both sides were equal: <c>verified 2 days ago</c>.</summary>
    public static string LastVerified(RepositoryReport repository, RunReport run) =>
        repository.VerifiedAt is { } time
            ? $"verified {Quantity.Age(run.StartedAt.AddMilliseconds(run.DurationMs) - time)} ago"
            : "never, as far as known";

    /// <summary>
    /// <c>acme/Website</c>, or where the mode names both sides <c>acme-mirror/website -> acme/Website</c>,
    /// <c>acme/Website -> full-20261121T020000Z.bundle</c>.
    /// </summary>
    private static LogMessage Names(RepositoryReport report, ModeText words)
    {
        var name = new LogMessage($"{{{EventProperty.Repository}}}", report.Source);
        if (!words.NamesBoth || report.Destination.Length == 0 || report.Destination == report.Source)
        {
            return name.About("Destination", report.Destination);
        }

        var isBelow = report.Destination.StartsWith(report.Source + "/", StringComparison.Ordinal);
        return name.Then(" -> {Destination}", isBelow ? report.Destination[(report.Source.Length + 1)..] : report.Destination);
    }

    /// <summary>The sums of a run in one line.</summary>
    public static LogMessage Totals(RunReport report)
    {
        var totals = report.Totals;
        var words = ModeText.Of(report);
        var line = LogMessage.Count("Repositories", totals.Repositories, "repository", "repositories");
        var separator = ": ";
        foreach (var sum in words.Sums)
        {
            line = line.Then($"{separator}{{{sum.Name}}} {sum.Word}", sum.Count(totals));
            separator = ", ";
        }

        line = line.Then("; ");
        if (words.Refs is not null)
        {
            line = line.Then(LogMessage.Count("Refs", totals.RefsUpdated, "ref")).Then($" {words.Refs}, ");
        }

        if (totals.Requests > 0)
        {
            line = line.Then(
                    "{BytesReceived:bytes} received, {BytesSent:bytes} sent, ",
                    new Measure(totals.BytesReceived),
                    new Measure(totals.BytesSent)
                )
                .Then(LogMessage.Count("Requests", totals.Requests, "request"))
                .Then(", ");
        }

        return line.Then("{DurationMs:time}", new Measure(report.DurationMs))
            .About("Mode", report.Mode)
            .About(EventProperty.Result, JsonNamingPolicy.KebabCaseLower.ConvertName(report.Result.ToString()));
    }
}
