using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Reporting;

/// <summary>
/// Carries from report to report what runs know of mirrors. Each report replaces the one before it, whatever both are about: without this, a backup,
/// a plan, or a run for one repository would make the next verification forget when the others were last equal.
/// </summary>
internal static class MirrorMemory
{
    /// <summary>More mirrors than any run is for; those verified longest ago are forgotten first.</summary>
    private const int MaxMirrors = 20_000;

    /// <summary>The report with what the earlier one knows of mirrors and this one does not tell.</summary>
    /// <param name="report">The report of this run.</param>
    /// <param name="last">The one that it replaces; null for none.</param>
    public static RunReport Carry(RunReport report, RunReport? last)
    {
        var told =
            ModeText.Of(report).DatesVerification && report.Destinations.Count == 0
                ? report.Repositories.Select(repository =>
                    Key(report.Source.Host, report.Destination.Host, repository.Source, repository.Destination)
                )
                : [];
        var known = Facts(report)
            .Concat(Facts(last))
            .Concat(report.Remembered)
            .Concat(last?.Remembered ?? [])
            .SelectMany(pair => pair.Mirrors, (pair, mirror) => (Pair: pair, Mirror: mirror))
            .GroupBy(fact => Key(fact.Pair.Source.Host, fact.Pair.Destination.Host, fact.Mirror.Source, fact.Mirror.Destination))
            .ExceptBy(told, group => group.Key)
            .Select(group => (group.First().Pair, Mirror: Merge([.. group.Select(fact => fact.Mirror)])))
            .OrderByDescending(fact => fact.Mirror.VerifiedAt)
            .Take(MaxMirrors);
        return report with
        {
            Remembered =
            [
                .. known
                    .GroupBy(fact => Sides(fact.Pair))
                    .Select(pair =>
                        pair.First().Pair with
                        {
                            Mirrors = [.. pair.Select(fact => fact.Mirror).OrderBy(mirror => mirror.Source, StringComparer.OrdinalIgnoreCase)],
                        }
                    ),
            ],
        };
    }

    /// <summary>
    /// What a report knows that is of use: the report itself when it is about the same sides, with what it remembers of them; else a report of only
    /// that; null when it knows nothing of them.
    /// </summary>
    public static RunReport? Recall(RunReport? report, PreviousReportLookup lookup)
    {
        if (report is null)
        {
            return null;
        }

        if (report.IsFromMirrors() && lookup.IsAbout(report))
        {
            return report;
        }

        var remembered = report.Remembered.Select(pair => AsReport(pair, report)).Where(lookup.IsAbout);
        RunReport[] known = lookup.IsAbout(report) ? [report, .. remembered] : [.. remembered];
        return known.Length == 0
            ? null
            : known[0] with
            {
                Source = known[0].Source with
                {
                    Owners = [.. known.SelectMany(part => part.Source.Owners).Distinct(StringComparer.OrdinalIgnoreCase)],
                },
                Repositories = [.. known.SelectMany(part => part.Repositories)],
            };
    }

    /// <summary>When a repository was last verified, as a report of any version says it.</summary>
    public static DateTimeOffset? VerifiedAt(RepositoryReport repository, RunReport run) =>
        repository.VerifiedAt ?? (repository.Verified ? run.EndedAt() : null);

    /// <summary>What a run between a source and its mirrors says of them.</summary>
    private static IEnumerable<RememberedMirrors> Facts(RunReport? report)
    {
        // What one of several destinations holds, the reports that were joined tell.
        if (report is null || report.Destinations.Count > 0 || report.IsFromMirrors() || !ModeText.Of(report).IsOfMirrors)
        {
            yield break;
        }

        RememberedMirror[] mirrors =
        [
            .. report
                .Repositories.Select(repository => new RememberedMirror(
                    repository.Source,
                    repository.Destination,
                    VerifiedAt(repository, report),
                    repository.Description
                ))
                .Where(mirror => mirror.VerifiedAt is not null),
        ];
        yield return new(report.Source, report.Destination, mirrors);
    }

    private static RunReport AsReport(RememberedMirrors pair, RunReport report) =>
        report with
        {
            Mode = Modes.ModeList.Default.Name,
            Variant = null,
            Source = pair.Source,
            Destination = pair.Destination,
            Destinations = [],
            Repositories =
            [
                .. pair.Mirrors.Select(mirror => new RepositoryReport
                {
                    Source = mirror.Source,
                    Destination = mirror.Destination,
                    Status = RepositoryStatus.Skipped,
                    Reason = SkipReason.Filtered,
                    VerifiedAt = mirror.VerifiedAt,
                    Description = mirror.Description,
                }),
            ],
        };

    private static RememberedMirror Merge(IReadOnlyList<RememberedMirror> facts) =>
        facts[0] with
        {
            VerifiedAt = facts.Max(mirror => mirror.VerifiedAt),
            Description = facts.FirstOrDefault(mirror => mirror.Description.Length > 0)?.Description ?? "",
        };

    private static (string, string, string, string) Key(string sourceHost, string destinationHost, string source, string destination) =>
        (sourceHost, destinationHost, source.ToUpperInvariant(), destination.ToUpperInvariant());

    private static string Sides(RememberedMirrors pair) =>
        string.Join(
            '\n',
            [
                pair.Source.Host,
                pair.Destination.Host,
                pair.Destination.Workspace.ToUpperInvariant(),
                .. pair.Source.Owners.Select(owner => owner.ToUpperInvariant()).Order(StringComparer.Ordinal),
            ]
        );
}
