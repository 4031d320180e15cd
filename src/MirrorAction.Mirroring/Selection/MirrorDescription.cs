using MirrorAction.Hosts;

namespace MirrorAction.Mirroring.Selection;

/// <summary>
/// The description by which a mirror is recognised: <c>Mirror of github.com/acme/website (id 4711)</c>. Host and id tell which repository it is of;
/// the path may be a former one, because a renamed repository keeps its id. What stands behind the mark is its owner's.
/// </summary>
/// <param name="Host">The source's host, with the port where it is not the usual one.</param>
/// <param name="FullName">The source's owner and name when the mark was written: <c>acme/website</c>, or longer below a group with subgroups.</param>
/// <param name="Id">Its id at that host.</param>
internal sealed record MirrorDescription(string Host, string FullName, string Id)
{
    private const string Prefix = "Mirror of ";

    /// <summary>The owner, or the topmost of the groups that the source is in.</summary>
    internal string Owner => FullName[..FullName.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>What follows the owner.</summary>
    internal string Name => FullName[(Owner.Length + 1)..];

    /// <summary>The source as the mark names it: <c>github.com/acme/website (id 4711)</c>.</summary>
    internal string Source => $"{Host}/{FullName} (id {Id})";

    /// <summary>The mark of a mirror of the repository.</summary>
    internal static MirrorDescription For(Repository repository) => new(repository.HostName, repository.FullName, repository.Id);

    /// <summary>The mark that a description begins with; null where it begins with none.</summary>
    internal static MirrorDescription? Read(string description) =>
        description.Split(' ', 5) is ["Mirror", "of", var path, "(id", var rest]
        && path.Split('/') is [var host, _, _, ..] parts
        && parts.All(part => part.Length > 0)
        && !path.Any(char.IsWhiteSpace)
        && rest.Split(')', 2) is [{ Length: > 0 } id, _]
        && (id.All(char.IsAsciiDigit) || Guid.TryParseExact(id, "D", out _))
            ? new MirrorDescription(host, path[(host.Length + 1)..], id)
            : null;

    /// <summary>Whether the mark names this very repository, perhaps by a former path.</summary>
    internal bool IsOf(Repository repository) =>
        repository.Parent is { } parent ? IsOfWikiOf(parent) : IsOfIdOf(repository) && !IsOfWikiOf(repository);

    /// <summary>
    /// Whether the mark names the wiki of this very repository: by the repository's id, and the name of a wiki, which the repository itself has not.
    /// </summary>
    internal bool IsOfWikiOf(Repository repository) => IsOfIdOf(repository) && IsWiki && !WikiAddress.Is(repository.Name);

    /// <summary>The source has the name of a wiki; at a host without wikis it may be a repository all the same.</summary>
    internal bool IsWiki => WikiAddress.Is(FullName);

    private bool IsOfIdOf(Repository repository) => repository.Id == Id && IsAt(repository.HostName);

    /// <summary>Whether the source is at the host.</summary>
    internal bool IsAt(string host) => host.Equals(Host, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the source was in this organisation, user or group.</summary>
    internal bool IsOwnedBy(string owner) => IsBelow(FullName, owner);

    /// <summary>Whether a full name is one of this organisation, user or group.</summary>
    internal static bool IsBelow(string fullName, string owner) =>
        fullName.StartsWith(owner, StringComparison.OrdinalIgnoreCase) && fullName.Length > owner.Length && fullName[owner.Length] == '/';

    /// <summary>
    /// The own wiki of a mirror. It has no description that could carry a mark: whose it is, the mark of the mirror tells.
    /// </summary>
    internal static Repository WikiOf(Repository mirror) =>
        mirror.ToWiki() with
        {
            Visibility = mirror.Visibility,
            WasThere = true,
            Description = Read(mirror.Description) is { IsWiki: false } mark
                ? (mark with { FullName = mark.FullName + WikiAddress.Suffix }).ToString()
                : "",
        };

    /// <summary>The description of a mirror that had another one: words that are no mark stay behind it.</summary>
    internal string Over(string description) =>
        Read(description) is { } old ? this + description[old.ToString().Length..]
        : description.Length == 0 || description.StartsWith(Prefix, StringComparison.Ordinal) ? ToString()
        : $"{this}. {description}";

    /// <inheritdoc/>
    public override string ToString() => Prefix + Source;
}
