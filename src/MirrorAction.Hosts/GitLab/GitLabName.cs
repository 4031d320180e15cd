using System.Text;
using MirrorAction.Hosts.Rest;

namespace MirrorAction.Hosts.GitLab;

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
