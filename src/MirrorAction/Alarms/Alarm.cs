using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Alarms;

/// <summary>How a run ended, as people and dead man's switches are told.</summary>
internal enum AlarmKind
{
    /// <summary>Something failed, or is not equal.</summary>
    Failure,

    /// <summary>All is well, and the last run had failed.</summary>
    Recovery,

    /// <summary>All is well.</summary>
    Success,
}

/// <summary>What is told of a run. Its texts hold no secret, but may quote what strangers wrote. Immutable.</summary>
internal sealed record Alarm
{
    /// <summary>How the run ended.</summary>
    public required AlarmKind Kind { get; init; }

    /// <summary>The whole in a line, of this program's own words and of names that the configuration gives.</summary>
    public required string Title { get; init; }

    /// <summary>What there is to say besides, what failed first, a line each: printable text of one line.</summary>
    public required IReadOnlyList<string> Lines { get; init; }

    /// <summary>The page of the workflow's run; null outside a workflow.</summary>
    public Uri? Link { get; init; }

    /// <summary>What the run did; null where nothing was begun.</summary>
    public RunReport? Report { get; init; }

    /// <summary>The exit code.</summary>
    public int ExitCode { get; init; }

    /// <summary>How long the run took, in milliseconds.</summary>
    public long DurationMs => Report?.DurationMs ?? 0;
}
