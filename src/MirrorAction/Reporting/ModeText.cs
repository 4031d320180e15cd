using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Reporting;

/// <summary>The words in which a mode tells what it did. Immutable; one set for each mode and variant.</summary>
internal sealed record ModeText
{
    /// <summary>The first words of the headline.</summary>
    public required string Title { get; init; }

    /// <summary>The sums of the totals line in their order, each with its name in the log.</summary>
    public required IReadOnlyList<(string Name, Func<RunTotals, int> Count, string Word)> Sums { get; init; }

    /// <summary>What became of the whole, when nothing failed and something was selected.</summary>
    public required Func<RunReport, string> Verdict { get; init; }

    /// <summary>Nothing is written: what is told would be done.</summary>
    public bool IsPlan { get; init; }

    /// <summary>Both sides were compared, so that refs are told by the way in which they differ.</summary>
    public bool IsComparison { get; init; }

    /// <summary>A repository on which something was done.</summary>
    public string Done { get; init; } = "mirrored";

    /// <summary>A repository on which nothing was to be done.</summary>
    public string Same { get; init; } = "unchanged";

    /// <summary>Those repositories are of little interest; where their times are what was asked for, they are not.</summary>
    public bool FoldsSame { get; init; } = true;

    /// <summary>A repository with which something is wrong.</summary>
    public string Failed { get; init; } = "failed";

    /// <summary>What became of a repository besides, when it was not there before.</summary>
    public string Created { get; init; } = "created";

    /// <summary>Where something goes is told beside where it comes from, because it is not called alike.</summary>
    public bool NamesBoth { get; init; }

    /// <summary>What all counted refs did; null when they are not told of.</summary>
    public string? Refs { get; init; } = "moved";

    /// <summary>The heading of the repositories on which something was done.</summary>
    public string DoneHeading { get; init; } = "Changed";

    /// <summary>The heading of what comes from.</summary>
    public string Source { get; init; } = "Repository";

    /// <summary>The heading of what goes to.</summary>
    public string Destination { get; init; } = "Mirror";

    private static ModeText Mirror { get; } =
        new()
        {
            Title = "Mirror",
            Sums =
            [
                ("Mirrored", t => t.Mirrored, "mirrored"),
                ("Unchanged", t => t.Unchanged, "unchanged"),
                ("Created", t => t.Created, "created"),
                ("Skipped", t => t.Skipped, "skipped"),
                ("Failed", t => t.Failed, "failed"),
            ],
            Verdict = report => report.Totals is { Mirrored: 0, Created: 0 } ? "everything was up to date" : "up to date",
        };

    private static ModeText Plan { get; } =
        new()
        {
            Title = "Plan",
            Sums =
            [
                ("Mirrored", t => t.Mirrored, "to mirror"),
                ("Unchanged", t => t.Unchanged, "unchanged"),
                ("Created", t => t.Created, "to create"),
                ("Skipped", t => t.Skipped, "skipped"),
                ("Failed", t => t.Failed, "failed"),
            ],
            Verdict = report => IsNothing(report) ? "nothing to do" : "what a run would do",
            IsPlan = true,
            Created = "would be created",
            Refs = "to move",
            DoneHeading = "Would change",
        };

    private static ModeText Verify { get; } =
        new()
        {
            Title = "Verify",
            Sums =
            [
                ("Unchanged", t => t.Unchanged, "equal"),
                ("Different", t => t.Different, "different"),
                ("Skipped", t => t.Skipped, "skipped"),
                ("Failed", t => t.Failed, "failed"),
            ],
            Verdict = report => Share(report.Totals.Unchanged, report, "equal"),
            IsComparison = true,
            Same = "equal",
            Refs = "different",
        };

    private static ModeText Restore { get; } =
        new()
        {
            Title = "Restore",
            Sums =
            [
                ("Mirrored", t => t.Mirrored, "restored"),
                ("Unchanged", t => t.Unchanged, "equal already"),
                ("Created", t => t.Created, "created"),
                ("Skipped", t => t.Skipped, "skipped"),
                ("Failed", t => t.Failed, "failed"),
            ],
            Verdict = report => report.Totals is { Mirrored: 0, Created: 0 } ? "everything was there already" : "back at GitHub",
            NamesBoth = true,
            Done = "restored",
            Same = "equal already",
            DoneHeading = "Restored",
            Source = "Mirror",
            Destination = "At GitHub",
        };

    private static ModeText RestorePlan { get; } =
        Restore with
        {
            Title = "Restore, dry run",
            Sums =
            [
                ("Mirrored", t => t.Mirrored, "to restore"),
                ("Unchanged", t => t.Unchanged, "equal already"),
                ("Created", t => t.Created, "to create"),
                ("Skipped", t => t.Skipped, "skipped"),
                ("Failed", t => t.Failed, "failed"),
            ],
            Verdict = report => IsNothing(report) ? "nothing to do" : "what a restore would do",
            IsPlan = true,
            Created = "would be created",
            Refs = "to move",
            DoneHeading = "Would be restored",
        };

    private static ModeText Drill { get; } =
        new()
        {
            Title = "Restore drill",
            Sums =
            [
                ("Whole", CameBack, "came back equal"),
                ("Different", t => t.Different, "different"),
                ("Skipped", t => t.Skipped, "skipped"),
                ("Failed", t => t.Failed, "failed"),
            ],
            Verdict = report =>
                $"{Share(CameBack(report.Totals), report, "came back equal")}, recovery time {Quantity.Duration(report.DurationMs)}{Walked(report)}",
            IsComparison = true,
            Done = "came back equal",
            Same = "came back equal",
            FoldsSame = false,
            Refs = "different",
        };

    private static ModeText Backup { get; } =
        new()
        {
            Title = "Backup",
            Sums =
            [
                ("Mirrored", t => t.Mirrored, "backed up"),
                ("Unchanged", t => t.Unchanged, "without anything new"),
                ("Skipped", t => t.Skipped, "skipped"),
                ("Failed", t => t.Failed, "failed"),
            ],
            Verdict = report =>
                report.Totals.Mirrored == 0 ? "nothing new" : $"{Quantity.Count(report.Totals.Mirrored, "repository", "repositories")} backed up",
            NamesBoth = true,
            Created = "for the first time",
            Done = "backed up",
            Same = "nothing new",
            Refs = "new or moved",
            DoneHeading = "Backed up",
            Destination = "Bundle",
        };

    private static ModeText Check { get; } =
        new()
        {
            Title = "Backup check",
            Sums = [("Whole", CameBack, "whole"), ("Skipped", t => t.Skipped, "skipped"), ("Failed", t => t.Failed, "damaged")],
            Verdict = report => $"{Share(CameBack(report.Totals), report, "whole")}{Walked(report)}",
            Done = "whole",
            Same = "whole",
            Failed = "damaged",
            Refs = null,
            DoneHeading = "Whole",
            Destination = "Bundles",
        };

    /// <summary>The words of a mode; those of the mirror for one that is not known.</summary>
    public static ModeText Of(string mode, string? variant) =>
        (mode, variant) switch
        {
            ("plan", _) => Plan,
            ("verify", "deep") => Verify with { Title = "Verify, every object" },
            ("verify", _) => Verify,
            ("restore", "dry-run") => RestorePlan,
            ("restore", "drill") => Drill,
            ("restore", _) => Restore,
            ("backup", "check") => Check,
            ("backup", _) => Backup,
            _ => Mirror,
        };

    /// <summary>The words of a report's mode.</summary>
    public static ModeText Of(RunReport report) => Of(report.Mode, report.Variant);

    private static int CameBack(RunTotals totals) => totals.Mirrored + totals.Unchanged;

    private static bool IsNothing(RunReport report) => report.Totals.RefsUpdated + report.Totals.Created == 0;

    /// <summary>How much a second reader has walked; nothing where none did.</summary>
    private static string Walked(RunReport report)
    {
        SecondReading[] readings = [.. report.Repositories.Select(repository => repository.SecondReading).OfType<SecondReading>()];
        return readings.Length == 0
            ? ""
            : $", {Quantity.Count(readings.Sum(r => r.Objects), "object")} walked by libgit2 in {Quantity.Duration(readings.Sum(r => r.DurationMs))}";
    }

    private static string Share(int count, RunReport report, string word) =>
        FormattableString.Invariant($"{count} of {report.Totals.Repositories} {word}");
}
