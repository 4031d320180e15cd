namespace MirrorAction.Mirroring.Reports;

/// <summary>What became of the objects that Git LFS keeps for a repository. Immutable.</summary>
/// <param name="Objects">Objects that were looked for: those that new history points to; in verify and backup those of all history.</param>
/// <param name="Transferred">Objects that moved, in a plan those that would; in a deep verification those that were read.</param>
/// <param name="Bytes">Their length together.</param>
/// <param name="Missing">Objects that the source itself no longer has; in verify those that the mirror lacks.</param>
public sealed record LfsReport(long Objects, long Transferred, long Bytes, long Missing);
