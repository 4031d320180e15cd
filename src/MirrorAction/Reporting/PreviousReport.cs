using MirrorAction.Inputs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Modes;

namespace MirrorAction.Reporting;

/// <summary>Which report of an earlier run is of use to a run.</summary>
/// <param name="Named">The file that was asked for, absolute; null for none.</param>
/// <param name="Folder">The folder of reports, which may hold one.</param>
/// <param name="IsAbout">It tells of the same two sides.</param>
/// <param name="IsNeeded">Without the named one something would be lost unnoticed.</param>
internal sealed record PreviousReportLookup(string? Named, string Folder, Func<RunReport, bool> IsAbout, bool IsNeeded = false)
{
    /// <summary>For a run from the source to the mirrors.</summary>
    public static PreviousReportLookup OfMirrors(CheckedInputs inputs, RunSettings run) =>
        new(
            ReadNamed(inputs),
            run.Reports.Folder,
            report =>
                !report.IsFromMirrors()
                && IsBetween(report, run.ReportSource.Host, run.ReportDestination)
                && report.Source.Owners.Intersect(run.Mirror.Owners, StringComparer.OrdinalIgnoreCase).Any()
        );

    /// <summary>
    /// For a restore, whose owner is a new one: only the place of the mirrors can be the same. One that goes on finds the report of the one that was
    /// stopped, which has taken the place of the mirror's.
    /// </summary>
    public static PreviousReportLookup OfRestore(CheckedInputs inputs, RunSettings run)
    {
        var mirrors = new ReportDestination(run.ReportSource.Host, run.Mirror.Owners is [var owner, ..] ? owner : "");
        return new(
            ReadNamed(inputs),
            run.Reports.Folder,
            report =>
                report.IsFromMirrors()
                    ? report.Source.Host == mirrors.Host
                        && report.Destination.Host == run.ReportDestination.Host
                        && report.Source.Owners.Contains(mirrors.Workspace, StringComparer.OrdinalIgnoreCase)
                    : IsBetween(report, run.ReportDestination.Host, mirrors),
            IsNeeded: true
        );
    }

    private static bool IsBetween(RunReport report, string source, ReportDestination mirrors) =>
        report.Destinations.Count == 0
        && report.Source.Host == source
        && report.Destination.Host == mirrors.Host
        && report.Destination.Workspace.Equals(mirrors.Workspace, StringComparison.OrdinalIgnoreCase);

    private static string? ReadNamed(CheckedInputs inputs) =>
        inputs.IsGiven(VerifyMode.PreviousReport) ? inputs.ReadPath(VerifyMode.PreviousReport, "file") : null;
}

/// <summary>Finds the report of an earlier run, which knows what no host tells: when a repository was last verified, and how it was called.</summary>
internal static class PreviousReport
{
    /// <summary>The report that is named or, when none is, the one of the report folder that is about the same two sides.</summary>
    /// <param name="lookup">Which one is of use; null for none.</param>
    /// <param name="warn">Is told why a named report can't be used where the run can do without it.</param>
    /// <exception cref="ConfigurationException">A restore was given a report that can't be used: descriptions would be lost unnoticed.</exception>
    public static RunReport? Find(PreviousReportLookup? lookup, Action<string> warn)
    {
        if (lookup is null)
        {
            return null;
        }

        if (lookup.Named is not { } named)
        {
            return MirrorMemory.Recall(Last(lookup.Folder), lookup);
        }

        var (report, problem) = Read(named);
        if (MirrorMemory.Recall(report, lookup) is { } known)
        {
            return known;
        }

        problem ??= $"is about other sides, {Sides(report!)}";

        if (lookup.IsNeeded)
        {
            var message = $"{named} {problem}. Name the report.json of a run that mirrored what is to be restored, or leave it out.";
            throw new ConfigurationException([new(VerifyMode.PreviousReport.Name, message)]);
        }

        warn($"{VerifyMode.PreviousReport.Name}: {named} {problem}; when repositories were last verified is not known.");
        return null;
    }

    /// <summary>The report in a folder, of whatever run; null when there is none that can be read.</summary>
    public static RunReport? Last(string folder) => Read(Path.Combine(folder, ReportJson.FileName)).Report;

    /// <summary>
    /// The report with what the earlier one knows and this one does not: when a repository that is not verified now was verified last.
    /// </summary>
    /// <param name="report">The report of this run.</param>
    /// <param name="previous">The earlier one; null for none.</param>
    public static RunReport WithVerifiedTimes(RunReport report, RunReport? previous)
    {
        if (!ModeText.Of(report).DatesVerification)
        {
            return report;
        }

        var end = report.EndedAt();
        var known =
            previous
                ?.Repositories.GroupBy(Sides)
                .ToDictionary(group => group.Key, group => group.Max(repository => MirrorMemory.VerifiedAt(repository, previous)))
            ?? [];
        return report with
        {
            Repositories =
            [
                .. report.Repositories.Select(repository =>
                    repository with
                    {
                        VerifiedAt = repository.Verified ? end : known.GetValueOrDefault(Sides(repository)) ?? Former(repository),
                    }
                ),
            ],
        };

        // A mirror that was renamed was known by its former name, and its source by another one.
        DateTimeOffset? Former(RepositoryReport repository) =>
            repository.RenamedFrom is { } from
                ? previous
                    ?.Repositories.Where(earlier => earlier.Destination.Equals(from, StringComparison.OrdinalIgnoreCase))
                    .Max(earlier => MirrorMemory.VerifiedAt(earlier, previous))
                : null;

        static (string, string) Sides(RepositoryReport repository) =>
            (repository.Source.ToUpperInvariant(), repository.Destination.ToUpperInvariant());
    }

    private static string Sides(RunReport report) =>
        $"{string.Join(", ", report.Source.Owners)} at {report.Source.Host} and {report.Destination.Workspace} at {report.Destination.Host}";

    private static (RunReport? Report, string? Problem) Read(string path)
    {
        try
        {
            // A joined report tells of repositories like any other, and a checklist remembers them.
            using var file = ReportFile.Open(path);
            return ReportForm.Read(file, takesAll: true);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            return (null, (e is FormatException ? e.Message : $"can't be read: {e.Message}").TrimEnd('.')); // The sentence goes on.
        }
    }
}
