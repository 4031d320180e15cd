using System.Collections.Concurrent;
using System.Text;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.GitLab;

/// <summary>GitLab.com, or a GitLab of one's own.</summary>
public sealed class GitLabHost : IRepositoryHost
{
    /// <summary>GitLab's longest path.</summary>
    private const int MaxPath = 255;

    private readonly GitLabClient _client;
    private readonly ConcurrentDictionary<string, GitLabDestination> _destinations = new(StringComparer.OrdinalIgnoreCase);

    private GitLabHost(HostSettings settings, HostConnection connection)
    {
        _client = new GitLabClient(settings, connection);
        Source = new GitLabSource(_client);
    }

    /// <summary>What it is called. No limits of size: each instance has its own, and a refusal names it.</summary>
    public static HostDefinition Definition { get; } =
        new()
        {
            Kind = "gitlab",
            Name = "GitLab",
            OwnerWord = "group",
            DefaultUrl = new("https://gitlab.com"),
            ApiUrlOf = web => HostUrl.Join(web, "api/v4"),
            OwnerProblem = OwnerProblem,
            SlugFor = GitLabName.For,
            Open = (settings, connection) => new GitLabHost(settings, connection),
            NothingListedHint =
                "Check the group's full path (acme/team) or the user's name, and that the token may read its projects: the scopes read_api and "
                + "read_repository, and the role Reporter or above in the group.",
        };

    /// <inheritdoc/>
    public IRepositorySource Source { get; }

    /// <inheritdoc/>
    public IRepositoryDestination DestinationOf(string owner) => _destinations.GetOrAdd(owner, name => new(_client, name));

    private static string? OwnerProblem(string path) =>
        path.Length is > 0 and <= MaxPath && path.Split('/').All(IsSegment)
            ? null
            : "is not a valid path of a group or user; write what follows the host in the group's URL, such as acme or acme/team in "
                + "https://gitlab.com/acme/team.";

    private static bool IsSegment(string name) =>
        name.Length > 0
        && name is not ("." or "..")
        && name[0] != '-'
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-');
}

/// <summary>
/// The path under which a repository is mirrored: the name in lower case, characters outside <c>a-z 0-9 _ . -</c> as <c>-</c>. Where GitLab would not
/// take that, the path ends in a hash of the whole name, so that no two names share one.
/// </summary>
/// <remarks>
/// A path begins and ends with a letter or digit, has no two of <c>_ . -</c> in a row, does not end in <c>.git</c> or <c>.atom</c>, and is none of
/// the words of GitLab's own addresses (https://docs.gitlab.com/user/reserved_names/). One that ends in <c>.wiki</c> would be the wiki of another
/// project in git's addresses. 62 characters are what Bitbucket keeps: a mirror has the same name at both.
/// </remarks>
public static class GitLabName
{
    /// <summary>The longest path that is made here; GitLab takes 255 characters.</summary>
    public const int MaxLength = MirrorName.MaxLength;

    private static readonly string[] s_reserved =
    [
        "-",
        "badges",
        "blame",
        "blob",
        "builds",
        "commits",
        "create",
        "create_dir",
        "edit",
        "files",
        "find_file",
        "new",
        "preview",
        "raw",
        "refs",
        "tree",
        "update",
        "wikis",
    ];

    private static readonly string[] s_endings = [".git", ".atom", ".wiki"];

    /// <summary>The path for a name at the source, without its owner; <c>platform/api</c> gives <c>platform-api</c>.</summary>
    public static string For(string name)
    {
        var path = MirrorName.Plain(name);
        if (IsTaken(path))
        {
            return path;
        }

        return MirrorName.Hashed(WithSingleMarks(MirrorName.Beginning(path)), name);
    }

    /// <summary>GitLab takes the path for a new project as it is.</summary>
    public static bool IsTaken(string path) =>
        path.Length is > 0 and <= MaxLength
        && path.All(MirrorName.IsLegal)
        && WithSingleMarks(path) == path
        && !s_reserved.Contains(path, StringComparer.Ordinal)
        && !Array.Exists(s_endings, ending => path.EndsWith(ending, StringComparison.Ordinal));

    /// <summary>Of several marks in a row the first stays; none at either end.</summary>
    private static string WithSingleMarks(string path)
    {
        var kept = new StringBuilder(path.Length);
        foreach (var letter in path)
        {
            if (!IsMark(letter) || (kept.Length > 0 && !IsMark(kept[^1])))
            {
                kept.Append(letter);
            }
        }

        return kept.ToString().TrimEnd('_', '.', '-');
    }

    private static bool IsMark(char letter) => letter is '_' or '.' or '-';
}
