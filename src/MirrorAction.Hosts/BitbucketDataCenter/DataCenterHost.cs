using System.Buffers;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.BitbucketDataCenter;

/// <summary>Bitbucket Data Center, once called Bitbucket Server.</summary>
public sealed class DataCenterHost : IRepositoryHost
{
    /// <summary>The longest key of a project, and longer than any slug of a user that is known. A token, given by mistake, may be shorter.</summary>
    private const int MaxKey = 128;

    private static readonly SearchValues<char> s_keyCharacters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."
    );

    private readonly DataCenterClient _client;

    private DataCenterHost(HostSettings settings, HostConnection connection)
    {
        _client = new(settings, connection);
        Source = new DataCenterSource(_client);
    }

    /// <summary>
    /// What it is called and what it takes. Every instance is its owner's own: there is no default URL, and no limit that all of them have.
    /// </summary>
    public static HostDefinition Definition { get; } =
        new()
        {
            Kind = "bitbucket-data-center",
            Name = "Bitbucket Data Center",
            OwnerWord = "project",
            DefaultUrl = null,
            ApiUrlOf = web => HostUrl.Join(web, "rest/api/1.0"), // The web address may have a context path: https://git.example.com/bitbucket.
            OwnerProblem = OwnerProblem,
            SlugFor = DataCenterName.For,
            Open = (settings, connection) => new DataCenterHost(settings, connection),
            NothingListedHint =
                "Check the owner, which is the key of a project (ACME) or ~user, and that the token may read its repositories "
                + "(Repository read, of a user or a token that has access to the project).",
        };

    /// <inheritdoc/>
    public IRepositorySource Source { get; }

    /// <inheritdoc/>
    public IRepositoryDestination DestinationOf(string owner) => new DataCenterDestination(_client, owner);

    /// <summary>
    /// A key, or the slug of a user behind a tilde. Which characters a server allows has changed over time; no other was ever among them.
    /// </summary>
    private static string? OwnerProblem(string owner)
    {
        var rest = owner.StartsWith('~') ? owner.AsSpan(1) : owner;
        return rest.Length is > 0 and <= MaxKey && !rest.ContainsAnyExcept(s_keyCharacters) && char.IsAsciiLetterOrDigit(rest[0])
            ? null
            : "is not the key of a project; write what follows /projects/ in the address of the project's page, such as ACME, "
                + "or ~user for the repositories of a user.";
    }
}

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
