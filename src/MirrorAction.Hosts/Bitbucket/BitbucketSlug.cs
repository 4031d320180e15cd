using MirrorAction.Hosts.Rest;

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
    public const int MaxLength = MirrorName.MaxLength;

    /// <summary>The slug for a name at the source, without its owner.</summary>
    public static string For(string name)
    {
        var slug = MirrorName.Plain(name);
        if (IsKept(slug))
        {
            return slug;
        }

        return MirrorName.Hashed(MirrorName.WithSingleDashes(MirrorName.Beginning(slug)), name);
    }

    /// <summary>
    /// The slug that Bitbucket itself made of the name before this program did: where a mirror of the name may be from that time. Null where it is
    /// the same, and where such a mirror could not be opened.
    /// </summary>
    public static string? FormerFor(string name) =>
        MirrorName.WithSingleDashes(MirrorName.Plain(name)) is var slug && IsKept(slug) && slug != For(name) ? slug : null;

    /// <summary>Bitbucket takes the slug and changes nothing about it.</summary>
    public static bool IsKept(string slug) =>
        slug.Length <= MaxLength && slug.All(MirrorName.IsLegal) && slug.Any(char.IsAsciiLetterOrDigit) && MirrorName.WithSingleDashes(slug) == slug;
}
