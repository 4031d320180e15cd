namespace MirrorAction.Mirroring.Reports;

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
