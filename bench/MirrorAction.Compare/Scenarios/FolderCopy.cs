using System.Diagnostics;

namespace MirrorAction.Compare.Scenarios;

/// <summary>Puts folders of repositories back to what they were.</summary>
internal static class FolderCopy
{
    // Packs are written once and never changed, so that a link does for a copy; git replaces, but never rewrites, them.
    private const long LeastLinked = 1 << 20;

    /// <summary>Copies a folder with everything in it; large packs become hard links.</summary>
    internal static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (var file in new DirectoryInfo(from).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file.FullName));
            if (file.Length >= LeastLinked && file.Directory!.Name == "pack")
                Link(file.FullName, target);
            else
                file.CopyTo(target, overwrite: true);
        }
    }

    /// <summary>Makes a folder what another is.</summary>
    internal static void Replace(string from, string to)
    {
        if (Directory.Exists(to))
            Directory.Delete(to, recursive: true);
        Copy(from, to);
    }

    private static void Link(string file, string target)
    {
        using var link = Process.Start("ln", ["-f", file, target]);
        link.WaitForExit();
        if (link.ExitCode != 0)
            throw new IOException($"{file} could not be linked to {target}.");
    }
}
