namespace MirrorAction.Mirroring.Reports;

/// <summary>What became of one repository. Immutable; the source of summary, outputs and exit code.</summary>
public sealed record RepositoryReport
{
    /// <summary><c>owner/name</c> at the source.</summary>
    public required string Source { get; init; }

    /// <summary><c>workspace/slug</c> at the destination.</summary>
    public required string Destination { get; init; }

    /// <summary>Which destination that is, in a joined report of several: <c>acme-mirror at gitlab</c>; null otherwise.</summary>
    public string? At { get; init; }

    /// <summary>
    /// What the destination was called when the run began, <c>workspace/slug</c>: this run renamed it (in a plan: would). Null for no other name.
    /// </summary>
    public string? RenamedFrom { get; init; }

    /// <summary>Where a browser finds the source; null in <c>sync</c>.</summary>
    public string? SourceUrl { get; init; }

    /// <summary>Where a browser finds the destination; null in <c>sync</c>, and where there is none.</summary>
    public string? DestinationUrl { get; init; }

    /// <summary>The outcome.</summary>
    public required RepositoryStatus Status { get; init; }

    /// <summary>Created at the destination in this run (in a plan: would be).</summary>
    public bool Created { get; init; }

    /// <summary>Why it was skipped; null otherwise.</summary>
    public SkipReason? Reason { get; init; }

    /// <summary>How many refs were changed in which way.</summary>
    public RefCounts Refs { get; init; } = new();

    /// <summary>Bytes of bodies read from both git hosts.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Bytes of bodies sent to both git hosts.</summary>
    public long BytesSent { get; init; }

    /// <summary>Requests to both git hosts.</summary>
    public int Requests { get; init; }

    /// <summary>Tries, the successful one included; 0 when nothing was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>Wall time in milliseconds.</summary>
    public long DurationMs { get; init; }

    /// <summary>What became of its objects of Git LFS; null where it is not used, or they were not looked for.</summary>
    public LfsReport? Lfs { get; init; }

    /// <summary>Every ref that moved (in a plan: would move).</summary>
    public IReadOnlyList<RefChange> Changes { get; init; } = [];

    /// <summary>The destination's refs were read again after the last change, or needed none, and every mirrored ref is equal.</summary>
    public bool Verified { get; init; }

    /// <summary>When it was last known to be verified, by this run or by the one whose report it was given; null when that is not known.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>What the source's owner says about it; empty when there is nothing. A restore gives it back.</summary>
    public string Description { get; init; } = "";

    /// <summary>The source's id at its host, as text; it survives renames. Null where no host said it.</summary>
    public string? Id { get; init; }

    /// <summary>The source is not readable by everyone; null where no host said.</summary>
    public bool? Private { get; init; }

    /// <summary>The source's default branch without <c>refs/heads/</c>; null where no host said it.</summary>
    public string? DefaultBranch { get; init; }

    /// <summary>What a second reader found in what this program wrote; null where there was none, or it did not read to the end.</summary>
    public SecondReading? SecondReading { get; init; }

    /// <summary>Why it failed; null otherwise.</summary>
    public RepositoryError? Error { get; init; }

    /// <summary>What someone should look at though nothing failed, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Every ref that the destination refused, with its words.</summary>
    public IReadOnlyList<RefusedRef> Refused { get; init; } = [];
}

/// <summary>A whole history that a reader independent of this program has walked. Immutable.</summary>
/// <param name="Reader">Its name and version.</param>
/// <param name="Objects">Commits, trees, files and annotated tags that the refs reach, each once. All of them are there.</param>
/// <param name="DurationMs">Wall time in milliseconds.</param>
public sealed record SecondReading(string Reader, long Objects, long DurationMs);

/// <summary>A ref that the destination refused.</summary>
/// <param name="Ref">The full name.</param>
/// <param name="Reason">The server's words, sanitised.</param>
public sealed record RefusedRef(string Ref, string Reason);

/// <summary>The outcome of one repository.</summary>
public enum RepositoryStatus
{
    /// <summary>Refs moved and both sides are equal now.</summary>
    Mirrored,

    /// <summary>Both sides were equal.</summary>
    Unchanged,

    /// <summary>Refs would move (plan).</summary>
    Planned,

    /// <summary>Both sides differ (verify).</summary>
    Different,

    /// <summary>Left alone for a reason that is not an error.</summary>
    Skipped,

    /// <summary>Something went wrong; the error says what.</summary>
    Failed,
}

/// <summary>Why a repository was left alone.</summary>
public enum SkipReason
{
    /// <summary>The source lists no refs.</summary>
    Empty,

    /// <summary>The source host switched it off.</summary>
    Disabled,

    /// <summary>The source host blocked it for legal reasons or a breach of terms.</summary>
    Blocked,

    /// <summary>Listed, but gone when it was asked for: deleted, renamed, or access lost.</summary>
    Vanished,

    /// <summary>Left out by a filter.</summary>
    Filtered,

    /// <summary>The wiki of a repository that has none, or one without pages.</summary>
    NoWiki,

    /// <summary>Not reached when the run was stopped, by a signal or by its time limit.</summary>
    Cancelled,
}

/// <summary>Numbers of refs by what happened to them.</summary>
public sealed record RefCounts
{
    /// <summary>New at the destination.</summary>
    public int Created { get; init; }

    /// <summary>Moved forward.</summary>
    public int Updated { get; init; }

    /// <summary>Overwritten: the old value is not an ancestor of the new one, or a tag moved.</summary>
    public int Forced { get; init; }

    /// <summary>Gone from the source and now from the destination.</summary>
    public int Deleted { get; init; }

    /// <summary>Old values kept under <c>refs/tags/mirror-kept/</c>.</summary>
    public int Kept { get; init; }

    /// <summary>Equal on both sides from the start.</summary>
    public int Unchanged { get; init; }
}

/// <summary>One ref that moved at the destination.</summary>
/// <param name="Ref">The full name.</param>
/// <param name="Kind">How it moved.</param>
/// <param name="Old">The object before; null for a creation.</param>
/// <param name="New">The object after; null for a deletion.</param>
/// <param name="Foreign">The source does not know the object before, so that someone has probably pushed it to the mirror.</param>
public sealed record RefChange(string Ref, RefChangeKind Kind, string? Old, string? New, bool Foreign = false);

/// <summary>How a ref moved.</summary>
public enum RefChangeKind
{
    /// <summary>It is new.</summary>
    Create,

    /// <summary>It moved forward.</summary>
    Update,

    /// <summary>It was overwritten: rewritten at the source, or changed at the mirror.</summary>
    Force,

    /// <summary>It is gone.</summary>
    Delete,

    /// <summary>An old value was kept under <c>refs/tags/mirror-kept/</c>.</summary>
    Keep,
}

/// <summary>Why a repository failed.</summary>
/// <param name="Code">The kind, for programs.</param>
/// <param name="Message">What happened, for people.</param>
/// <param name="Hint">What to do about it; null when there is nothing to add.</param>
public sealed record RepositoryError(ErrorCode Code, string Message, string? Hint);

/// <summary>What became of the objects that Git LFS keeps for a repository. Immutable.</summary>
/// <param name="Objects">Objects that were looked for: those that new history points to; in verify and backup those of all history.</param>
/// <param name="Transferred">Objects that moved, in a plan those that would; in a deep verification those that were read.</param>
/// <param name="Bytes">Their length together.</param>
/// <param name="Missing">Objects that the source itself no longer has; in verify those that the mirror lacks.</param>
public sealed record LfsReport(long Objects, long Transferred, long Bytes, long Missing);
