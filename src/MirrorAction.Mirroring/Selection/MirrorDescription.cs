using System.Globalization;
using MirrorAction.Hosts;

namespace MirrorAction.Mirroring.Selection;

/// <summary>
/// The description by which a mirror is recognised: <c>Mirror of github.com/acme/website (id 4711)</c>. Host and id tell which repository it is of;
/// the path may be a former one, because a renamed repository keeps its id. What stands behind the mark is its owner's.
/// </summary>
/// <param name="Host">The source's host, with the port where it is not the usual one.</param>
/// <param name="Owner">The source's owner when the mark was written.</param>
/// <param name="Name">Its name then.</param>
/// <param name="Id">Its id at that host.</param>
internal sealed record MirrorDescription(string Host, string Owner, string Name, string Id)
{
    private const string Prefix = "Mirror of ";

    /// <summary><c>owner/name</c>.</summary>
    internal string FullName => $"{Owner}/{Name}";

    /// <summary>The source as the mark names it: <c>github.com/acme/website (id 4711)</c>.</summary>
    internal string Source => $"{Host}/{FullName} (id {Id})";

    /// <summary>The mark of a mirror of the repository.</summary>
    internal static MirrorDescription For(HostedRepository repository) =>
        new(HostOf(repository), repository.Owner, repository.Name, repository.Id.ToString(CultureInfo.InvariantCulture));

    /// <summary>The mark that a description begins with; null where it begins with none.</summary>
    internal static MirrorDescription? Read(string description) =>
        description.Split(' ', 5) is ["Mirror", "of", var path, "(id", var rest]
        && path.Split('/') is [{ Length: > 0 } host, { Length: > 0 } owner, { Length: > 0 } name]
        && !path.Any(char.IsWhiteSpace)
        && rest.Split(')', 2) is [{ Length: > 0 } id, _]
        && id.All(char.IsAsciiDigit)
            ? new MirrorDescription(host, owner, name, id)
            : null;

    /// <summary>Whether the mark names this very repository, perhaps by a former path.</summary>
    internal bool IsOf(HostedRepository repository) => For(repository) is var mark && mark.Id == Id && IsAt(mark.Host);

    /// <summary>Whether the source is at the host.</summary>
    internal bool IsAt(string host) => host.Equals(Host, StringComparison.OrdinalIgnoreCase);

    /// <summary>The host of a repository as marks name it.</summary>
    internal static string HostOf(HostedRepository repository) =>
        // One on loopback stands in for the real one and has a new port every time.
        repository.WebUrl.IsLoopback
            ? "github.com"
            : repository.WebUrl.Authority;

    /// <summary>The description of a mirror that had another one: words that are no mark stay behind it.</summary>
    internal string Over(string description) =>
        Read(description) is { } old ? this + description[old.ToString().Length..]
        : description.Length == 0 || description.StartsWith(Prefix, StringComparison.Ordinal) ? ToString()
        : $"{this}. {description}";

    /// <inheritdoc/>
    public override string ToString() => Prefix + Source;
}
