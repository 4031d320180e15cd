namespace MirrorAction.Mirroring.Backup;

/// <summary>
/// Takes whole bundles into the manifest that it does not name: the last one of a run that was killed before it could, and all of them where the
/// manifest was lost. Each is read to its last object before.
/// </summary>
internal sealed class UnlistedBundleRecovery(RepositoryFolder folder, Action<long>? progress, Action<string> tell)
{
    /// <summary>The manifest with what could be taken in; the same one when there was nothing.</summary>
    internal async Task<BackupManifest> RunAsync(BackupManifest manifest, CancellationToken cancellationToken)
    {
        var last = manifest.Files.LastOrDefault()?.CreatedAt ?? DateTime.MinValue;
        var removed = manifest.Removed.ToHashSet(StringComparer.Ordinal);
        var unlisted = folder.Bundles.Where(file => !removed.Contains(file) && TimeOf(file) > last).OrderBy(TimeOf).ToList();
        foreach (var chain in Chains(unlisted))
        {
            manifest = await AdoptAsync(manifest, chain, cancellationToken);
        }

        return manifest;
    }

    private static DateTime TimeOf(string file) => BundleName.TryParse(file, out _, out var time) ? time : default;

    private static bool IsFull(string file) => BundleName.TryParse(file, out var kind, out _) && kind == BundleKind.Full;

    /// <summary>What continues the last listed chain first, then each new one.</summary>
    private static IEnumerable<List<string>> Chains(List<string> files)
    {
        for (var i = 0; i < files.Count; )
        {
            var chain = files.Skip(i).TakeWhile((file, k) => k == 0 || !IsFull(file)).ToList();
            yield return chain;
            i += chain.Count;
        }
    }

    private async Task<BackupManifest> AdoptAsync(BackupManifest manifest, List<string> chain, CancellationToken cancellationToken)
    {
        using var reader = new ChainReader(folder.Path, progress);
        var listed = IsFull(chain[0]) || manifest.Chains.Count == 0 ? [] : manifest.Chains[^1].Files.Select(entry => entry.File);
        foreach (var file in listed.Concat(chain))
        {
            try
            {
                var facts = await reader.HashAsync(file, cancellationToken);
                var entry = await reader.ReadAsync(file, facts, cancellationToken);
                if (chain.Contains(file))
                {
                    manifest = manifest.With(entry);
                    tell($"{file} was not in {RepositoryFolder.ManifestName}, is whole, and was taken into it.");
                }
            }
            catch (DamagedBundleException e)
            {
                tell(
                    $"{string.Join(", ", chain.SkipWhile(name => chain.Contains(file) && name != file))}: "
                        + $"not in {RepositoryFolder.ManifestName}, and not taken into it because of {file}: {e.Message}."
                );
                break;
            }
        }

        return manifest;
    }
}
