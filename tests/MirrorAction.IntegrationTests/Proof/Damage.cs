using System.Text;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Proof;

/// <summary>What can be wrong with a history whose every object that is there is whole: no index sees it, only a walk.</summary>
public enum Damage
{
    /// <summary>The tree of an old commit is missing.</summary>
    Tree,

    /// <summary>A file of an old commit is missing.</summary>
    File,

    /// <summary>The parent of an old commit is missing.</summary>
    Parent,

    /// <summary>What an annotated tag is about is missing.</summary>
    TagTarget,

    /// <summary>A tree is there under its right name and is no tree of git's.</summary>
    Malformed,

    /// <summary>What a commit names as its tree is a file.</summary>
    WrongKind,
}

/// <summary>Makes such histories with the installed git.</summary>
internal static class DamagedHistory
{
    /// <summary>Fills a repository with a history of some depth; the damage can be done to it.</summary>
    internal static void Build(GitRepository git)
    {
        for (var i = 1; i <= 8; i++)
        {
            git.Commit($"src/file-{i}", $"{i}\n");
        }

        git.Branch("release", "main~2");
        git.Commit("note", "only a tag has this\n", "aside");
        git.TagAnnotated("v1", "aside");
        git.DeleteBranch("aside");
    }

    /// <summary>
    /// Does what has to be done before refs are read; returns the object that is at fault and whether it is to be left out of packs.
    /// </summary>
    internal static (string Culprit, bool IsLeftOut) Prepare(GitRepository git, Damage damage)
    {
        switch (damage)
        {
            case Damage.Tree:
                return (git.Git("rev-parse", "main~5^{tree}"), true);
            case Damage.File:
                return (git.Git("rev-parse", "main~5:src/file-2"), true);
            case Damage.Parent:
                return (git.Git("rev-parse", "main~5"), true);
            case Damage.TagTarget:
                return (git.Git("rev-parse", "v1^{commit}"), true);
            case Damage.Malformed:
                var malformed = Write(git, "tree", "no tree at all"u8.ToArray());
                git.UpdateRef("refs/heads/odd", CommitOf(git, malformed));
                return (malformed, false);
            default:
                var file = git.Git("rev-parse", "main:src/file-1");
                git.UpdateRef("refs/heads/odd", CommitOf(git, file));
                return (file, false);
        }
    }

    /// <summary>All objects of a repository in one pack but those that are left out, whatever is reachable.</summary>
    internal static byte[] PackWithout(GitRepository git, params string[] leftOut)
    {
        var ids = git.Git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)").Split('\n').Except(leftOut);
        return RealGit
            .Try(git.Path, ["pack-objects", "--quiet", "--stdout"], Encoding.ASCII.GetBytes(string.Join('\n', ids) + "\n"))
            .EnsureSuccess()
            .Output;
    }

    /// <summary>Writes an object as it is, whether git finds it well-formed or not.</summary>
    internal static string Write(GitRepository git, string type, byte[] content) =>
        RealGit.Try(git.Path, ["hash-object", "-t", type, "--literally", "-w", "--stdin"], content).EnsureSuccess().Text;

    private static string CommitOf(GitRepository git, string tree) =>
        Write(git, "commit", Encoding.ASCII.GetBytes($"tree {tree}\nauthor A <a@example.com> 1 +0000\ncommitter A <a@example.com> 1 +0000\n\nOdd\n"));
}
