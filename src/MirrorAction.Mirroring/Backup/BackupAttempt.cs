using MirrorAction.Git.Bundles;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Relay;
using MirrorAction.Git.Transport;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Lfs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Mirroring.Backup;

/// <summary>
/// One try at one repository: from a fresh listing of its refs to a manifest that names the new bundle. What a try leaves is whole, or nothing.
/// </summary>
internal sealed class BackupAttempt(GitHttp http, SourceJob job, BackupPlace place, TransferCounter counter, TimeProvider time, Action<string> warn)
{
    private readonly UploadPackClient _source = new(http, job.Source, counter);

    /// <summary>Counts the LFS objects of all attempts.</summary>
    internal LfsTally Lfs { get; init; } = new();

    /// <summary>Repetition has not helped: what can't be read is looked for among the refs.</summary>
    internal bool IsLastResort { get; init; }

    /// <summary>Runs the attempt.</summary>
    /// <exception cref="GitException">The source failed.</exception>
    /// <exception cref="MirrorException">The folder can't be used.</exception>
    internal async Task<BackupResult> RunAsync(CancellationToken cancellationToken)
    {
        var refs = (await _source.ListRefsAsync(job.Options.Patterns, cancellationToken)).WithDefaultBranch(job.DefaultBranch);
        if (!refs.Refs.Keys.Any(job.Options.Patterns.Includes))
        {
            if (File.Exists(Path.Combine(place.Path, RepositoryFolder.ManifestName)))
            {
                warn("The source lists no refs, but the backup has some; it is left as it is.");
            }

            return new BackupResult(null, null, IsFirst: false);
        }

        using var folder = RepositoryFolder.Open(place.Path);
        try
        {
            return await WriteAsync(folder, refs, cancellationToken);
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            throw DiskFailure.Explain(e, place.Path);
        }
    }

    private async Task<BackupResult> WriteAsync(RepositoryFolder folder, RemoteRefs refs, CancellationToken cancellationToken)
    {
        var listed = ReadManifest(folder);
        var adopted = await new UnlistedBundleRecovery(folder, job.Progress, warn).RunAsync(Named(listed, refs), cancellationToken);
        var last = IsAnother(listed) ? null : await ChainEnd.FindAsync(folder, adopted, refs.ObjectFormat, warn, cancellationToken);
        var isChainLong = adopted.Chains is [.., var chain] && chain.Files.Count >= place.Options.FullEvery;
        var plan = BundlePlan.Make(last, refs, job.Options.Patterns, isChainLong);
        try
        {
            return await CarryOutAsync(folder, refs, plan, listed, adopted, last is not null, cancellationToken);
        }
        catch (GitException e) when (UnreadableTips.MayExplain(e, IsLastResort))
        {
            var unreadable = await new UnreadableTips(_source, IsLastResort, job.Progress).FindAsync(
                [.. plan.Wants],
                plan.Header.Prerequisites,
                cancellationToken
            );

            // The chain goes on: only in it is what the source can't send any more.
            plan = BundlePlan.Make(last, refs, job.Options.Patterns, beginsChain: false, unreadable);
            if (plan.Header.Refs.Count == 0)
            {
                throw;
            }

            return await CarryOutAsync(folder, refs, plan, listed, adopted, last is not null, cancellationToken);
        }
        catch (GitException e) when (plan.Wants.Count > 1 && SourceFault.IsPossible(e))
        {
            e.BlameOneOfMany();
            throw;
        }
    }

    private async Task<BackupResult> CarryOutAsync(
        RepositoryFolder folder,
        RemoteRefs refs,
        BundlePlan plan,
        BackupManifest? listed,
        BackupManifest adopted,
        bool isContinued,
        CancellationToken cancellationToken
    )
    {
        var lfs = new LfsBackup(http, job, place.Path, counter, Lfs, time, warn) { IsLastResort = IsLastResort };
        adopted = adopted with { Lfs = await lfs.RunAsync(_source, refs, plan, adopted.Lfs, isContinued, cancellationToken) };
        if (plan.IsEmpty)
        {
            await SettleAsync(folder, listed, adopted, cancellationToken);
            return new BackupResult(plan, adopted.Chains[^1].Files[^1].File, IsFirst: false) { LfsFailures = [.. lfs.Failed.Values] };
        }

        var known = ChainEnd.WithoutMissing(folder, adopted, warn);
        var entry = await AddAsync(folder, plan, known, cancellationToken);
        await new BundleReadBack(folder, job.SourceName).RunAsync(entry, cancellationToken);

        // Only a chain that follows a full one makes an older one superfluous: one that begins because another broke, or the repository is another
        // one, does
        // not, nor does its growing. Not cancelled any more: the bundle is there and whole, and a moment later it is listed.
        var manifest = known.With(entry);
        var isNextChain = isContinued && plan.Kind == BundleKind.Full;
        await SettleAsync(folder, null, isNextChain ? manifest.KeepingLast(place.Options.Keep) : manifest, CancellationToken.None);
        return new BackupResult(plan, entry.File, known.Chains.Count == 0) { LfsFailures = [.. lfs.Failed.Values] };
    }

    /// <summary>The manifest that is there; null where there is none, or none that can be read.</summary>
    private BackupManifest? ReadManifest(RepositoryFolder folder)
    {
        try
        {
            var manifest = RepositoryFolder.ReadManifest(folder.Path);
            RefuseForeign(manifest);
            return manifest;
        }
        catch (FormatException e)
        {
            warn(
                $"{RepositoryFolder.ManifestName} is damaged: {e.Message}. It was set aside as "
                    + $"{folder.SetManifestAside(time.GetUtcNow())} and is made anew from the bundles."
            );
            return null;
        }
        catch (NotSupportedException e)
        {
            throw new MirrorException(
                ErrorCode.DamagedBackup,
                $"{folder[RepositoryFolder.ManifestName]}: {e.Message}. Nothing was changed.",
                "A newer version of this program has written it: use that, or another 'backup-dir'."
            );
        }
    }

    private void RefuseForeign(BackupManifest? manifest)
    {
        var repository = place.Repository;
        var isOfHost = manifest is not null && manifest.Host == place.Host && manifest.MayBeOf(repository.HostName);
        if (manifest is not null && (!isOfHost || (manifest.Repository != repository.FullName && manifest.Id != repository.Id)))
        {
            throw new MirrorException(
                ErrorCode.NameCollision,
                $"{place.Path} holds the backup of {manifest.Repository} of {manifest.Host} ({manifest.ServerName}, id {manifest.Id}), "
                    + $"not of {repository.FullName} of {place.Host} ({repository.HostName}, id {repository.Id}). Nothing was changed.",
                "Use another 'backup-dir' for each host, and leave all but one of the repositories out whose names differ in case only."
            );
        }
    }

    /// <summary>
    /// A repository that was deleted and made again has its old one's name. What is there of the old one stays, in chains of its own.
    /// </summary>
    private bool IsAnother(BackupManifest? manifest)
    {
        var isAnother = manifest is not null && manifest.Id != place.Repository.Id;
        if (isAnother)
        {
            warn(
                $"{job.SourceName} is another repository than the one of this name before (its id was "
                    + $"{manifest!.Id}, now it is {place.Repository.Id}): a new chain begins."
            );
        }

        return isAnother;
    }

    /// <summary>What the source's host says of the repository now, with the chains of the manifest.</summary>
    private BackupManifest Named(BackupManifest? manifest, RemoteRefs refs) =>
        new()
        {
            SchemaVersion = BackupManifest.CurrentVersion,
            Repository = place.Repository.FullName,
            Host = place.Host,
            HostName = place.Repository.HostName,
            Owner = place.Repository.Owner,
            Id = place.Repository.Id,
            Description = place.Repository.Description,
            Private = place.Repository.IsPrivate,
            DefaultBranch = refs.Head is { IsBranch: true } head ? head.ShortName : place.Repository.DefaultBranch,
            ObjectFormat = refs.ObjectFormat.WireName(),
            Chains = manifest?.Chains ?? [],
            Removed = manifest?.Removed ?? [],
            Lfs = manifest?.Lfs,
        };

    private async Task<BundleEntry> AddAsync(RepositoryFolder folder, BundlePlan plan, BackupManifest manifest, CancellationToken cancellationToken)
    {
        var createdAt = BundleName.NextTime(time.GetUtcNow(), folder.Bundles.Concat(manifest.Removed));
        var name = BundleName.For(plan.Kind, createdAt);
        using var pack =
            plan.Wants.Count == 0
                ? null
                : await _source.FetchAsync(
                    new FetchRequest
                    {
                        Wants = plan.Wants,
                        Haves = plan.Header.Prerequisites,
                        ThinPack = plan.Header.Prerequisites.Count > 0,
                        OfsDelta = true,
                    },
                    cancellationToken
                );
        var facts = await folder.WriteAsync(
            name,
            async stream =>
            {
                var written = await BundleFile.WriteAsync(stream, plan.Header, pack, job.Progress, cancellationToken);
                await stream.FlushAsync(cancellationToken);
                return stream.Length == written.Bytes
                    ? written
                    : throw new IOException(FormattableString.Invariant($"{name} has {stream.Length} bytes after {written.Bytes} were written"));
            }
        );
        return new BundleEntry
        {
            File = name,
            Kind = plan.Kind,
            CreatedAt = createdAt,
            Bytes = facts.Bytes,
            Sha256 = facts.Sha256,
            Objects = facts.Objects,
            Refs = plan.Header.Refs.Count,
            Prerequisites = plan.Header.Prerequisites.Count,
        };
    }

    /// <summary>
    /// Brings the manifest to the disk, and only then deletes what it no longer names. What can't be deleted stays on its list, for the next backup.
    /// </summary>
    private async Task SettleAsync(RepositoryFolder folder, BackupManifest? written, BackupManifest manifest, CancellationToken cancellationToken)
    {
        var here = manifest with { Removed = [.. manifest.Removed.Where(file => File.Exists(folder[file]))] };
        if (written is null || !ManifestForm.Write(written).AsSpan().SequenceEqual(ManifestForm.Write(here)))
        {
            await folder.WriteManifestAsync(here, cancellationToken);
        }

        foreach (var file in here.Removed)
        {
            try
            {
                File.Delete(folder[file]);
            }
            catch (Exception e) when (DiskFailure.Is(e))
            {
                warn($"{file} is of a chain that is no longer kept, and could not be deleted: {e.Message}");
            }
        }
    }
}

/// <summary>Where the backup of a repository goes. Immutable.</summary>
/// <param name="Repository">As its host lists it.</param>
/// <param name="Host">The host's name.</param>
/// <param name="Path">The repository's folder, absolute.</param>
/// <param name="Options">What the backup is asked.</param>
internal sealed record BackupPlace(Repository Repository, string Host, string Path, BackupOptions Options);

/// <summary>What an attempt came to. Immutable.</summary>
/// <param name="Plan">What was written, or found to be written already; null for an empty source.</param>
/// <param name="File">The last bundle; null for an empty source.</param>
/// <param name="IsFirst">It is the first one of the repository.</param>
internal sealed record BackupResult(BundlePlan? Plan, string? File, bool IsFirst)
{
    /// <summary>LFS objects that could not be had, though the source should have them.</summary>
    public IReadOnlyList<string> LfsFailures { get; init; } = [];
}
