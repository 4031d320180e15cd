using System.Diagnostics;
using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks.Compare.Scenarios;

/// <summary>Puts folders of repositories back to what they were.</summary>
internal static class LinkedCopy
{
    // Packs are written once and never changed, so that a link does for a copy; git replaces, but never rewrites, them.
    private const long LeastLinked = 1 << 20;

    /// <summary>Copies a folder with everything in it; large packs become hard links.</summary>
    internal static void Copy(string from, string to) => FolderCopy.Copy(from, to, LinkPack);

    /// <summary>Makes a folder what another is.</summary>
    internal static void Replace(string from, string to)
    {
        if (Directory.Exists(to))
            Directory.Delete(to, recursive: true);
        Copy(from, to);
    }

    private static bool LinkPack(FileInfo file, string target)
    {
        if (file.Length < LeastLinked || file.Directory!.Name != "pack")
            return false;
        using var link = Process.Start("ln", ["-f", file.FullName, target]);
        link.WaitForExit();
        if (link.ExitCode != 0)
            throw new IOException($"{file} could not be linked to {target}.");
        return true;
    }
}
