using MirrorAction.Hosts.Rest;

namespace MirrorAction.Hosts.GitHub;

/// <summary>
/// The name under which a repository is mirrored: letters of both cases, digits, <c>.</c>, <c>_</c> and <c>-</c> stay, anything else becomes
/// <c>-</c>. What is longer than 100 characters, or reserved, ends in a hash of the whole name, so that no two names share one.
/// </summary>
public static class GitHubName
{
    /// <summary>The longest name that GitHub takes.</summary>
    public const int MaxLength = 100;

    private static readonly string[] s_reservedEndings = [".git", ".wiki"];

    /// <summary>The name for a name at the source, without its owner.</summary>
    public static string For(string name)
    {
        var plain = string.Concat(name.EnumerateRunes().Select(rune => rune.IsAscii && IsLegal((char)rune.Value) ? (char)rune.Value : '-'));
        return IsTaken(plain) ? plain : $"{MirrorName.Beginning(plain, MaxLength).Trim('.')}-{MirrorName.HashOf(name)}";
    }

    private static bool IsTaken(string name) =>
        name.Length is > 0 and <= MaxLength
        && name is not ("." or "..")
        && !Array.Exists(s_reservedEndings, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private static bool IsLegal(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';
}
