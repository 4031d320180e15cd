using System.Globalization;

namespace MirrorAction.Mirroring.Backup;

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
