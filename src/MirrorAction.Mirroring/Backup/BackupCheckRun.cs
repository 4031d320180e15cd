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

    private IReadOnlyList<string> Find()
    {
        var found = BackupFolders.Find(backup.Folder, "checked");
        observer.Selected(found.Count, 0, null);
        try
        {
            _scratch = backup.Scratch is { } parent ? new ScratchFolder("check", parent, time.GetUtcNow(), observer.Log) : null;
            return found;
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            throw DiskFailure.Explain(e, backup.Folder);
        }
    }

    private string NameOf(string path) => BackupFolders.NameOf(backup.Folder, path);

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
