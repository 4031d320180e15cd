namespace MirrorAction.TestKit;

/// <summary>Copies folders, such as repositories.</summary>
public static class FolderCopy
{
    /// <summary>Copies a folder with everything in it; what is there already is overwritten.</summary>
    /// <param name="from">The folder.</param>
    /// <param name="to">The copy, created when missing.</param>
    /// <param name="dealsWith">Is asked for each file, with the place of its copy, and returns whether it has dealt with it; null to copy
    /// all.</param>
    public static void Copy(string from, string to, Func<FileInfo, string, bool>? dealsWith = null)
    {
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories).Prepend(from))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (var file in new DirectoryInfo(from).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file.FullName));
            if (dealsWith?.Invoke(file, target) != true)
                file.CopyTo(target, overwrite: true);
        }
    }
}
