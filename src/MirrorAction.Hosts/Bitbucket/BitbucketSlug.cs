using System.Security.Cryptography;
using System.Text;

namespace MirrorAction.Hosts.Bitbucket;

/// <summary>
/// The slug under which a repository is mirrored: the name in lower case, characters outside <c>a-z 0-9 _ . -</c> as <c>-</c>. Where Bitbucket would
/// not keep that as it is, the slug ends in a hash of the whole name, so that no two names share one.
/// </summary>
/// <remarks>
/// Bitbucket cuts at 62 characters (BCLOUD-13403), makes one dash of several, drops dashes at both ends
/// (https://confluence.atlassian.com/bbkb/what-is-a-repository-slug-1168845069.html), and lets nobody open a repository without a letter or digit
/// (BCLOUD-13840).
/// </remarks>
public static class BitbucketSlug
{
    /// <summary>What Bitbucket keeps of a slug.</summary>
    public const int MaxLength = 62;

    private const int HashLength = 8;

    /// <summary>The slug for a name at the source, without its owner.</summary>
    public static string For(string name)
    {
        var slug = Plain(name);
        if (IsKept(slug))
        {
            return slug;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashLength];
        var rest = WithSingleDashes(slug[..Math.Min(slug.Length, MaxLength - HashLength - 1)]);
        return rest.Length == 0 ? hash : $"{rest}-{hash}";
    }

    /// <summary>
    /// The slug that Bitbucket itself made of the name before this program did: where a mirror of the name may be from that time. Null where it is
    /// the same, and where such a mirror could not be opened.
    /// </summary>
    public static string? FormerFor(string name) => WithSingleDashes(Plain(name)) is var slug && IsKept(slug) && slug != For(name) ? slug : null;

    /// <summary>Bitbucket takes the slug and changes nothing about it.</summary>
    public static bool IsKept(string slug) =>
        slug.Length <= MaxLength && slug.All(IsLegal) && slug.Any(char.IsAsciiLetterOrDigit) && WithSingleDashes(slug) == slug;

    private static string Plain(string name) =>
        string.Concat(
            name.EnumerateRunes()
                .Select(rune => Rune.ToLowerInvariant(rune) is { IsAscii: true } lower && IsLegal((char)lower.Value) ? (char)lower.Value : '-')
        );

    private static string WithSingleDashes(string slug) => string.Join('-', slug.Split('-', StringSplitOptions.RemoveEmptyEntries));

    private static bool IsLegal(char letter) => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '_' or '.' or '-';
}
