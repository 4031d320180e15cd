using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Mirroring.Backup;

/// <summary>
/// Moves the folders of repositories that have another name now, before anything is written, so that their chains go on under it. A folder is known
/// by the host and the id in its manifest; it is moved by one rename each, and what a stopped run has left under a temporary name is found again.
/// </summary>
internal sealed class FolderRenaming(BackupContext context)
{
    private readonly Dictionary<string, string> _former = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _warnings = new(StringComparer.Ordinal);

    private string Root => context.Backup.Folder;

    /// <summary>The former name of a repository whose folder this run has moved, <c>owner/name</c>; null where it has not.</summary>
    internal string? FormerOf(Repository repository) => _former.GetValueOrDefault(KeyOf(repository));

    /// <summary>Why the folder of a repository could not be moved, so that another chain begins; null where that is not so.</summary>
    internal string? WarningOf(Repository repository) => _warnings.GetValueOrDefault(KeyOf(repository));

    /// <summary>Moves what is to be moved. What can't be is told with the repository; nothing is thrown.</summary>
    /// <param name="taken">What is backed up.</param>
    /// <param name="listed">That, and all others of this shard, whose folders may be in the way.</param>
    internal void Run(IReadOnlyList<Repository> taken, IEnumerable<Repository> listed)
    {
        try
        {
            if (taken.Any(repository => !IsOf(repository, PathOf(repository))))
            {
                Move(FindRenames([.. listed]));
            }
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            // Each repository says for itself what it can't read or write.
            Log(MessageLevel.Warning, $"Whether folders of renamed repositories are to be moved is not known: {e.Message}");
        }
    }

    private List<Rename<Repository>> FindRenames(IReadOnlyCollection<Repository> listed)
    {
        var servers = listed.Select(repository => repository.HostName).ToHashSet(StringComparer.Ordinal);
        var folders = Folders(servers).ToLookup(folder => folder.Key, folder => folder.Name, StringComparer.Ordinal);
        List<Rename<Repository>> renames = [];
        foreach (var repository in listed.Where(repository => folders.Contains(KeyOf(repository)) && !IsOf(repository, PathOf(repository))))
        {
            if (folders[KeyOf(repository)].ToList() is [var only])
            {
                renames.Add(new(repository, only, repository.FullName));
            }
            else
            {
                var names = string.Join(" and ", folders[KeyOf(repository)].Order(StringComparer.Ordinal));
                _warnings[KeyOf(repository)] =
                    $"{names} both hold backups of {repository.FullName} (id {repository.Id}): a new chain begins beside them.";
            }
        }

        return renames;
    }

    private void Move(List<Rename<Repository>> renames)
    {
        var possible = RenameOrder.Possible(renames, IsTaken, StringComparer.Ordinal);
        foreach (var stuck in renames.Except(possible))
        {
            Fail(stuck, $"{stuck.To} holds something else");
        }

        foreach (var step in RenameOrder.Of(possible, TemporaryNameOf, StringComparer.Ordinal))
        {
            if (!_warnings.ContainsKey(KeyOf(step.Rename.Item)))
            {
                Move(step);
            }
        }
    }

    private void Move(RenameStep<Repository> step)
    {
        var (from, to) = (PathOf(step.From), PathOf(step.To));
        try
        {
            BackupLinks.Refuse(Root, from);
            BackupLinks.Refuse(Root, to);
            if (IsTaken(step.To))
            {
                Fail(step.Rename, $"{step.To} could not be made free for it");
                return;
            }

            // Held for a moment, so that nobody is at work in it; where folders can't be moved with an open file in them, not while it is moved.
            RepositoryFolder.Open(from).Dispose();
            MakeRoom(to);
            Directory.Move(from, to);
        }
        catch (Exception e) when (DiskFailure.Is(e) || e is MirrorException)
        {
            Fail(step.Rename, e.Message);
            return;
        }

        if (!step.IsTemporary)
        {
            _former[KeyOf(step.Rename.Item)] = step.Rename.From;
            Log(MessageLevel.Info, $"{step.Rename.From} -> {step.To}: the folder was moved, as the repository is called so now");
        }
    }

    private void Fail(Rename<Repository> rename, string why) =>
        _warnings[KeyOf(rename.Item)] =
            $"{rename.From} holds the backup of {rename.Item.FullName} under its former name and could not be moved: {why}. A new chain begins.";

    /// <summary>A folder in which nothing but a lock was ever left is none.</summary>
    private static void MakeRoom(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (Directory.Exists(path))
        {
            File.Delete(Path.Combine(path, RepositoryFolder.LockName));
            Directory.Delete(path);
        }
    }

    private bool IsTaken(string name) =>
        PathOf(name) is var path
        && (
            File.Exists(path)
            || (
                Directory.Exists(path)
                && Directory.EnumerateFileSystemEntries(path).Any(entry => Path.GetFileName(entry) != RepositoryFolder.LockName)
            )
        );

    /// <summary>
    /// All folders with a manifest of these servers: whose it is, and the name below the root. Another server of the kind may have the same ids.
    /// </summary>
    private IEnumerable<(string Key, string Name)> Folders(HashSet<string> servers)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
            IgnoreInaccessible = true,
        };
        foreach (var file in Directory.EnumerateFiles(Root, RepositoryFolder.ManifestName, options))
        {
            var folder = Path.GetDirectoryName(file)!;
            if (ReadManifest(folder) is { } manifest && manifest.Host == context.Source.Host.Kind && servers.Contains(manifest.ServerName))
            {
                yield return (KeyOf(manifest), Path.GetRelativePath(Root, folder).Replace('\\', '/'));
            }
        }
    }

    private bool IsOf(Repository repository, string? folder) =>
        folder is null // No folder should have such a name; the repository says so.
        || (
            Directory.Exists(folder)
            && ReadManifest(folder) is { } manifest
            && KeyOf(manifest) == KeyOf(repository)
            && manifest.Host == context.Source.Host.Kind
            && manifest.ServerName == repository.HostName
        );

    private static BackupManifest? ReadManifest(string folder)
    {
        try
        {
            return RepositoryFolder.ReadManifest(folder);
        }
        catch (Exception e) when (e is FormatException or NotSupportedException)
        {
            return null; // Whoever backs that repository up tells of it.
        }
    }

    private string? PathOf(Repository repository)
    {
        try
        {
            return PathOf(RepositoryFolder.RelativePath(repository));
        }
        catch (MirrorException)
        {
            return null;
        }
    }

    private string PathOf(string name) => Path.Combine([Root, .. name.Split('/')]);

    private static string TemporaryNameOf(Repository repository) => $"{repository.Owner}/mirror-renaming-{KeyOf(repository)}";

    private static string KeyOf(Repository repository) => KeyOf(repository.Id, repository.Name);

    private static string KeyOf(BackupManifest manifest) => KeyOf(manifest.Id, manifest.Repository);

    /// <summary>A wiki has the id of its repository.</summary>
    private static string KeyOf(string id, string name) => WikiAddress.Is(name) ? id + WikiAddress.Suffix : id;

    private void Log(MessageLevel level, string text) => context.Observer.Log(new RunMessage(level, text));
}
