using MirrorAction.Http;

namespace MirrorAction.Hosts;

/// <summary>What a repository of the source is called: filters, rules and shards go by it.</summary>
public interface IRepositoryName
{
    /// <summary>The organisation or user, as the host spells it.</summary>
    string Owner { get; }

    /// <summary>The name, as the host spells it.</summary>
    string Name { get; }

    /// <summary><c>owner/name</c>.</summary>
    string FullName { get; }
}

/// <summary>Who may read a repository.</summary>
public enum Visibility
{
    /// <summary>The host did not say, or said a word that is not known. Counts as what discloses nothing.</summary>
    Unknown,

    /// <summary>Everyone.</summary>
    Public,

    /// <summary>
    /// Neither everyone nor members alone: everyone with an account, or everyone but not all of it. Private where it is read, too open where it is
    /// written.
    /// </summary>
    Internal,

    /// <summary>Its members alone.</summary>
    Private,
}

/// <summary>
/// A repository as its host lists it, whether it is read or written. Immutable. What a host does not tell is null, or as documented.
/// </summary>
public sealed record Repository : IRepositoryName
{
    /// <summary>The host's own id as text, a number or a UUID; it survives renames. Empty where the host has not told it yet.</summary>
    public string Id { get; init; } = "";

    /// <summary>
    /// The organisation, user, workspace or group, as the host spells it; a group may have a path of its own, <c>acme/platform</c>.
    /// </summary>
    public required string Owner { get; init; }

    /// <summary>The name in URLs, as the host spells it. Below a group with subgroups it is the path from there: <c>platform/api</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>owner/name</c>.</summary>
    public string FullName => $"{Owner}/{Name}";

    /// <summary>
    /// What its owner says about it, empty when there is nothing: in one line at the source, and as it is stored at the destination, where a mirror
    /// is recognised by it.
    /// </summary>
    public string Description { get; init; } = "";

    /// <summary>Who may read it.</summary>
    public required Visibility Visibility { get; init; }

    /// <summary>Not known to be readable by everyone (GitHub's <c>private</c> and <c>internal</c>).</summary>
    public bool IsPrivate => Visibility != Visibility.Public;

    /// <summary>Known to be readable by more than its members.</summary>
    public bool IsOpen => Visibility is Visibility.Public or Visibility.Internal;

    /// <summary>A fork of another repository, where the host says so.</summary>
    public bool IsFork { get; init; }

    /// <summary>Read-only at its host, but readable.</summary>
    public bool IsArchived { get; init; }

    /// <summary>Switched off by the host: git answers 403.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>The host says that it has no branch yet.</summary>
    public bool IsEmpty { get; init; }

    /// <summary>Was to be created and is there already, made by someone else.</summary>
    public bool WasThere { get; init; }

    /// <summary>
    /// Why the host refuses every push into it, and what to do about that, in sentences; null where the listing tells of no such reason.
    /// </summary>
    public string? Refusal { get; init; }

    /// <summary>A wiki is switched on, with pages or without.</summary>
    public bool HasWiki { get; init; }

    /// <summary>
    /// Whether its own wiki can be pushed to as it is: switched on and, where the host wants one first, with a page. Null where the listing does not
    /// tell.
    /// </summary>
    public bool? TakesWiki { get; init; }

    /// <summary>The wiki is not readable by everyone, although the repository may be.</summary>
    public bool IsWikiPrivate { get; init; }

    /// <summary>The path below <see cref="WebUrl"/> at which a browser finds the wiki.</summary>
    public string WikiPage { get; init; } = "wiki";

    /// <summary>The repository whose wiki this is; null for one that is no wiki.</summary>
    public Repository? Parent { get; init; }

    /// <summary>It is the wiki of another repository: mirrored like any, but listed by no host.</summary>
    public bool IsWiki => Parent is not null;

    /// <summary>
    /// The default branch without <c>refs/heads/</c>; an empty repository may name one that does not exist. Null where the listing does not tell.
    /// </summary>
    public string? DefaultBranch { get; init; }

    /// <summary>The size in bytes as the host counts it, perhaps an hour ago: a hint, not a measure. Null where it does not say.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>When it was last pushed to or changed, as its host tells; null where it does not.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>What git is asked at: <c>https://github.com/OWNER/NAME.git</c>, without credentials.</summary>
    public required Uri GitUrl { get; init; }

    /// <summary>The host as marks name it: <c>github.com</c> (<see cref="HostDefinition.NameAt"/>).</summary>
    public required string HostName { get; init; }

    /// <summary>What a browser is pointed to.</summary>
    public required Uri WebUrl { get; init; }

    /// <summary>The visibility by what a host says of privacy: null where it says nothing that is known.</summary>
    public static Visibility VisibilityOf(bool? isPrivate) =>
        isPrivate switch
        {
            true => Visibility.Private,
            false => Visibility.Public,
            null => Visibility.Unknown,
        };

    /// <summary>
    /// The wiki of this repository, where it may have one: a git repository beside it, with its id, visibility and credentials. Whether there is one,
    /// only git can say.
    /// </summary>
    public Repository ToWiki() =>
        this with
        {
            Parent = this,
            Visibility = IsWikiPrivate && Visibility == Visibility.Public ? Visibility.Private : Visibility,
            Name = Name + WikiAddress.Suffix,
            Description = "",
            HasWiki = false,
            DefaultBranch = null,
            SizeBytes = null,
            GitUrl = WikiAddress.OfGit(GitUrl),
            WebUrl = HostUrl.Join(WebUrl, WikiPage),
        };
}

/// <summary>All that a host lists for one owner.</summary>
/// <param name="Repositories">The repositories, each once.</param>
/// <param name="Unusable">What is listed too, and no repository can be made of: what is missing among the repositories may be one of these.</param>
public sealed record HostListing<T>(IReadOnlyList<T> Repositories, IReadOnlyList<UnusableEntry> Unusable);

/// <summary>An entry of a listing with something impossible in it: a name, a size, a value of another type.</summary>
/// <param name="Owner">Whose it is, as the host spells it.</param>
/// <param name="Name">What can be printed of its name; where it has none, its place in the listing.</param>
/// <param name="Id">The host's own id, where it can be read.</param>
/// <param name="Problem">What is wrong, naming the field: the end of a sentence, without a full stop.</param>
public sealed record UnusableEntry(string Owner, string Name, string? Id, string Problem) : IRepositoryName
{
    /// <summary>Who lists it, as people call that host.</summary>
    public string Host { get; init; } = "The host";

    /// <summary><c>owner/name</c>.</summary>
    public string FullName => $"{Owner}/{Name}";
}
