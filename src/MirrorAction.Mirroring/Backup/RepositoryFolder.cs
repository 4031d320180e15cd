using System.Text.RegularExpressions;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Backup;

/// <summary>
/// The folder of one repository's bundles, held against every other backup until disposed. A file appears in it under its name only when it is
/// whole and on the disk.
/// </summary>
internal sealed partial class RepositoryFolder : IDisposable
{
    /// <summary>What lists the bundles.</summary>
    internal const string ManifestName = "manifest.json";

    /// <summary>Stays empty; whoever holds it may change the folder.</summary>
    internal const string LockName = ".lock";

    private readonly FileStream _lock;

    private RepositoryFolder(string path, FileStream @lock) => (Path, _lock) = (path, @lock);

    /// <summary>Absolute.</summary>
    internal string Path { get; }

    /// <summary>The names of the bundles that are there, listed or not.</summary>
    internal IEnumerable<string> Bundles => FilesOf(Path).Where(file => BundleName.TryParse(file, out _, out _));

    /// <summary><c>owner/name</c>, deeper below a group with subgroups, safe to be put behind a folder.</summary>
    /// <exception cref="MirrorException">The host lists it under a name that no folder should have.</exception>
    internal static string RelativePath(Repository repository) => string.Join('/', repository.FullName.Split('/').Select(Segment));

    /// <summary>Whether a text is such a path.</summary>
    internal static bool IsRelativePath(string text) => text.Split('/') is [_, _, ..] parts && parts.All(IsSafe);

    /// <summary>Makes the folder where there is none, locks it, and removes what a killed run has left unfinished in it.</summary>
    /// <param name="path">The folder, absolute.</param>
    /// <exception cref="MirrorException">Another backup is at work in it, or the disk refused.</exception>
    internal static RepositoryFolder Open(string path)
    {
        RepositoryFolder? folder = null;
        try
        {
            Directory.CreateDirectory(path);
            folder = new RepositoryFolder(path, Lock(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            foreach (var unfinished in FilesOf(path).Where(IsUnfinished))
            {
                File.Delete(folder[unfinished]);
            }

            return folder;
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            folder?.Dispose();
            throw DiskFailure.Explain(e, path);
        }
    }

    /// <summary>Holds the folder against backups while it is read; null where none was ever made with a lock.</summary>
    /// <exception cref="MirrorException">A backup is at work in it.</exception>
    internal static IDisposable? LockForReading(string path) =>
        File.Exists(System.IO.Path.Combine(path, LockName)) ? Lock(path, FileMode.Open, FileAccess.Read, FileShare.Read) : null;

    /// <summary>The names of all files in the folder.</summary>
    internal static IEnumerable<string> FilesOf(string path) => Directory.EnumerateFiles(path).Select(file => System.IO.Path.GetFileName(file)!);

    /// <summary>Whether a run that was killed has left the file.</summary>
    internal static bool IsUnfinished(string file) => UnfinishedName().IsMatch(file);

    /// <summary>The absolute path of a file.</summary>
    internal string this[string file] => System.IO.Path.Combine(Path, file);

    /// <summary>The manifest; null when there is none.</summary>
    /// <exception cref="FormatException">It is damaged.</exception>
    /// <exception cref="NotSupportedException">A newer version of this program has written it.</exception>
    internal static BackupManifest? ReadManifest(string path)
    {
        var file = new FileInfo(System.IO.Path.Combine(path, ManifestName));
        return !file.Exists ? null
            : file.Length <= ManifestForm.MaxBytes ? ManifestForm.Read(File.ReadAllBytes(file.FullName))
            : throw new FormatException(FormattableString.Invariant($"it has {file.Length} bytes, more than any manifest"));
    }

    /// <summary>Puts the manifest in the place of the one before.</summary>
    internal Task WriteManifestAsync(BackupManifest manifest, CancellationToken cancellationToken) =>
        WriteAsync(
            ManifestName,
            async stream =>
            {
                await stream.WriteAsync(ManifestForm.Write(manifest), cancellationToken);
                return true;
            }
        );

    /// <summary>Gives a damaged manifest another name, so that nothing of it is lost. Returns the name.</summary>
    internal string SetManifestAside(DateTimeOffset now)
    {
        var name = FormattableString.Invariant($"{ManifestName}.{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}.damaged");
        File.Move(this[ManifestName], this[name], overwrite: true);
        return name;
    }

    /// <summary>Writes a file under a temporary name, brings it to the disk, and renames it then: it is there whole, or not at all.</summary>
    /// <param name="name">The name in the end.</param>
    /// <param name="write">Writes the contents, whose result is passed on.</param>
    internal async Task<T> WriteAsync<T>(string name, Func<FileStream, Task<T>> write)
    {
        var unfinished = this[$".{name}.{Guid.NewGuid():N}.tmp"];
        try
        {
            T result;
            var stream = new FileStream(
                unfinished,
                FileMode.CreateNew,
                FileAccess.Write,
                FileShare.None,
                bufferSize: 1 << 16,
                FileOptions.Asynchronous
            );
            await using (stream)
            {
                result = await write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(unfinished, this[name], overwrite: name == ManifestName);
            FlushName(this[name]);
            return result;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>
    /// Brings a new name to the disk. POSIX would have the folder flushed, but .NET opens no folder (<see cref="UnauthorizedAccessException"/>);
    /// flushing the file once more, under its new name, makes the file systems with a journal (ext4, XFS, Btrfs, NTFS, APFS) write the renaming down
    /// too.
    /// </summary>
    private static void FlushName(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Lets go of the folder.</summary>
    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string path, FileMode mode, FileAccess access, FileShare share)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, LockName), mode, access, share, bufferSize: 0);
        }
        catch (IOException e) when (DiskFailure.IsLocked(e))
        {
            throw new MirrorException(
                ErrorCode.DestinationForbidden,
                $"{path}: another backup is at work in this folder. Nothing was changed in it.",
                "Wait until it is done, and let no two runs write into one 'backup-dir' at a time (in a workflow: 'concurrency')."
            );
        }
    }

    /// <summary>Names of the hosts are of these characters; others could lead out of the folder.</summary>
    private static bool IsSafe(string name) => SafeName().IsMatch(name) && name is not ("." or "..");

    private static string Segment(string name) =>
        IsSafe(name)
            ? name
            : throw new MirrorException(
                ErrorCode.Protocol,
                $"The host lists the name '{name}', which is not taken for the name of a folder.",
                "Leave the repository out with 'exclude'."
            );

    [GeneratedRegex(@"^~?[A-Za-z0-9._-]{1,250}\z", RegexOptions.NonBacktracking)]
    private static partial Regex SafeName();

    [GeneratedRegex(@"^\.(?:manifest\.json|(?:full|incr)-[0-9TZ]+\.bundle)\.[0-9a-f]{32}\.tmp\z", RegexOptions.NonBacktracking)]
    private static partial Regex UnfinishedName();
}
