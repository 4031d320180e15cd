using System.Globalization;

namespace MirrorAction.Mirroring.Refs;

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
