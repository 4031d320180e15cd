namespace MirrorAction.Mirroring.Reports;

/// <summary>What became of the source of a mirror that no run writes any more. Immutable.</summary>
/// <param name="Mirror"><c>workspace/slug</c>.</param>
/// <param name="Source">The source by the name that the mirror knows, <c>owner/name</c>.</param>
/// <param name="Fate">What became of it.</param>
/// <param name="Now">Its full name now; null where it is gone.</param>
public sealed record OrphanSource(string Mirror, string Source, OrphanFate Fate, string? Now)
{
    /// <summary>What became of it, as the end of a sentence.</summary>
    public string Text =>
        Fate switch
        {
            OrphanFate.Transferred => $"{Source} was transferred to {Now}",
            OrphanFate.Renamed => $"{Source} is called {Now} now, and is left out",
            OrphanFate.Replaced => $"{Source} is called {Now} now, and has another mirror",
            _ => $"{Source} was deleted, or is out of reach of these credentials",
        };
}

/// <summary>What can become of a source.</summary>
public enum OrphanFate
{
    /// <summary>It is another owner's now.</summary>
    Transferred,

    /// <summary>The host shows nothing of its id: it was deleted, or is out of reach.</summary>
    Gone,

    /// <summary>It has another name, and filters or rules leave it out.</summary>
    Renamed,

    /// <summary>It has another name and another mirror.</summary>
    Replaced,
}

/// <summary>
/// What earlier runs know of the mirrors between two sides and the report that has it does not tell itself: it is of another mode, of other sides, or
/// of a part of the repositories. Immutable.
/// </summary>
/// <param name="Source">Where the originals are.</param>
/// <param name="Destination">Where the mirrors are.</param>
/// <param name="Mirrors">The mirrors.</param>
public sealed record RememberedMirrors(ReportSource Source, ReportDestination Destination, IReadOnlyList<RememberedMirror> Mirrors);

/// <summary>What is known of one mirror. Immutable.</summary>
/// <param name="Source"><c>owner/name</c> at the source.</param>
/// <param name="Destination"><c>workspace/slug</c> at the destination.</param>
/// <param name="VerifiedAt">When both sides were last found equal; null when that is not known.</param>
/// <param name="Description">What the source's owner said about it; empty when there was nothing.</param>
public sealed record RememberedMirror(string Source, string Destination, DateTimeOffset? VerifiedAt = null, string Description = "");
