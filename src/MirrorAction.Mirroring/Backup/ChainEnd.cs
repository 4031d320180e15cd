using MirrorAction.Git.Bundles;
using MirrorAction.Git.Model;

namespace MirrorAction.Mirroring.Backup;

/// <summary>Finds out what the next bundle can follow.</summary>
internal static class ChainEnd
{
    /// <summary>
    /// The header of the last bundle; null when there is none, or its chain can't be continued, which is told. Looks at the lengths of the chain's
    /// files and at the last header; their contents are left to a check.
    /// </summary>
    internal static async Task<BundleHeader?> FindAsync(
        RepositoryFolder folder,
        BackupManifest manifest,
        ObjectFormat format,
        Action<string> warn,
        CancellationToken cancellationToken
    )
    {
        if (manifest.Chains is not [.., var chain])
        {
            return null;
        }

        foreach (var entry in chain.Files)
        {
            var file = new FileInfo(folder[entry.File]);
            if (!file.Exists || file.Length != entry.Bytes)
            {
                warn(
                    $"{entry.File} "
                        + $"{(file.Exists ? FormattableString.Invariant($"has {file.Length} bytes instead of {entry.Bytes}") : "is missing")}: "
                        + $"its chain can't be continued, a new one begins."
                );
                return null;
            }
        }

        var last = chain.Files[^1];
        try
        {
            var stream = new FileStream(folder[last.File], FileMode.Open, FileAccess.Read, FileShare.Read);
            await using (stream)
            {
                var header = await BundleFile.ReadHeaderAsync(stream, cancellationToken);
                return header.Refs.Count != last.Refs || header.Prerequisites.Count != last.Prerequisites
                        ? throw new GitProtocolException("its header is not the one that was written")
                    : header.ObjectFormat == format ? header
                    : throw new GitProtocolException(
                        $"its objects are named by {header.ObjectFormat.WireName()}, those of the source by {format.WireName()}"
                    );
            }
        }
        catch (GitProtocolException e)
        {
            warn($"{last.File} can't be followed ({e.Message}): a new chain begins.");
            return null;
        }
    }

    /// <summary>
    /// The manifest without what is no longer there, which is told of older chains: from the first missing file on, a chain brings nothing back.
    /// Files that are there stay where they are.
    /// </summary>
    internal static BackupManifest WithoutMissing(RepositoryFolder folder, BackupManifest manifest, Action<string> warn)
    {
        var present = folder.Bundles.ToHashSet(StringComparer.Ordinal);
        foreach (var missing in manifest.Chains.SkipLast(1).SelectMany(chain => chain.Files.Where(entry => !present.Contains(entry.File)).Take(1)))
        {
            warn($"{missing.File} is missing: what follows it in its chain can't be brought back, and is no longer listed.");
        }

        return manifest.Files.All(entry => present.Contains(entry.File))
            ? manifest
            : manifest with
            {
                Chains =
                [
                    .. manifest
                        .Chains.Select(chain => new BackupChain([.. chain.Files.TakeWhile(entry => present.Contains(entry.File))]))
                        .Where(chain => chain.Files.Count > 0),
                ],
            };
    }
}
