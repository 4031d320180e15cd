using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Lfs;

/// <summary>A working copy with the real git-lfs, which pushes to a stand-in and fetches from it.</summary>
public sealed class LfsClone
{
    private readonly GitRepository _git;
    private readonly string _url;

    private LfsClone(GitRepository git, string url) => (_git, _url) = (git, url);

    /// <summary>A new working copy that keeps files named <c>*.bin</c> in LFS.</summary>
    public static LfsClone Init(string path, SandboxHost host, string name)
    {
        var git = GitRepository.Init(path, bare: false);
        Prepare(git);
        git.Git("lfs", "track", "*.bin");
        git.Git("add", ".gitattributes");
        git.Git("commit", "--quiet", "-m", "track");
        return new LfsClone(git, UrlOf(host, name));
    }

    /// <summary>Everything of a repository, with every object of LFS.</summary>
    public static async Task<GitRepository> FetchAllAsync(string path, SandboxHost host, string name)
    {
        var git = GitRepository.Init(path);
        Prepare(git);
        git.Git("remote", "add", "--mirror=fetch", "origin", UrlOf(host, name));
        await git.GitAsync("fetch", "--quiet", "origin");
        await git.GitAsync("lfs", "fetch", "--all", "origin");
        return git;
    }

    /// <summary>A working copy from the bundles of a backup, its files from the objects beside them.</summary>
    public static async Task CheckOutAsync(string path, string backup)
    {
        var git = GitRepository.Init(path, bare: false);
        Prepare(git);
        git.Git("config", "lfs.storage", Path.Combine(backup, "lfs"));
        foreach (var bundle in Directory.EnumerateFiles(backup, "*.bundle").OrderBy(file => Path.GetFileName(file)[5..], StringComparer.Ordinal))
        {
            await git.GitAsync("fetch", "--quiet", bundle, "+refs/heads/*:refs/remotes/backup/*");
        }

        git.Git("checkout", "--quiet", "-B", "main", "refs/remotes/backup/main");
        git.Git("lfs", "fsck", "--objects", "main");
    }

    /// <summary>Commits a file and pushes it, its object first.</summary>
    public async Task PushAsync(string file, byte[] contents, string branch = "main")
    {
        _git.Git("checkout", "--quiet", "-B", branch);
        File.WriteAllBytes(Path.Combine(_git.Path, file), contents);
        _git.Git("add", file);
        _git.Git("commit", "--quiet", "-m", file);
        await _git.GitAsync("push", "--quiet", _url, $"{branch}:{branch}");
    }

    private static void Prepare(GitRepository git)
    {
        git.Git("lfs", "install", "--local");
        git.Git("config", "lfs.locksverify", "false");
        git.Git("config", "lfs.allowincompletepush", "false");
    }

    private static string UrlOf(SandboxHost host, string name)
    {
        var path = host.Kind == "bitbucket-data-center" ? $"scm/{host.LfsPathOf(name)}" : host.LfsPathOf(name);
        var url = host.Url.AbsoluteUri.TrimEnd('/');
        var user = host.Kind == "bitbucket-data-center" ? "mirror-bot" : "x-token-auth";
        return $"{url.Replace("://", $"://{user}:{host.Token}@", StringComparison.Ordinal)}/{path}";
    }
}
