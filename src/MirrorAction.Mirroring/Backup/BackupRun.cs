using MirrorAction.Git.Lfs;
using MirrorAction.Git.Transport;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Mirroring.Backup;

/// <summary>Everything that a backup works with. The parts stay their makers'.</summary>
/// <param name="Source">Where repositories come from.</param>
/// <param name="Git">The connections to its git server.</param>
/// <param name="Options">Which repositories, and how they are asked for.</param>
/// <param name="Backup">Where to, and how much is kept.</param>
/// <param name="Observer">Who is told.</param>
/// <param name="Time">Clock and pauses.</param>
/// <param name="Version">The program's version, for the report.</param>
public sealed record BackupContext(
    IRepositorySource Source,
    GitHttp Git,
    MirrorOptions Options,
    BackupOptions Backup,
    IRunObserver Observer,
    TimeProvider Time,
    string Version
)
{
    /// <summary>What may be under way at a time, repositories and LFS objects together.</summary>
    internal TransferSlots Slots { get; } = new(Options.Concurrency);

    /// <summary>What the run has learnt of quotas for objects of Git LFS.</summary>
    internal LfsQuotas LfsQuotas { get; } = new();
}

/// <summary>Writes every selected repository of the owners as git bundles into a folder. One instance per run.</summary>
public sealed class BackupRun(BackupContext context)
{
    /// <summary>Runs to the end. Failures are in the report and never thrown; what is not reached before a cancellation is skipped.</summary>
    public async Task<RunReport> RunAsync(CancellationToken cancellationToken)
    {
        var frame = new RepositoryBatch(context.Options, context.Observer, context.Time)
        {
            Mode = "backup",
            Version = context.Version,
            Source = new ReportSource(context.Source.Host.Kind, context.Options.Owners),
            Destination = new ReportDestination("folder", context.Backup.Folder),
            Slots = context.Slots,
            RestRequests = () => context.Source.Requests,
        };
        RepositorySelection? selection = null;
        var renaming = new FolderRenaming(context);
        var report = await frame.RunAsync(
            async token =>
            {
                selection = await SelectAsync(token);
                var inShard = selection.Listed.Where(repository => context.Options.Shard?.Takes(repository) != false).ToList();
                renaming.Run(selection.WorkList.Items, [.. inShard, .. inShard.Select(selection.WikiOf).OfType<Repository>()]);
                return selection.WorkList;
            },
            (repository, log, token) =>
                new RepositoryBackup(context, repository, selection!.SettingsOf(repository).Refs, renaming, frame.Deadline, log).RunAsync(token),
            repository => RepositoryBackup.Left(repository) with { RenamedFrom = renaming.FormerOf(repository) },
            cancellationToken
        );
        return report with { Warnings = selection?.UnusedNames.Sentence is { } unused ? [unused] : [] };
    }

    private async Task<RepositorySelection> SelectAsync(CancellationToken cancellationToken)
    {
        MakeFolder();
        var listed = await OwnerListing.ReadAllAsync(context.Source, context.Options.Owners, cancellationToken);
        var selection = new RepositorySelection(listed, new([], []), context.Options, name => name);
        selection.RefuseMissedNames();
        if (selection.UnusedNames.Sentence is { } unused)
        {
            context.Observer.Log(new RunMessage(MessageLevel.Warning, unused));
        }

        context.Observer.Selected(selection.WorkList.Count, selection.LeftOut, context.Options.Shard);
        return selection;
    }

    /// <summary>A folder that can't be made is told once, and before any host is asked.</summary>
    private void MakeFolder()
    {
        try
        {
            Directory.CreateDirectory(context.Backup.Folder);
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            throw DiskFailure.Explain(e, context.Backup.Folder);
        }
    }
}

/// <summary>What a backup is asked. Immutable.</summary>
/// <param name="Folder">The folder for the bundles, absolute.</param>
public sealed record BackupOptions(string Folder)
{
    /// <summary>Bundles in a chain, the full one included; after so many the next chain begins. The default value is 30.</summary>
    public int FullEvery { get; init; } = 30;

    /// <summary>Chains that are kept of each repository; null keeps all. The default value is 2.</summary>
    public int? Keep { get; init; } = 2;

    /// <summary>
    /// A check brings each chain back below this existing folder for a moment, absolute, and has a second reader walk it; null reads the bundles
    /// alone.
    /// </summary>
    public string? Scratch { get; init; }
}
