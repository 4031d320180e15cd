using MirrorAction.Http;

namespace MirrorAction.Hosts;

/// <summary>A repository at the source, as its host lists it. Immutable.</summary>
public sealed record HostedRepository : IRepositoryName
{
    /// <summary>The host's own id as text, a number or a UUID; it survives renames.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// The organisation, user, workspace or group, as the host spells it; a group may have a path of its own, <c>acme/platform</c>.
    /// </summary>
    public required string Owner { get; init; }

    /// <summary>The name, as the host spells it. Below a group with subgroups it is the path from there: <c>platform/api</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>owner/name</c>.</summary>
    public string FullName => $"{Owner}/{Name}";

    /// <summary>What its owner says about it, in one line; empty when there is nothing.</summary>
    public string Description { get; init; } = "";

    /// <summary>Not readable by everyone (GitHub's <c>private</c> and <c>internal</c>).</summary>
    public required bool IsPrivate { get; init; }

    /// <summary>The host said whether it is private, in a word that is known; where it did not, it counts as private.</summary>
    public bool IsVisibilityKnown { get; init; } = true;

    /// <summary>A fork of another repository.</summary>
    public bool IsFork { get; init; }

    /// <summary>Read-only at the source, but readable.</summary>
    public bool IsArchived { get; init; }

    /// <summary>Switched off by the host: git answers 403.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>A wiki is switched on, with pages or without.</summary>
    public bool HasWiki { get; init; }

    /// <summary>The wiki is not readable by everyone, although the repository may be.</summary>
    public bool IsWikiPrivate { get; init; }

    /// <summary>The path below <see cref="WebUrl"/> at which a browser finds the wiki.</summary>
    public string WikiPage { get; init; } = "wiki";

    /// <summary>The repository whose wiki this is; null for one that is no wiki.</summary>
    public HostedRepository? Parent { get; init; }

    /// <summary>It is the wiki of another repository: mirrored like any, but listed by no host.</summary>
    public bool IsWiki => Parent is not null;

    /// <summary>The default branch without <c>refs/heads/</c>; an empty repository names one that does not exist.</summary>
    public string? DefaultBranch { get; init; }

    /// <summary>The size on the host's disk in KiB, refreshed hourly: a hint, not a measure.</summary>
    public long SizeKiB { get; init; }

    /// <summary>When it was last pushed to or changed, as its host tells; null where it does not.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>What git is asked at: <c>https://github.com/OWNER/NAME.git</c>, without credentials.</summary>
    public required Uri GitUrl { get; init; }

    /// <summary>The host as marks name it: <c>github.com</c> (<see cref="HostDefinition.NameAt"/>).</summary>
    public required string HostName { get; init; }

    /// <summary>What a browser is pointed to.</summary>
    public required Uri WebUrl { get; init; }

    /// <summary>
    /// The wiki of this repository, where it may have one: a git repository beside it, with its id, visibility and credentials. Whether there is one,
    /// only git can say.
    /// </summary>
    public HostedRepository ToWiki() =>
        this with
        {
            Parent = this,
            IsPrivate = IsPrivate || IsWikiPrivate,
            Name = Name + WikiAddress.Suffix,
            Description = "",
            HasWiki = false,
            DefaultBranch = null,
            SizeKiB = 0,
            GitUrl = WikiAddress.OfGit(GitUrl),
            WebUrl = HostUrl.Join(WebUrl, WikiPage),
        };
}
