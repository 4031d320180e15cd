using MirrorAction.Hosts.Rest;

namespace MirrorAction.Hosts.Gitea;

/// <summary>
/// The name under which a repository is mirrored: the source's name in lower case, characters outside <c>a-z 0-9 _ . -</c> as <c>-</c>. Where the
/// host would not take that, the name ends in a hash of the source's whole name, so that no two sources share one.
/// </summary>
/// <remarks>
/// Gitea takes names of up to 100 characters and tells them apart regardless of case. It refuses <c>.</c>, <c>..</c> and <c>-</c>, two dots in a row,
/// and the endings <c>.git</c>, <c>.wiki</c>, <c>.rss</c> and <c>.atom</c> (IsUsableRepoName in its models/repo/repo.go). Mirrors keep to 62
/// characters, so that they are called alike at every destination.
/// </remarks>
public static class GiteaName
{
    /// <summary>The longest name of a mirror.</summary>
    public const int MaxLength = MirrorName.MaxLength;

    private static readonly string[] s_reserved = [".", "..", "-"];

    private static readonly string[] s_reservedEndings = [".git", ".wiki", ".rss", ".atom"];

    /// <summary>The name for a name at the source, without its owner; what is below a group has slashes in it.</summary>
    public static string For(string name)
    {
        var plain = MirrorName.Plain(name);
        if (IsTaken(plain))
        {
            return plain;
        }

        var rest = WithSingleDots(MirrorName.Beginning(plain));
        return MirrorName.Hashed(rest.Any(char.IsAsciiLetterOrDigit) ? rest : "", name);
    }

    /// <summary>The host takes the name, and as the name of a mirror it is not too long.</summary>
    public static bool IsTaken(string name) =>
        name.Length is > 0 and <= MaxLength
        && name.All(MirrorName.IsLegal)
        && !name.Contains("..", StringComparison.Ordinal)
        && !s_reserved.Contains(name, StringComparer.Ordinal)
        && !Array.Exists(s_reservedEndings, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private static string WithSingleDots(string name)
    {
        while (name.Contains("..", StringComparison.Ordinal))
        {
            name = name.Replace("..", ".", StringComparison.Ordinal);
        }

        return name;
    }
}
