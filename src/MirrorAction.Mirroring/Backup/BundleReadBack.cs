using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Backup;

/// <summary>
/// Reads a bundle that was just written, before anything relies on it: the manifest names it, and an older chain goes, only after that. It is read as
/// the system gives it back, which may be from memory; whether the disk keeps it, a later check tells.
/// </summary>
/// <param name="folder">Where it is.</param>
/// <param name="sourceName">Where it came from, for messages.</param>
internal sealed class BundleReadBack(RepositoryFolder folder, string sourceName)
{
    /// <summary>Each reader of a full bundle holds the index of its pack, and more of them than processors are no quicker.</summary>
    private static readonly SemaphoreSlim s_turns = new(Environment.ProcessorCount);

    /// <summary>
    /// Holds the file against what was written, byte by byte, and reads a full one as a check does, to its last object. What an incremental one
    /// stands on is left to a check.
    /// </summary>
    /// <param name="written">The bundle, as it was written.</param>
    /// <param name="cancellationToken">Ends the reading; the bundle stays, for the next run to take in.</param>
    /// <exception cref="MirrorException">It is damaged. It was removed.</exception>
    internal async Task RunAsync(BundleEntry written, CancellationToken cancellationToken)
    {
        await s_turns.WaitAsync(cancellationToken);
        try
        {
            if (await FindDamageAsync(written, cancellationToken) is { } damage)
            {
                File.Delete(folder[written.File]);
                throw new MirrorException(damage);
            }
        }
        finally
        {
            s_turns.Release();
        }
    }

    private async Task<RepositoryError?> FindDamageAsync(BundleEntry written, CancellationToken cancellationToken)
    {
        using var reader = new ChainReader(folder.Path, progress: null);
        (long Bytes, string Sha256) found;
        try
        {
            found = await reader.HashAsync(written.File, cancellationToken);
        }
        catch (DamagedBundleException e)
        {
            return OfDisk(written, e.Message);
        }

        if (found != (written.Bytes, written.Sha256))
        {
            return OfDisk(written, $"its SHA-256 is {found.Sha256}, and {written.Sha256} was written");
        }

        if (written.Kind == BundleKind.Incremental)
        {
            return null;
        }

        try
        {
            await reader.ReadAsync(written.File, found, cancellationToken);
            return null;
        }
        catch (DamagedBundleException e)
        {
            return new RepositoryError(
                ErrorCode.DamagedBackup,
                $"The full bundle of {sourceName} is not whole: {e.Message}. It was removed; the bundles before it stay.",
                "The file is as it arrived, so the repository itself may be damaged at its host: clone it, and run 'git fsck' there."
            );
        }
    }

    private RepositoryError OfDisk(BundleEntry written, string why) =>
        new(
            ErrorCode.DamagedBackup,
            $"{folder[written.File]} did not come back as it was written: {why}. It was removed; the bundles before it stay.",
            "The disk, or something between it and this program, changes what is written: check it, or use another 'backup-dir'."
        );
}
