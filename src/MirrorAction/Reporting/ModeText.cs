using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Logging;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Modes;

namespace MirrorAction.Reporting;

/// <summary>The words in which a mode tells what it did. Immutable; one set for each mode and variant.</summary>
internal sealed record ModeText
{
    /// <summary>The first words of the headline.</summary>
    public required string Title { get; init; }

    /// <summary>The sums of the totals line in their order, each with its name in the log.</summary>
    public required IReadOnlyList<(string Name, Func<RunTotals, int> Count, string Word)> Sums { get; init; }

    /// <summary>What the good repositories are, behind "are": <c>safe at Bitbucket</c>.</summary>
    public Func<RunReport, string> Safe { get; init; } =
        report => $"safe at {string.Join(" and ", report.AllDestinations().Select(destination => HostName(destination.Host)).Distinct())}";

    /// <summary>What was done to find that out: <c>checked</c>.</summary>
    public string Checked { get; init; } = "checked";

    /// <summary>What a plan says of a repository on which something would be done.</summary>
    public string Planned { get; init; } = "would change";

    /// <summary>What else is to be said of the whole; null for nothing.</summary>
    public Func<RunReport, string?> Remark { get; init; } = static _ => null;

    /// <summary>What was not there before, as so many.</summary>
    public Func<int, string> New { get; init; } = static count => Quantity.Count(count, "new mirror");

    /// <summary>The data flows from the destination of the report to its source.</summary>
    public bool FlowsBack { get; init; }

    /// <summary>Nothing is written: what is told would be done.</summary>
    public bool IsPlan { get; init; }

    /// <summary>Both sides were compared, so that refs are told by the way in which they differ.</summary>
    public bool IsComparison { get; init; }

    /// <summary>A repository on which something was done.</summary>
    public string Done { get; init; } = "mirrored";

    /// <summary>A repository on which nothing was to be done.</summary>
    public string Same { get; init; } = "unchanged";

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

    /// <summary>It is a list of findings, not of repositories.</summary>
    public bool IsChecklist { get; init; }

    /// <summary>The report is about mirrors as seen from their sources, so that what it found equal is verified.</summary>
    public bool IsOfMirrors { get; init; }

    /// <summary>The report says of each repository when it was verified last.</summary>
    public bool DatesVerification { get; init; }

    /// <summary>The words of a mode; those of a mirror for one that is not known.</summary>
    public static ModeText Of(string mode, string? variant) => (ModeList.Find(mode) ?? ModeList.Default).TextOf(variant);

    /// <summary>The words of a report's mode.</summary>
    public static ModeText Of(RunReport report) => Of(report.Mode, report.Variant);

    /// <summary>What people call a kind of host.</summary>
    public static string HostName(string kind) => KnownHosts.All.FirstOrDefault(host => host.Kind == kind)?.Name ?? kind;

    /// <summary>How much a second reader has walked; null where none did.</summary>
    public static string? Walked(RunReport report)
    {
        SecondReading[] readings = [.. report.Repositories.Select(repository => repository.SecondReading).OfType<SecondReading>()];
        return readings.Length == 0
            ? null
            : $"{Quantity.Count(readings.Sum(r => r.Objects), "object")} walked by libgit2 in {Quantity.Duration(readings.Sum(r => r.DurationMs))}";
    }
}
