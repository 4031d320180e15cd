using System.Text;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>Objects that git refuses when it checks them, written past git's own checks.</summary>
internal static class FaultyObjects
{
    /// <summary>What real histories hold, each with git's word for it.</summary>
    internal static readonly string[] Kinds =
    [
        "zeroPaddedFilemode",
        "duplicateEntries",
        "missingSpaceBeforeDate",
        "missingSpaceBeforeEmail",
        "treeNotSorted",
        "hasDotgit",
        "gitmodulesUrl",
        "nullSha1",
        "badTag",
    ];

    /// <summary>A ref of this name whose tip, or the tip's tree, has the fault; its parent is the commit <c>main</c>.</summary>
    internal static string Add(GitRepository repository, string kind, string name)
    {
        var main = repository.Git("rev-parse", "main");
        var tree = Raw(repository.Git("rev-parse", "main^{tree}"));
        var blob = Raw(Blob(repository, "1\n"));
        byte[] Entry(string mode, string file, byte[] id) => [.. Encoding.ASCII.GetBytes($"{mode} {file}\0"), .. id];
        var id = kind switch
        {
            "zeroPaddedFilemode" => Commit(repository, Write(repository, "tree", Entry("0100644", "a", blob)), main),
            "duplicateEntries" => Commit(repository, Write(repository, "tree", [.. Entry("100644", "a", blob), .. Entry("100644", "a", blob)]), main),
            "treeNotSorted" => Commit(repository, Write(repository, "tree", [.. Entry("100644", "b", blob), .. Entry("100644", "a", blob)]), main),
            "hasDotgit" => Commit(repository, Write(repository, "tree", Entry("40000", ".git", tree)), main),
            "nullSha1" => Commit(repository, Write(repository, "tree", Entry("160000", "a", new byte[20])), main),
            "gitmodulesUrl" => Commit(
                repository,
                Write(
                    repository,
                    "tree",
                    Entry("100644", ".gitmodules", Raw(Blob(repository, "[submodule \"x\"]\n\tpath = x\n\turl = --upload-pack=touch\n")))
                ),
                main
            ),
            "missingSpaceBeforeDate" => CommitBy(repository, main, "A <a@example.org>1 +0000"),
            "missingSpaceBeforeEmail" => CommitBy(repository, main, "A<a@example.org> 1 +0000"),
            "badTag" => Write(
                repository,
                "tag",
                Encoding.ASCII.GetBytes($"object {main}\ntype commit\ntag v1\ntagger A<a@example.org> 1 +0000\n\nA release\n")
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
        repository.UpdateRef(kind == "badTag" ? $"refs/tags/{name}" : $"refs/heads/{name}", id);
        return id;
    }

    /// <summary>Writes an object without a check of what is in it.</summary>
    internal static string Write(GitRepository repository, string type, byte[] contents) =>
        RealGit.Try(repository.Path, ["hash-object", "-t", type, "-w", "--literally", "--stdin"], contents).EnsureSuccess().Text;

    /// <summary>Removes an object as a disk does that loses a file.</summary>
    internal static void Lose(GitRepository repository, string id) => File.Delete(FileOf(repository, id));

    /// <summary>Damages an object as a disk does that loses a block.</summary>
    internal static void Damage(GitRepository repository, string id)
    {
        var file = FileOf(repository, id);
        File.SetAttributes(file, FileAttributes.Normal);
        File.WriteAllText(file, "no zlib");
    }

    private static string FileOf(GitRepository repository, string id) => Path.Combine(repository.Path, "objects", id[..2], id[2..]);

    private static string Blob(GitRepository repository, string text) => Write(repository, "blob", Encoding.UTF8.GetBytes(text));

    private static string Commit(GitRepository repository, string tree, string parent) =>
        repository.Git("commit-tree", tree, "-p", parent, "-m", "A fault");

    private static string CommitBy(GitRepository repository, string parent, string author)
    {
        var tree = repository.Git("rev-parse", parent + "^{tree}");
        return Write(
            repository,
            "commit",
            Encoding.ASCII.GetBytes($"tree {tree}\nparent {parent}\nauthor {author}\ncommitter A <a@example.org> 1 +0000\n\nA fault\n")
        );
    }

    private static byte[] Raw(string id) => Convert.FromHexString(id);
}
