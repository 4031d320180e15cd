using System.Buffers;
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
