using System.Globalization;
using System.Text;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Git.Kit;

/// <summary>Packs that the installed git makes, and the index that it makes of them.</summary>
internal static class GitPack
{
    /// <summary>A repository with a text that grows line by line, a tag, and a tree or two.</summary>
    internal static GitRepository History(TempFolder temp, int commits = 8, string format = "sha1", string name = "source")
    {
        var repository = GitRepository.Init(temp[name], objectFormat: format);
        Extend(repository, 0, commits);
        repository.TagAnnotated("v1", "main");
        return repository;
    }

    /// <summary>Adds commits, each of which changes a line of a long text.</summary>
    internal static void Extend(GitRepository repository, int first, int count)
    {
        var lines = Enumerable.Range(0, 200).Select(i => string.Create(CultureInfo.InvariantCulture, $"line {i * 7919 % 10007}")).ToArray();
        using var import = repository.Import();
        for (var i = first; i < first + count; i++)
        {
            lines[i % lines.Length] = string.Create(CultureInfo.InvariantCulture, $"version {i}");
            import.Commit("main", "docs/README.md", string.Join('\n', lines), i == first && first > 0 ? "refs/heads/main^0" : null);
        }

        import.Complete();
    }

    /// <summary>A pack of everything, as <c>git pack-objects</c> writes it.</summary>
    internal static byte[] Of(GitRepository repository, params string[] options) => OfRevisions(repository, "", ["--all", .. options]);

    /// <summary>A pack of these revisions, one a line.</summary>
    internal static byte[] OfRevisions(GitRepository repository, string revisions, params string[] options) =>
        RealGit
            .Try(repository.Path, ["pack-objects", "--stdout", "--quiet", "--revs", "--window=20", .. options], Encoding.ASCII.GetBytes(revisions))
            .EnsureSuccess()
            .Output;

    /// <summary>What <c>git index-pack</c> makes of a pack.</summary>
    internal static byte[] IndexOf(byte[] pack, TempFolder temp, string format = "sha1")
    {
        var path = temp[$"{Guid.NewGuid():n}.pack"];
        File.WriteAllBytes(path, pack);
        RealGit.Run(Path.GetDirectoryName(path)!, "index-pack", $"--object-format={format}", path);
        return File.ReadAllBytes(Path.ChangeExtension(path, ".idx"));
    }
}
