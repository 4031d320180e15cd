using System.Security.Cryptography;
using System.Text;

namespace MirrorAction.Hosts.Bitbucket;

/// <summary>
/// The slug under which a repository is mirrored: the name in lower case, characters outside <c>a-z 0-9 _ . -</c> as <c>-</c>. Longer than 62
/// characters, which Bitbucket would cut without a word, it ends in a hash of the whole name instead.
/// </summary>
public static class RepositorySlug
{
    /// <summary>What Bitbucket keeps of a slug (BCLOUD-13403).</summary>
    public const int MaxLength = 62;

    private const int HashLength = 8;

    /// <summary>The slug for a name at the source, without its owner.</summary>
    public static string For(string name)
    {
        var slug = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            var lower = Rune.ToLowerInvariant(rune);
            slug.Append(IsLegal(lower) ? (char)lower.Value : '-');
        }

        if (slug.Length > MaxLength)
        {
            slug.Length = MaxLength - HashLength - 1;
            slug.Append('-').Append(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name))), 0, HashLength);
        }

        return slug.ToString();
    }

    private static bool IsLegal(Rune rune) => rune.IsAscii && (char)rune.Value is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '.' or '-';
}
