using MirrorAction.Http;

namespace MirrorAction.Hosts;

/// <summary>A repository at the destination, as its host lists it. Immutable.</summary>
public sealed record DestinationRepository
{
    /// <summary>The name in URLs.</summary>
    public required string Slug { get; init; }

    /// <summary><c>workspace/slug</c>.</summary>
    public required string FullName { get; init; }

    /// <summary>The host's own id; it survives renames. Null where the host did not say.</summary>
    public string? Uuid { get; init; }

    /// <summary>The free text by which a mirror is recognised; empty when there is none.</summary>
    public string Description { get; init; } = "";

    /// <summary>Not readable by everyone. Null where the host did not say.</summary>
    public required bool? IsPrivate { get; init; }

    /// <summary>A fork of another repository, where the host says so.</summary>
    public bool IsFork { get; init; }

    /// <summary>The main branch without <c>refs/heads/</c>; null while the repository is empty.</summary>
    public string? MainBranch { get; init; }

    /// <summary>The size in bytes as the host counts it; null where it does not say.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>When it was last pushed to or changed, as its host tells; null where it does not.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Was to be created and is there already, made by someone else.</summary>
    public bool WasThere { get; init; }

    /// <summary>
    /// Whether its own wiki can be pushed to as it is: switched on and, where the host wants one first, with a page. Null where the listing does not
    /// tell.
    /// </summary>
    public bool? TakesWiki { get; init; }

    /// <summary>The path below <see cref="WebUrl"/> at which a browser finds the wiki.</summary>
    public string WikiPage { get; init; } = "wiki";

    /// <summary>
    /// Why the host refuses every push into it, and what to do about that, in sentences; null where the listing tells of no such reason.
    /// </summary>
    public string? Refusal { get; init; }

    /// <summary>What git is asked at, without credentials.</summary>
    public required Uri GitUrl { get; init; }

    /// <summary>What a browser is pointed to.</summary>
    public required Uri WebUrl { get; init; }

    /// <summary>Its own wiki, a git repository beside it. There is no description by which it could be recognised.</summary>
    public DestinationRepository ToWiki() =>
        this with
        {
            Slug = Slug + WikiAddress.Suffix,
            FullName = FullName + WikiAddress.Suffix,
            Uuid = null,
            Description = "",
            MainBranch = null,
            SizeBytes = null,
            UpdatedAt = null,
            WasThere = true,
            GitUrl = WikiAddress.OfGit(GitUrl),
            WebUrl = HostUrl.Join(WebUrl, WikiPage),
        };
}

/// <summary>What a missing repository is created with.</summary>
/// <param name="Slug">The name in URLs.</param>
/// <param name="Description">The text by which the mirror is recognised later.</param>
/// <param name="IsPrivate">Not readable by everyone.</param>
public sealed record NewRepository(string Slug, string Description, bool IsPrivate)
{
    /// <summary>It becomes a mirror, which is overwritten, and not a repository that people work in.</summary>
    public bool IsMirror { get; init; } = true;

    /// <summary>The key of its project; null takes the one of the destination's options, if any.</summary>
    public string? Project { get; init; }
}
