using MirrorAction.Inputs;
using MirrorAction.Inputs.Arguments;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Reporting;

/// <summary>Finds the report of an earlier run, which knows what no host tells: when a repository was last verified, and how it was called.</summary>
internal static class PreviousReport
{
    /// <summary>The report that the settings name or, when they name none, the one of the report folder that is about the same two sides.</summary>
    /// <param name="settings">The settings of this run.</param>
    /// <param name="warn">Is told why a named report can't be used where the run can do without it.</param>
    /// <exception cref="ConfigurationException">A restore was given a report that can't be used: descriptions would be lost unnoticed.</exception>
    public static RunReport? Find(RunSettings settings, Action<string> warn)
    {
        if (settings.Mode is not (RunMode.Mirror or RunMode.Verify or RunMode.Restore))
        {
            return null;
        }

        if (settings.PreviousReport is not { } named)
        {
            return Read(Path.Combine(settings.ReportDirectory, ReportJson.FileName)).Report is { } found && IsOfTheSameSides(found, settings)
                ? found
                : null;
        }

        var (report, problem) = Read(named);
        problem ??= report is { } other && !IsOfTheSameSides(other, settings) ? $"is about other sides, {Sides(other)}" : null;
        return problem is null ? report
            : settings.Mode != RunMode.Restore ? Skip($"previous-report: {named} {problem}; when repositories were last verified is not known.")
            : throw new ConfigurationException([
                new(
                    ModeInputs.PreviousReport.Name,
                    $"{named} {problem}. Name the report.json of a run that mirrored what is to be restored, or leave it out."
                ),
            ]);

        RunReport? Skip(string reason)
        {
            warn(reason);
            return null;
        }
    }

    /// <summary>
    /// The report with what the earlier one knows and this one does not: when a repository that is not verified now was verified last.
    /// </summary>
    /// <param name="report">The report of this run.</param>
    /// <param name="previous">The earlier one; null for none.</param>
    public static RunReport WithVerifiedTimes(RunReport report, RunReport? previous)
    {
        if (report.Mode is not ("mirror" or "verify"))
        {
            return report;
        }

        var end = report.StartedAt.AddMilliseconds(report.DurationMs);
        var known =
            previous?.Repositories.GroupBy(Sides).ToDictionary(group => group.Key, group => group.Max(repository => TimeOf(repository, previous)))
            ?? [];
        return report with
        {
            Repositories =
            [
                .. report.Repositories.Select(repository =>
                    repository with
                    {
                        VerifiedAt = repository.Verified ? end : known.GetValueOrDefault(Sides(repository)),
                    }
                ),
            ],
        };

        // Reports of earlier versions have the verdict without its time.
        static DateTimeOffset? TimeOf(RepositoryReport repository, RunReport run) =>
            repository.VerifiedAt ?? (repository.Verified ? run.StartedAt.AddMilliseconds(run.DurationMs) : null);

        static (string, string) Sides(RepositoryReport repository) =>
            (repository.Source.ToUpperInvariant(), repository.Destination.ToUpperInvariant());
    }

    /// <summary>
    /// Whatever the mode, the workspace is the same one; in a restore, whose owner is a new one, that is all that can be. A restore that goes on
    /// finds the report of
    /// the one that was stopped, which has taken the place of the mirror's.
    /// </summary>
    private static bool IsOfTheSameSides(RunReport report, RunSettings settings)
    {
        var workspace = settings.Bitbucket?.Workspace;
        if (settings.Mode == RunMode.Restore && report is { Source.Host: "bitbucket", Destination.Host: "github" })
        {
            return report.Source.Owners.Contains(workspace);
        }

        return report is { Source.Host: "github", Destination.Host: "bitbucket" }
            && report.Destination.Workspace == workspace
            && (settings.Mode == RunMode.Restore || report.Source.Owners.Intersect(settings.Mirror.Owners, StringComparer.OrdinalIgnoreCase).Any());
    }

    private static string Sides(RunReport report) =>
        $"{string.Join(", ", report.Source.Owners)} at {report.Source.Host} and {report.Destination.Workspace} at {report.Destination.Host}";

    private static (RunReport? Report, string? Problem) Read(string path)
    {
        try
        {
            // A joined report tells of repositories like any other.
            using var file = ReportFile.Open(path);
            return ReportForm.Read(file, takesJoined: true);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            return (null, (e is FormatException ? e.Message : $"can't be read: {e.Message}").TrimEnd('.')); // The sentence goes on.
        }
    }
}
