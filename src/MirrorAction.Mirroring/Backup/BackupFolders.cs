using System.IO.Enumeration;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Backup;

/// <summary>Finds the folders of repositories in the folder of a backup.</summary>
internal static class BackupFolders
{
    /// <summary>
    /// Every folder that holds a manifest, a bundle or a link, and every link to a folder: those are refused, not passed over as if they were no
    /// backup. At least one; absolute, in the order of their names.
    /// </summary>
    /// <param name="root">The backup's folder, absolute.</param>
    /// <param name="done">What is to be done with them: the end of a sentence.</param>
    /// <exception cref="MirrorException">There is none, or the disk refused.</exception>
    internal static IReadOnlyList<string> Find(string root, string done)
    {
        try
        {
            string[] found = Directory.Exists(root)
                ?
                [
                    .. Entries(root)
                        .Where(entry => entry.IsLink || (!entry.IsFolder && IsOfBackup(Path.GetFileName(entry.Path))))
                        .Select(entry => entry.IsFolder ? entry.Path : Path.GetDirectoryName(entry.Path)!)
                        .Distinct(StringComparer.Ordinal)
                        .Order(StringComparer.Ordinal),
                ]
                : [];
            return found.Length > 0
                ? found
                : throw new MirrorException(
                    ErrorCode.DamagedBackup,
                    $"There is no {RepositoryFolder.ManifestName} and no bundle below {root}: nothing could be {done}.",
                    "Is 'backup-dir' the folder that the backups were written to, and is its disk mounted?"
                );
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            throw DiskFailure.Explain(e, root);
        }
    }

    /// <summary>The place of a repository's folder in the backup's, with slashes.</summary>
    internal static string NameOf(string root, string path) => Path.GetRelativePath(root, path).Replace('\\', '/');

    /// <summary>Everything below the folder but what is behind links.</summary>
    private static FileSystemEnumerable<(string Path, bool IsFolder, bool IsLink)> Entries(string root) =>
        new(
            root,
            (ref entry) => (entry.ToFullPath(), entry.IsDirectory, IsLink(ref entry)),
            new()
            {
                RecurseSubdirectories = true,
                AttributesToSkip = FileAttributes.None,
                IgnoreInaccessible = false,
            }
        )
        {
            ShouldRecursePredicate = (ref entry) => !IsLink(ref entry),
        };

    private static bool IsOfBackup(string file) =>
        file == RepositoryFolder.ManifestName || file.EndsWith(BundleName.Extension, StringComparison.Ordinal);

    private static bool IsLink(ref FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);
}
