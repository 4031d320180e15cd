using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Reporting;

/// <summary>Whether a repository is what the mode wants it to be: equal and verified, in the backup, back.</summary>
internal enum Safety
{
    /// <summary>It is.</summary>
    Safe,

    /// <summary>It is not, or could not be found to be.</summary>
    NotSafe,

    /// <summary>It was left alone, or not reached.</summary>
    NotLookedAt,
}

/// <summary>How many repositories of a run are safe, are not, and were not looked at. Together they are all.</summary>
internal readonly record struct SafetyCounts(int Safe, int NotSafe, int NotLookedAt)
{
    /// <summary>All of them.</summary>
    public int All => Safe + NotSafe + NotLookedAt;

    /// <summary>The counts of a run; what it counts without listing was not looked at.</summary>
    public static SafetyCounts Of(RunReport report)
    {
        var safety = report.Repositories.CountBy(Of).ToDictionary();
        int Count(Safety kind) => safety.GetValueOrDefault(kind);
        var unlisted = Math.Max(report.Totals.Repositories - report.Repositories.Count, 0);
        return new(Count(Safety.Safe), Count(Safety.NotSafe), Count(Safety.NotLookedAt) + unlisted);
    }

    /// <summary>Of one repository. What a plan would change is not equal yet.</summary>
    public static Safety Of(RepositoryReport repository) =>
        repository.Status switch
        {
            RepositoryStatus.Mirrored or RepositoryStatus.Unchanged => Safety.Safe,
            RepositoryStatus.Skipped => Safety.NotLookedAt,
            _ => Safety.NotSafe,
        };
}
