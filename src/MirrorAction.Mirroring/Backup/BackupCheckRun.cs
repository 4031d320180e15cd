using System.IO.Enumeration;
using MirrorAction.Mirroring.Proof;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Mirroring.Backup;

/// <summary>Checks every backup in a folder, without the network and without credentials. Changes nothing. One instance per run.</summary>
/// <param name="options">How long, and how many at a time.</param>
/// <param name="backup">The folder.</param>
/// <param name="observer">Who is told.</param>
/// <param name="time">The clock.</param>
/// <param name="version">The program's version, for the report.</param>
public sealed class BackupCheckRun(MirrorOptions options, BackupOptions backup, IRunObserver observer, TimeProvider time, string version)
{
    private ScratchFolder? _scratch;

    /// <summary>Runs to the end. Damage is in the report and never thrown.</summary>
    public async Task<RunReport> RunAsync(CancellationToken cancellationToken)
    {
        // More than the processors at a time is no quicker, and each one holds the index of its packs in memory.
        var frame = new RepositoryBatch(
            options with
            {
                Concurrency = Math.Min(options.Concurrency, Environment.ProcessorCount),
                Shard = null,
            },
            observer,
            time
        )
        {
            Mode = "backup",
            Version = version,
            Source = new ReportSource("folder", []),
            Destination = new ReportDestination("folder", backup.Folder),
            RestRequests = () => 0,
        };
        try
        {
            var report = await frame.RunAsync(_ => Task.FromResult(new WorkList<string>(Find(), [])), CheckAsync, Left, cancellationToken);
            return report with { Variant = "check" };
        }
        finally
        {
            _scratch?.Dispose();
        }
    }

    /// <summary>
    /// Every folder that holds a manifest, a bundle or a link, and every link to a folder: those are refused, not passed over as if they were no
    /// backup.
    /// </summary>
    private string[] Find()
    {
        try
        {
            string[] found = Directory.Exists(backup.Folder)
                ?
                [
                    .. Entries()
                        .Where(entry => entry.IsLink || (!entry.IsFolder && IsOfBackup(Path.GetFileName(entry.Path))))
                        .Select(entry => entry.IsFolder ? entry.Path : Path.GetDirectoryName(entry.Path)!)
                        .Distinct(StringComparer.Ordinal)
                        .Order(StringComparer.Ordinal),
                ]
                : [];
            observer.Selected(found.Length, 0, null);
            if (found.Length == 0)
            {
                throw new MirrorException(
                    ErrorCode.DamagedBackup,
                    $"There is no {RepositoryFolder.ManifestName} and no bundle below {backup.Folder}: nothing could be checked.",
                    "Is 'backup-dir' the folder that the backups were written to, and is its disk mounted?"
                );
            }

            _scratch = backup.Scratch is { } parent ? new ScratchFolder("check", parent, time.GetUtcNow(), observer.Log) : null;
            return found;
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            throw DiskFailure.Explain(e, backup.Folder);
        }
    }

    /// <summary>Everything below the folder but what is behind links.</summary>
    private FileSystemEnumerable<(string Path, bool IsFolder, bool IsLink)> Entries() =>
        new(
            backup.Folder,
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

    private string NameOf(string path) => Path.GetRelativePath(backup.Folder, path).Replace('\\', '/');

    private RepositoryReport Left(string path) =>
        new()
        {
            Source = NameOf(path),
            Destination = NameOf(path),
            Status = RepositoryStatus.Skipped,
        };

    private async Task<RepositoryReport> CheckAsync(string path, RunLog log, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        var name = NameOf(path);
        RepositoryReport report;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            observer.Started(name);
            report = await new FolderCheck(backup.Folder, path, bytes => observer.Transferred(name, bytes), _scratch, time).RunAsync(
                cancellationToken
            );
        }
        catch (Exception e)
        {
            report = Left(path) with { Status = RepositoryStatus.Failed, Error = FailureTranslator.ToError(e) };
        }

        foreach (var warning in report.Warnings)
        {
            log.Add(new RunMessage(MessageLevel.Warning, warning));
        }

        if (report.SecondReading is { } reading)
        {
            log.Add(new RunMessage(MessageLevel.Info, SecondReader.Describe(reading)));
        }

        return report with
        {
            DurationMs = (long)time.GetElapsedTime(startedAt).TotalMilliseconds,
        };
    }
}
