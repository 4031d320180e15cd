namespace MirrorAction.Git.Model;

/// <summary>The verdict of <c>git check-ref-format</c> on a full ref name (git-check-ref-format, rules 1 to 10).</summary>
internal static class RefNameFormat
{
    /// <summary>Takes the name one character a byte.</summary>
    internal static bool IsWellFormed(string raw)
    {
        if (
            !raw.Contains('/', StringComparison.Ordinal)
            || raw == "@"
            || raw.EndsWith('.')
            || raw.Contains("..", StringComparison.Ordinal)
            || raw.Contains("@{", StringComparison.Ordinal)
        )
        {
            return false;
        }

        foreach (var c in raw)
        {
            if (c < 0x20 || c is (char)0x7f or ' ' or '~' or '^' or ':' or '?' or '*' or '[' or '\\')
            {
                return false;
            }
        }

        foreach (var component in raw.Split('/'))
        {
            if (component.Length == 0 || component[0] == '.' || component.EndsWith(".lock", StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
