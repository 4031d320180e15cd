using MirrorAction.Hosts.Rest;

namespace MirrorAction.Hosts.BitbucketDataCenter;

/// <summary>
/// The slug under which a repository is mirrored: the name in lower case, characters outside <c>a-z 0-9 _ . -</c> as <c>-</c>. Where Data Center
/// would not keep that as it is, or Bitbucket Cloud would not, the slug ends in a hash of the whole name, so that no two names share one.
/// </summary>
/// <remarks>
/// Data Center makes the slug of the name that it is given: in lower case, with <c>-</c> for other characters, at most 128 of them. A name begins
/// with a letter or digit (https://confluence.atlassian.com/bitbucketserver/creating-repositories-776639815.html). The limit of 62, and one dash in
/// the place of several, are Bitbucket Cloud's: a mirror is called the same at both, but for a name that begins with another character.
/// </remarks>
public static class DataCenterName
{
    /// <summary>The longest slug that is asked for.</summary>
    public const int MaxLength = MirrorName.MaxLength;

    /// <summary>The slug for a name at the source, without its owner; <c>/</c> in it becomes <c>-</c>.</summary>
    public static string For(string name)
    {
        var slug = MirrorName.Plain(name);
        if (IsKept(slug))
        {
            return slug;
        }

        return MirrorName.Hashed(MirrorName.WithSingleDashes(MirrorName.Beginning(slug.TrimStart('-', '_', '.'))), name);
    }

    /// <summary>Data Center takes the slug and changes nothing about it.</summary>
    public static bool IsKept(string slug) =>
        slug.Length is > 0 and <= MaxLength
        && slug.All(MirrorName.IsLegal)
        && char.IsAsciiLetterOrDigit(slug[0])
        && MirrorName.WithSingleDashes(slug) == slug;
}
