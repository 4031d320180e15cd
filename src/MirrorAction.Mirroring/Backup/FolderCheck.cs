using System.Globalization;
using MirrorAction.Git.Lfs;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Proof;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Backup;

/// <summary>
/// Checks the folder of one repository against its manifest: every file, every object, every ref; a deep check has a second reader walk what each
/// bundle brings back. Changes nothing, and needs no network.
/// </summary>
/// <param name="root">The backup's folder.</param>
/// <param name="path">The repository's folder in it.</param>
/// <param name="progress">Called for bytes that were read.</param>
/// <param name="scratch">Where a deep check brings chains back; null for a check of the bundles alone.</param>
/// <param name="time">The clock.</param>
internal sealed class FolderCheck(string root, string path, Action<long> progress, ScratchFolder? scratch, TimeProvider time)
{
    private readonly List<string> _problems = [];
    private readonly List<string> _warnings = [];
    private readonly List<string> _whole = [];
    private readonly List<SecondReading> _readings = [];
    private string? _hint;
    private LfsReport? _lfs;

    /// <summary>The folder below the backup's, with slashes.</summary>
    private string Name => BackupFolders.NameOf(root, path);

    /// <summary>Checks everything.</summary>
    /// <exception cref="MirrorException">A backup is at work in the folder, or the disk can't be read.</exception>
    internal async Task<RepositoryReport> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            BackupLinks.Refuse(root, path);
            using var held = RepositoryFolder.LockForReading(path);
            var manifest = ReadManifest();
            if (manifest is not null)
            {
                foreach (var chain in manifest.Chains)
                {
                    await CheckAsync(manifest, chain, cancellationToken);
                }

                await CheckLfsAsync(manifest.Lfs, cancellationToken);
                WarnOfOthers(manifest);
            }

            return Report(manifest);
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            throw DiskFailure.Explain(e, path);
        }
    }

    /// <summary>Every object is read and hashed.</summary>
    private async Task CheckLfsAsync(LfsEntries? lfs, CancellationToken cancellationToken)
    {
        var folder = new LfsFolder(Path.Combine(path, LfsBackup.FolderName), progress);
        foreach (var entry in lfs?.Objects ?? [])
        {
            if (await folder.FindDamageAsync(entry.Pointer, cancellationToken) is { } damage)
            {
                _problems.Add($"the LFS object {entry.Oid} {damage}");
                _hint =
                    "Take the file from another copy of the backup, or move it out of the folder and take the object out of the list in "
                    + $"{RepositoryFolder.ManifestName}, from objects to missing: the next backup gets it again.";
            }
        }

        if (lfs?.Missing is { Count: > 0 } missing)
        {
            _warnings.Add($"{NameList.Of([.. missing.Select(e => e.Oid)], 5)}: the source could not give these objects of Git LFS.");
        }

        _lfs = lfs is null
            ? null
            : new LfsReport(lfs.Objects.Count + lfs.Missing.Count, lfs.Objects.Count, lfs.Objects.Sum(e => e.Bytes), lfs.Missing.Count);
    }

    private BackupManifest? ReadManifest()
    {
        try
        {
            var manifest = RepositoryFolder.ReadManifest(path);
            if (manifest is null)
            {
                _problems.Add($"there are bundles, but no {RepositoryFolder.ManifestName}");
            }
            else if (manifest.Chains.Count == 0)
            {
                _problems.Add($"{RepositoryFolder.ManifestName} lists no bundle");
            }

            return manifest;
        }
        catch (Exception e) when (e is FormatException or NotSupportedException)
        {
            _problems.Add($"{RepositoryFolder.ManifestName} can't be used: {e.Message}");
            return null;
        }
    }

    private async Task CheckAsync(BackupManifest manifest, BackupChain chain, CancellationToken cancellationToken)
    {
        using var reader = new ChainReader(path, progress);
        using var proof = scratch is null ? null : new ChainProof(reader, scratch, time);
        var last = "";
        foreach (var listed in chain.Files)
        {
            try
            {
                await BundleCheck.RunAsync(manifest, listed, reader, cancellationToken);
                await (proof?.ReadLastAsync(cancellationToken) ?? Task.CompletedTask);
                last = listed.File;
            }
            catch (DamagedBundleException e)
            {
                _problems.Add(
                    $"{listed.File}: {e.Message}. "
                        + $"{(last.Length == 0 ? "Nothing of its chain can be relied on" : $"The chain is whole up to {last}: restore until there")}"
                );
                _hint = e.Hint;
                return;
            }
        }

        _readings.AddRange(new[] { proof?.Reading }.OfType<SecondReading>());
        if (proof?.Unread is { } unread && !_warnings.Contains(unread))
        {
            _warnings.Add(unread);
        }

        _whole.Add(chain.Files.Count == 1 ? last : $"{chain.Files[0].File} to {last}");
    }

    private void WarnOfOthers(BackupManifest manifest)
    {
        var listed = manifest.Files.Select(entry => entry.File).ToHashSet(StringComparer.Ordinal);
        foreach (var file in RepositoryFolder.FilesOf(path).Where(file => !listed.Contains(file)).Order(StringComparer.Ordinal))
        {
            if (manifest.Removed.Contains(file) || RepositoryFolder.IsUnfinished(file))
            {
                _warnings.Add($"{file} is left over; the next backup removes it.");
            }
            else if (file is not (RepositoryFolder.ManifestName or RepositoryFolder.LockName))
            {
                _warnings.Add($"{file} is not in {RepositoryFolder.ManifestName} and was not checked.");
            }
        }
    }

    private RepositoryReport Report(BackupManifest? manifest)
    {
        var last = manifest?.Files.LastOrDefault();
        var isWhole = _problems.Count == 0;
        var whole = _whole.Count > 0 ? $" Whole: {string.Join(", ", _whole)}." : "";
        return new RepositoryReport
        {
            Source = Name,
            Destination = last is null ? Name : $"{Name}/{last.File}",
            Description = manifest?.Description ?? "",
            Status = isWhole ? RepositoryStatus.Unchanged : RepositoryStatus.Failed,
            Verified = isWhole,
            Attempts = 1,
            Refs = new RefCounts { Unchanged = isWhole ? last!.Refs : 0 },
            Warnings = _warnings,
            Lfs = _lfs,
            SecondReading =
                _readings.Count == 0 || !isWhole
                    ? null
                    : new SecondReading(_readings[0].Reader, _readings.Sum(r => r.Objects), _readings.Sum(r => r.DurationMs)),
            Error = isWhole
                ? null
                : new RepositoryError(
                    ErrorCode.DamagedBackup,
                    $"{string.Join(". ", _problems)}.{whole}",
                    _hint is not null && _problems.Count == 1 ? _hint
                        : manifest is null
                            ? "The next backup reads the bundles and writes the manifest anew. Until then restore from "
                                + "full-….bundle and the incr-….bundle files that follow it, in the order of their names."
                        : "Take the file from another copy of the backup. Where there is "
                            + "none, move it out of the folder: the next backup begins a new chain."
                ),
        };
    }
}

/// <summary>Holds one bundle of a chain against what the manifest says of it, and reads it as a restore would.</summary>
internal static class BundleCheck
{
    /// <summary>Reads the next bundle of the chain: its length and SHA-256, its header, every object and every ref.</summary>
    /// <param name="manifest">The whole manifest, for a file that is in the place of another.</param>
    /// <param name="listed">What it says of this one.</param>
    /// <param name="reader">Has read the bundles before it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="DamagedBundleException">It is not what was written.</exception>
    internal static async Task RunAsync(BackupManifest manifest, BundleEntry listed, ChainReader reader, CancellationToken cancellationToken)
    {
        var facts = await reader.HashAsync(listed.File, cancellationToken);
        var isAsWritten = facts == (listed.Bytes, listed.Sha256);
        BundleEntry found;
        try
        {
            found = await reader.ReadAsync(listed.File, facts, cancellationToken);
        }
        catch (DamagedBundleException e) when (!isAsWritten)
        {
            throw new DamagedBundleException($"{Difference(manifest, listed, facts)}; {e.Message}");
        }

        if (!isAsWritten)
        {
            throw new DamagedBundleException($"{Difference(manifest, listed, facts)}, although it is whole in itself: one of the two was changed");
        }

        if (found != listed with { CreatedAt = found.CreatedAt })
        {
            throw new DamagedBundleException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"it has {found.Objects} objects, {found.Refs} refs and {found.Prerequisites} "
                        + $"prerequisites, the manifest says {listed.Objects}, {listed.Refs} and {listed.Prerequisites}"
                )
            );
        }
    }

    /// <summary>How the file differs from what the manifest says of it, and whether it is another one of the manifest's files.</summary>
    private static string Difference(BackupManifest manifest, BundleEntry listed, (long Bytes, string Sha256) facts)
    {
        var difference =
            facts.Bytes == listed.Bytes
                ? $"its SHA-256 is {facts.Sha256}, the manifest says {listed.Sha256}"
                : FormattableString.Invariant($"it has {facts.Bytes} bytes, the manifest says {listed.Bytes}");
        return manifest.Files.FirstOrDefault(other => other.Sha256 == facts.Sha256) is { } twin
            ? $"{difference} (it holds what should be {twin.File})"
            : difference;
    }
}
