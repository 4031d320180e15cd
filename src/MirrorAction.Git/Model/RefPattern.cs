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
        else if (!isNegative && ReachesPullRequests(body, star))
        {
            problem =
                $"'{text}' takes in 'refs/pull/*', which GitHub owns and no other "
                + "host accepts; name the namespaces one by one, such as 'refs/heads/*'.";
        }
        else
        {
            pattern = star < 0 ? new RefPattern(text, isNegative, body, null) : new RefPattern(text, isNegative, body[..star], body[(star + 1)..]);
        }

        return pattern is not null;
    }

    private static bool ReachesPullRequests(string body, int star) =>
        body.StartsWith("refs/pull/", StringComparison.Ordinal) || (star >= 0 && "refs/pull/".StartsWith(body[..star], StringComparison.Ordinal));
}
