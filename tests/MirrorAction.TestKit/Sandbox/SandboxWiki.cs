namespace MirrorAction.TestKit;

/// <summary>
/// The wikis of GitHub, GitLab, Gitea and Forgejo: a bare repository beside the one whose wiki it is, from its first page on.
/// </summary>
public static class SandboxWiki
{
    /// <summary>What follows the name of the repository.</summary>
    public const string Suffix = ".wiki";

    /// <summary>Makes the wiki of a repository, as the first page does, without the page.</summary>
    public static GitRepository AddWiki(this GitRepository repository, string branch = "master")
    {
        var wiki = GitRepository.Init(PathOf(repository));
        wiki.RawHead = branch;
        return wiki;
    }

    /// <summary>The wiki of a repository; null while there is none.</summary>
    public static GitRepository? FindWiki(this GitRepository repository) =>
        Directory.Exists(PathOf(repository)) ? GitRepository.Open(PathOf(repository)) : null;

    /// <summary>Where the wiki of a repository lies, or would.</summary>
    internal static string PathOf(GitRepository repository) => repository.Path[..^".git".Length] + Suffix + ".git";

    /// <summary>The name of the repository whose wiki has this name; null where it is that of no wiki.</summary>
    internal static string? ParentOf(string name) => name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : null;
}
