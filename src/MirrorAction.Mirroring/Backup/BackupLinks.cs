using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Backup;

/// <summary>
/// Symbolic links have no place below the folder of a backup: by one, whoever can write there would have this program read or write elsewhere, and
/// what is elsewhere is lost with another disk. The folder itself may be one.
/// </summary>
internal static class BackupLinks
{
    /// <summary>Refuses a folder that is reached by a link, or holds one.</summary>
    /// <param name="root">The backup's folder.</param>
    /// <param name="path">The repository's folder in it, which need not be there.</param>
    /// <exception cref="MirrorException">There is a link, or the disk refused.</exception>
    internal static void Refuse(string root, string path)
    {
        try
        {
            var folder = root;
            foreach (var name in Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar))
            {
                folder = Path.Combine(folder, name);
                RefuseLink(folder);
            }

            foreach (var entry in Directory.Exists(path) ? Directory.EnumerateFileSystemEntries(path) : [])
            {
                RefuseLink(entry);
            }
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            throw DiskFailure.Explain(e, path);
        }
    }

    private static void RefuseLink(string path)
    {
        if (new FileInfo(path).LinkTarget is not null)
        {
            throw new MirrorException(
                ErrorCode.DestinationForbidden,
                $"{path} is a symbolic link. Links below 'backup-dir' are not followed; nothing was read or written behind it.",
                "Put the file or folder itself in its place, or give the folder that it leads to as 'backup-dir'."
            );
        }
    }
}
