using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Reporting.History;

namespace MirrorAction.Reporting;

/// <summary>A run as summary and page tell of it. Immutable.</summary>
/// <param name="Report">The run, without secrets.</param>
/// <param name="ExitCode">How its step ends.</param>
internal sealed record RunOutcome(RunReport Report, int ExitCode)
{
    /// <summary>All runs, this one included if it leaves a line.</summary>
    public RunHistory History { get; init; } = RunHistory.None;

    /// <summary>Why there is no <c>report.json</c>; null when there is.</summary>
    public RepositoryError? Loss { get; init; }

    /// <summary>Where the pages of the documentation are.</summary>
    public DocsLinks Docs { get; init; } = DocsLinks.None;

    /// <summary>The words of its mode.</summary>
    public ModeText Words { get; } = ModeText.Of(Report);

    /// <summary>How many repositories are safe, are not, and were not looked at.</summary>
    public SafetyCounts Counts { get; } = SafetyCounts.Of(Report);

    /// <summary>✅, ⚠️ or ❌: the colour of the step, and yellow for a green one that somebody should look at.</summary>
    public string Sign =>
        ExitCode != ExitCodes.Success ? "❌"
        : IsForSomebody ? "⚠️"
        : "✅";

    /// <summary>The answer to what everybody wants to know, in a sentence without a full stop. Holds names as they are.</summary>
    public string Answer
    {
        get
        {
            if (Report is { Error: not null, Repositories.Count: 0 })
            {
                return $"{Title}: nothing could be done";
            }

            if (Counts.All == 0)
            {
                return $"{Title}: no repository was selected";
            }

            var all = Quantity.Count(Counts.All, "repository", "repositories");
            var time = FormattableString.Invariant($"{Words.Checked} {Report.EndedAt().UtcDateTime:yyyy-MM-dd HH:mm} UTC");
            return FormattableString.Invariant($"{Counts.Safe} of {all} {Are(Counts.All)} {Words.Safe(Report)} ({time})")
                + string.Concat(Exceptions().Select(exception => $"; {exception}"));
        }
    }

    /// <summary>The mode and the two sides, the way in which the data flows: <c>Mirror acme → acme-mirror (shard 2/5)</c>.</summary>
    public string Title
    {
        get
        {
            var destinations = Report.Destinations.Count > 0 ? string.Join(", ", Report.Destinations) : Report.Destination.Workspace;
            string[] sides = [string.Join(", ", Report.Source.Owners), destinations];
            var names = string.Join(" → ", (Words.FlowsBack ? sides.Reverse() : sides).Where(name => name.Length > 0));
            var part = Report switch
            {
                { Shard: { } shard } => $" (shard {shard})",
                { Shards.Count: > 0 } => $" ({PartsCount})",
                _ => "",
            };
            return $"{Words.Title} {names}{part}";
        }
    }

    /// <summary>What happened besides, in short phrases: new mirrors, refs, bytes, time.</summary>
    public IReadOnlyList<string> Remarks
    {
        get
        {
            var totals = Report.Totals;
            List<string?> remarks =
            [
                Words.Remark(Report),
                totals.Mirrored > 0 ? FormattableString.Invariant($"{totals.Mirrored} {Words.DoneHeading.ToLowerInvariant()}") : null,
                totals.Created > 0 ? Words.New(totals.Created) : null,
                totals.RefsUpdated > 0 && Words.Refs is { } refs ? $"{Quantity.Count(totals.RefsUpdated, "ref")} {refs}" : null,
                totals.BytesReceived + totals.BytesSent > 0
                    ? $"{Quantity.Bytes(totals.BytesReceived)} received, {Quantity.Bytes(totals.BytesSent)} sent"
                    : null,
                totals.Requests > 0 ? Quantity.Count(totals.Requests, "request") : null,
                Quantity.Duration(Report.DurationMs),
            ];
            return [.. remarks.OfType<string>()];
        }
    }

    /// <summary>The shards, without files that may have been of any; or all reports, when none is of a shard.</summary>
    private IReadOnlyList<JoinedReport> Parts =>
        Report.Shards.Where(joined => joined.Shard is not null).ToList() is { Count: > 0 } shards ? shards : Report.Shards;

    private string PartsCount => Quantity.Count(Parts.Count, Parts.All(joined => joined.Shard is null) ? "report" : "shard");

    /// <summary>A green step that is not as good as it looks. What a plan would change is as it should be.</summary>
    private bool IsForSomebody =>
        Counts.All == 0
        || Report.Repositories.Any(repository => repository.Status is RepositoryStatus.Failed or RepositoryStatus.Different)
        || (Words.IsOfMirrors && Report.Repositories.Any(repository => repository.Warnings.Count > 0))
        || (Words.DatesVerification && Report.Warnings.Count > 0);

    private IEnumerable<string> Exceptions()
    {
        var planned = Report.Repositories.Count(repository => repository.Status == RepositoryStatus.Planned);
        var notReached = RunTally.NotReached(Report);
        var leftAlone = Counts.NotLookedAt - notReached;
        var lost = Parts.Count(joined => joined.Error is not null);
        if (planned > 0)
        {
            yield return FormattableString.Invariant($"{planned} {Words.Planned}");
        }

        if (Counts.NotSafe - planned is > 0 and var bad)
        {
            yield return FormattableString.Invariant($"{bad} {(Words.IsPlan ? "would fail" : $"{Are(bad)} not")}");
        }

        if (leftAlone > 0)
        {
            yield return FormattableString.Invariant($"{leftAlone} {Were(leftAlone)} not looked at");
        }

        if (notReached > 0)
        {
            yield return FormattableString.Invariant($"{notReached} {Were(notReached)} not reached");
        }

        if (lost > 0)
        {
            yield return FormattableString.Invariant($"{lost} of {PartsCount} gave no result");
        }
        else if (Report.Shards.Any(joined => joined.Error is not null))
        {
            yield return "a report can't be read";
        }
    }

    private static string Are(int count) => count == 1 ? "is" : "are";

    private static string Were(int count) => count == 1 ? "was" : "were";
}
