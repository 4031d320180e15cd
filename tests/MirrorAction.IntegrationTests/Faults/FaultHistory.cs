using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary>
/// A repository as it was at the last run and as it is now: a branch moved on, one rewritten, one gone, new ones, a new tag, another default branch.
/// Built
/// once, copied for every cell.
/// </summary>
public sealed class FaultHistory : IDisposable
{
    private readonly TempFolder _folder = new("mirror-faults-");

    private FaultHistory(int newBytes, bool usesLfs = false)
    {
        var repository = GitRepository.Init(_folder["now"]);
        using (var import = repository.Import())
        {
            var first = import.Commit("main", "README.md", "one\n");
            import.Reset("gone", $":{first}");
            import.Commit("feature", "feature.txt", "draft\n", $":{first}");
            import.Tag("v1", $":{first}", "The first\n");
            import.Complete();
        }

        Copy(repository.Path, _folder["then"]);
        var base1 = repository.Resolve("main")!;
        using (var import = repository.Import())
        {
            import.Commit("main", "README.md", "two\n", base1);
            var last = newBytes > 0 ? import.CommitRandom("main", "noise.bin", newBytes, seed: 7) : import.Commit("main", "more.txt", "more\n");
            import.Commit("feature", "feature.txt", "done\n", base1);
            if (usesLfs)
            {
                import.Commit("main", ".gitattributes", "*.bin filter=lfs\n");
                last = import.Commit("main", LfsFile, SandboxLfs.PointerTo(LfsObject));
            }

            import.Reset("trunk", $":{last}");
            import.Tag("v2", $":{last}", "The second\n");
            import.Complete();
        }

        repository.DeleteBranch("gone");
        repository.Head = "trunk";
    }

    /// <summary>The file whose contents LFS has.</summary>
    public const string LfsFile = "large.bin";

    /// <summary>Larger than what is sent from memory.</summary>
    public static byte[] LfsObject { get; } = new RandomBytes(11).Take(300_000);

    /// <summary>Few bytes, some more, and more than is held in memory.</summary>
    public static FaultHistory Small { get; } = ForAll(0);

    public static FaultHistory Medium { get; } = ForAll(200 << 10);

    /// <summary>Few bytes, of which one file is an object of LFS since the last run.</summary>
    public static FaultHistory Lfs { get; } = ForAll(0, usesLfs: true);

    public void CopyNow(string path) => Copy(_folder["now"], path);

    public void CopyThen(string path) => Copy(_folder["then"], path);

    /// <summary>From then to now.</summary>
    public void MoveOn(string path)
    {
        Directory.Delete(Path.Combine(path, "refs"), recursive: true);
        File.Delete(Path.Combine(path, "packed-refs"));
        CopyNow(path);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Shared by all tests, and gone with the last of them.</summary>
    private static FaultHistory ForAll(int newBytes, bool usesLfs = false)
    {
        var history = new FaultHistory(newBytes, usesLfs);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => history.Dispose();
        return history;
    }

    private static void Copy(string from, string to) => FolderCopy.Copy(from, to, (file, _) => file.Name == "config");
}
