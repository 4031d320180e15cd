using MirrorAction.Git.Model;

namespace MirrorAction.Mirroring.Refs;

/// <summary>How the refs of one repository are mirrored. Immutable; defaults are those of the action.</summary>
public sealed record RefOptions
{
    /// <summary>Which refs. The default is all branches and tags.</summary>
    public RefPatternSet Patterns { get; init; } = RefPatternSet.BranchesAndTags;

    /// <summary>Delete mirrored refs that the source no longer has. The default value is true.</summary>
    public bool Prune { get; init; } = true;

    /// <summary>How many deletions are too many. The default is 50 %.</summary>
    public PruneLimit PruneLimit { get; init; } = PruneLimit.Percent(50);

    /// <summary>Keep what would be overwritten or deleted under <c>refs/tags/mirror-kept/</c>. The default value is true.</summary>
    public bool KeepOverwritten { get; init; } = true;

    /// <summary>How long kept tips live; null is for ever. The default value is 90 days.</summary>
    public TimeSpan? KeepFor { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Allow a destination that does not look like this mirror. The default value is false.</summary>
    public bool Adopt { get; init; }

    /// <summary>Send each repository whole to its mirror, though its refs are equal. The default value is false.</summary>
    public bool Repair { get; init; }

    /// <summary>Which repositories are searched for objects of Git LFS. The default value is <see cref="LfsMode.Auto"/>.</summary>
    public LfsMode Lfs { get; init; }

    /// <summary>Tries per repository. The default value is 4.</summary>
    public int MaxAttempts { get; init; } = 4;
}
