using System.Globalization;
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

/// <summary>Which repositories are searched for objects of Git LFS.</summary>
public enum LfsMode
{
    /// <summary>Those that use it: any <c>.gitattributes</c> of the default branch has <c>filter=lfs</c>.</summary>
    Auto,

    /// <summary>Every one.</summary>
    Always,

    /// <summary>None, with a warning about each that uses it.</summary>
    Never,
}

/// <summary>
/// How many refs may go at once: a share of the destination's mirrored refs (<c>50%</c>) or a count (<c>20</c>). Up to
/// <see cref="AlwaysAllowed"/> deletions pass in any case, so that a small repository can lose its feature branches.
/// </summary>
public readonly record struct PruneLimit
{
    /// <summary>So few deletions are never refused.</summary>
    public const int AlwaysAllowed = 5;

    private readonly int _value;
    private readonly bool _isPercent;

    private PruneLimit(int value, bool isPercent)
    {
        _value = value;
        _isPercent = isPercent;
    }

    /// <summary>A share of the destination's refs, 0 to 100.</summary>
    public static PruneLimit Percent(int percent) => new(percent, isPercent: true);

    /// <summary>A number of refs.</summary>
    public static PruneLimit Count(int count) => new(count, isPercent: false);

    /// <summary>Whether so many deletions out of so many refs are refused.</summary>
    public bool Refuses(int deletions, int refs) =>
        deletions > AlwaysAllowed && (_isPercent ? deletions * 100L > (long)refs * _value : deletions > _value);

    /// <summary>Reads <c>50%</c> or <c>20</c>.</summary>
    public static bool TryParse(string text, out PruneLimit limit)
    {
        var isPercent = text.EndsWith('%');
        var digits = isPercent ? text[..^1].TrimEnd() : text;
        var good = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && (!isPercent || value <= 100);
        limit = good ? new PruneLimit(value, isPercent) : default;
        return good;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_value}{(_isPercent ? "%" : "")}");
}
