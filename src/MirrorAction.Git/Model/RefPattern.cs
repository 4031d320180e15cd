namespace MirrorAction.Git.Model;

/// <summary>
/// A ref name or a pattern with one <c>*</c>, as on one side of a refspec: <c>refs/heads/*</c>, <c>refs/tags/v*</c>, <c>refs/heads/main</c>;
/// with a leading <c>^</c> it takes names out again (gitglossary, "refspec").
/// </summary>
public sealed class RefPattern
{
    private readonly string _prefix;
    private readonly string? _suffix;

    private RefPattern(string text, bool isNegative, string prefix, string? suffix)
    {
        Text = text;
        IsNegative = isNegative;
        _prefix = prefix;
        _suffix = suffix;
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <summary>Takes names out instead of in.</summary>
    public bool IsNegative { get; }

    /// <summary>What a server is asked for with <c>ref-prefix</c>: everything before the <c>*</c>.</summary>
    public string Prefix => _prefix;

    /// <summary>Whether the name fits, the sign left aside.</summary>
    public bool Matches(RefName name)
    {
        var raw = name.Raw;
        return _suffix is null
            ? raw == _prefix
            : raw.Length >= _prefix.Length + _suffix.Length
                && raw.StartsWith(_prefix, StringComparison.Ordinal)
                && raw.EndsWith(_suffix, StringComparison.Ordinal);
    }

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">What a person wrote.</param>
    /// <param name="pattern">The pattern, when it can be used.</param>
    /// <param name="problem">Else what is wrong with it and how to mend it.</param>
    public static bool TryParse(string text, out RefPattern? pattern, out string? problem)
    {
        pattern = null;
        problem = null;
        var isNegative = text.StartsWith('^');
        var body = RefName.FromText(isNegative ? text[1..] : text).Raw;
        var star = body.IndexOf('*', StringComparison.Ordinal);
        if (body.Contains(':', StringComparison.Ordinal))
        {
            problem = $"'{text}' renames refs; a mirror keeps names, so write the pattern without ':'.";
        }
        else if (!body.StartsWith("refs/", StringComparison.Ordinal))
        {
            problem = $"'{text}' does not start with 'refs/'; write branches as 'refs/heads/*' and tags as 'refs/tags/*'.";
        }
        else if (star >= 0 && body.IndexOf('*', star + 1) >= 0)
        {
            problem = $"'{text}' has more than one '*'; git's patterns have one.";
        }
        else if (!new[] { body.Replace("*", "x", StringComparison.Ordinal) }.All(RefNameFormat.IsWellFormed))
        {
            problem = $"'{text}' is no well-formed ref name or pattern (see git check-ref-format).";
        }
        else if (!isNegative && body.StartsWith(RefPatternSet.PullPrefix, StringComparison.Ordinal))
        {
            problem = $"'{text}' takes in 'refs/pull/*', which GitHub owns and no other " + "host accepts; leave it out.";
        }
        else
        {
            pattern = star < 0 ? new RefPattern(text, isNegative, body, null) : new RefPattern(text, isNegative, body[..star], body[(star + 1)..]);
        }

        return pattern is not null;
    }
}

/// <summary>The refs that are mirrored: what some positive pattern takes in and no negative one takes out. Immutable.</summary>
public sealed class RefPatternSet
{
    /// <summary>A tag of this name would leave no room for the tips below it.</summary>
    public const string KeptTagName = "refs/tags/mirror-kept";

    /// <summary>
    /// Tips that the mirror keeps for itself at the destination; never compared or pruned, and sent back only where that is asked for.
    /// </summary>
    public const string KeptPrefix = KeptTagName + "/";

    /// <summary>Where GitHub and Gitea keep pull requests: no host takes a push there, and no pattern takes it in.</summary>
    public const string PullPrefix = "refs/pull/";

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
    public bool Includes(RefName name) =>
        !IsKeptBack(name) && !name.Raw.StartsWith(PullPrefix, StringComparison.Ordinal) && Matches(_positive, name) && !Matches(_negative, name);

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
