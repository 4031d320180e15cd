namespace MirrorAction.Git.Model;

/// <summary>The refs that are mirrored: what some positive pattern takes in and no negative one takes out. Immutable.</summary>
public sealed class RefPatternSet
{
    /// <summary>A tag of this name would leave no room for the tips below it.</summary>
    public const string KeptTagName = "refs/tags/mirror-kept";

    /// <summary>
    /// Tips that the mirror keeps for itself at the destination; never compared or pruned, and sent back only where that is asked for.
    /// </summary>
    public const string KeptPrefix = KeptTagName + "/";

    /// <summary>The temporary tag by which a large history is sent in parts; never listed, compared or sent back either.</summary>
    public const string PartTagName = "refs/tags/mirror-part";

    private readonly RefPattern[] _positive;
    private readonly RefPattern[] _negative;
    private readonly bool _includesKept;

    /// <summary>Takes patterns of both signs; at least one must be positive.</summary>
    /// <exception cref="ArgumentException">No positive pattern.</exception>
    public RefPatternSet(IEnumerable<RefPattern> patterns)
        : this(patterns, includesKept: false) { }

    private RefPatternSet(IEnumerable<RefPattern> patterns, bool includesKept)
    {
        _includesKept = includesKept;
        var all = patterns.ToArray();
        _positive = [.. all.Where(p => !p.IsNegative)];
        _negative = [.. all.Where(p => p.IsNegative)];
        if (_positive.Length == 0)
        {
            throw new ArgumentException("Patterns that only leave out take nothing in.", nameof(patterns));
        }

        Prefixes = [.. _positive.Select(p => p.Prefix).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>All branches and tags.</summary>
    public static RefPatternSet BranchesAndTags { get; } = Parse("refs/heads/*", "refs/tags/*");

    /// <summary>What the server is asked for; a server may answer with more, so names are matched again.</summary>
    public IReadOnlyList<string> Prefixes { get; }

    /// <summary>Whether the ref is mirrored. What the mirror keeps for itself never is, but in a set that is <see cref="WithKept"/>.</summary>
    public bool Includes(RefName name) => !IsKeptBack(name) && Matches(_positive, name) && !Matches(_negative, name);

    /// <summary>Whether the patterns take the ref in, and it is not mirrored all the same because its name is the mirror's own.</summary>
    public bool LeavesOut(RefName name) => IsKeptBack(name) && Matches(_positive, name) && !Matches(_negative, name);

    private bool IsKeptBack(RefName name) =>
        name.Raw.StartsWith("refs/tags/mirror-", StringComparison.Ordinal)
        && ((IsAtOrBelow(name, KeptTagName) && !(_includesKept && name.Raw.Length > KeptTagName.Length)) || IsAtOrBelow(name, PartTagName));

    /// <summary>What is below a tag can't be where the tag is.</summary>
    private static bool IsAtOrBelow(RefName name, string tag) =>
        name.Raw.StartsWith(tag, StringComparison.Ordinal) && (name.Raw.Length == tag.Length || name.Raw[tag.Length] == '/');

    /// <summary>A loop, because it is asked several times of every ref and a lambda would leave an object each time.</summary>
    private static bool Matches(RefPattern[] patterns, RefName name)
    {
        foreach (var pattern in patterns)
        {
            if (pattern.Matches(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same patterns, and what the mirror keeps for itself as well: to bring it back.</summary>
    public RefPatternSet WithKept() => new([.. _positive, .. _negative, .. Parse(KeptPrefix + "*")._positive], includesKept: true);

    /// <summary>Reads patterns that are known to be good.</summary>
    /// <exception cref="FormatException">One of them is not.</exception>
    public static RefPatternSet Parse(params string[] patterns) =>
        new(patterns.Select(text => RefPattern.TryParse(text, out var pattern, out var problem) ? pattern! : throw new FormatException(problem)));

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", _positive.Concat(_negative).Select(p => p.Text));
}
