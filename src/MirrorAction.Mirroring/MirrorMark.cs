using System.Globalization;
using System.Text.RegularExpressions;
using MirrorAction.Hosts;

namespace MirrorAction.Mirroring;

/// <summary>The description by which a mirror is recognised: <c>Mirror of github.com/acme/website (id 4711)</c>.</summary>
internal static partial class MirrorMark
{
    /// <summary>What every mirror's description begins with.</summary>
    private const string Prefix = "Mirror of ";

    /// <summary>The description of the mirror of a repository.</summary>
    internal static string For(HostedRepository repository)
    {
        // A host on loopback stands in for the real one and has a new port every time.
        var host = repository.WebUrl.IsLoopback ? "github.com" : repository.WebUrl.Authority;
        return string.Create(CultureInfo.InvariantCulture, $"{Prefix}{host}/{repository.FullName} (id {repository.Id})");
    }

    /// <summary>Whether the repository was made by this mirror.</summary>
    internal static bool IsOn(DestinationRepository repository) => repository.Description.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The source that a mirror names: owner, name and id.</summary>
    internal static (string Owner, string Name, long Id)? Read(DestinationRepository repository) => Read(repository.Description);

    /// <summary>The source that a description names: owner, name and id.</summary>
    internal static (string Owner, string Name, long Id)? Read(string description)
    {
        var match = Form().Match(description);
        return match.Success && long.TryParse(match.Groups["id"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? (match.Groups["owner"].Value, match.Groups["name"].Value, id)
            : null;
    }

    /// <summary>The id of the source that a mirror names when it is another than this one's; null otherwise.</summary>
    internal static long? OtherId(DestinationRepository mirror, HostedRepository source) =>
        Read(mirror) is { } mark && mark.Id != source.Id ? mark.Id : null;

    [GeneratedRegex(@"^Mirror of [^/\s]+/(?<owner>[^/\s]+)/(?<name>[^/\s]+) \(id (?<id>[0-9]{1,18})\)", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
