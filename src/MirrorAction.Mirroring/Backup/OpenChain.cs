using MirrorAction.Git.Bundles;
using MirrorAction.Git.Lfs;
using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Backup;

/// <summary>
/// The last chain of one repository, read and found whole, from which the repository can be brought back. Its folder is held against backups until
/// disposed.
/// </summary>
internal sealed class OpenChain : IDisposable
{
    private readonly IDisposable? _held;
    private readonly ChainReader _reader;
    private readonly BackupManifest _manifest;
    private readonly string _name;

    private OpenChain(string name, string path, BackupManifest manifest, ChainReader reader, IDisposable? held)
    {
        (_name, _manifest, _reader, _held) = (name, manifest, reader, held);
        var folder = Path.Combine(path, LfsBackup.FolderName);
        Lfs = manifest.Lfs is { Objects.Count: > 0 } or { Missing.Count: > 0 } || Directory.Exists(folder) ? new LfsFolder(folder) : null;
    }

    /// <summary>Reads the chain from its first byte to the last, as a check does.</summary>
    /// <param name="root">The backup's folder.</param>
    /// <param name="path">The repository's folder in it.</param>
    /// <param name="progress">Called for bytes that were read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="MirrorException">It is not whole, a backup is at work in the folder, or the disk refused.</exception>
    internal static async Task<OpenChain> ReadAsync(string root, string path, Action<long>? progress, CancellationToken cancellationToken)
    {
        var name = BackupFolders.NameOf(root, path);
        IDisposable? held = null;
        ChainReader? reader = null;
        try
        {
            BackupLinks.Refuse(root, path);
            held = RepositoryFolder.LockForReading(path);
            var manifest = ReadManifest(path, name);
            reader = new ChainReader(path, progress);
            await CheckAsync(manifest, manifest.Chains[^1], reader, name, cancellationToken);
            var chain = new OpenChain(name, path, manifest, reader, held);
            (held, reader) = (null, null);
            return chain;
        }
        catch (DamagedChainException e)
        {
            throw await ExplainAsync(e, path, name, progress, cancellationToken);
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            throw DiskFailure.Explain(e, path);
        }
        finally
        {
            reader?.Dispose();
            held?.Dispose();
        }
    }

    /// <summary>The objects of Git LFS beside the bundles, as many as are still there; null where there never were any.</summary>
    internal LfsFolder? Lfs { get; }

    /// <summary>The chain as a repository that is read; valid until this is disposed, one at a time.</summary>
    internal IFetchSource Open(GitHttpOptions options) =>
        new BundleRepository($"the backup of {_name}", _reader.Header, DefaultBranch, _reader.Packs, options);

    /// <summary>Closes the files and lets go of the folder.</summary>
    public void Dispose()
    {
        _reader.Dispose();
        _held?.Dispose();
    }

    private RefName? DefaultBranch =>
        _manifest.DefaultBranch is { } branch ? RefName.ListedBranch(branch, _reader.Header.Refs.Select(r => r.Name)) : null;

    private static BackupManifest ReadManifest(string path, string name)
    {
        const string Hint =
            "Take the file from another copy of the backup. Without it git itself brings the bundles back: 'git clone' of the full one, and 'git "
            + "fetch' of those that follow it, in the order of their names.";
        try
        {
            return RepositoryFolder.ReadManifest(path) switch
            {
                null => throw new FormatException("it is missing"),
                { Chains.Count: 0 } => throw new FormatException("it lists no bundle"),
                var manifest => manifest,
            };
        }
        catch (FormatException e)
        {
            throw new MirrorException(
                ErrorCode.DamagedBackup,
                $"{name}/{RepositoryFolder.ManifestName} can't be used: {e.Message}. Nothing was pushed.",
                Hint
            );
        }
        catch (NotSupportedException e)
        {
            throw new MirrorException(
                ErrorCode.DamagedBackup,
                $"{name}/{RepositoryFolder.ManifestName} can't be used: {e.Message}. Nothing was pushed.",
                "A newer version of this program has written it: use that one."
            );
        }
    }

    private static async Task CheckAsync(
        BackupManifest manifest,
        BackupChain chain,
        ChainReader reader,
        string name,
        CancellationToken cancellationToken
    )
    {
        var whole = 0;
        foreach (var listed in chain.Files)
        {
            try
            {
                await BundleCheck.RunAsync(manifest, listed, reader, cancellationToken);
                whole++;
            }
            catch (DamagedBundleException e)
            {
                throw new DamagedChainException($"{name}/{listed.File}: {e.Message}", manifest, chain, whole);
            }
        }
    }

    /// <summary>What is wrong, and what is left that can be brought back.</summary>
    private static async Task<MirrorException> ExplainAsync(
        DamagedChainException damage,
        string path,
        string name,
        Action<long>? progress,
        CancellationToken cancellationToken
    )
    {
        var left =
            damage.Whole > 0 ? $"The chain is whole up to {damage.Chain.Files[damage.Whole - 1].File}" : "Nothing of its chain can be relied on";
        foreach (var older in damage.Manifest.Chains.SkipLast(1).Reverse())
        {
            using var reader = new ChainReader(path, progress);
            try
            {
                await CheckAsync(damage.Manifest, older, reader, name, cancellationToken);
                left += $"; the older chain is whole, {older.Files[0].File} to {older.Files[^1].File}";
                break;
            }
            catch (DamagedChainException)
            {
                // An older one may be whole.
            }
        }

        return new MirrorException(
            ErrorCode.DamagedBackup,
            $"{damage.Message}. {left}. Nothing was pushed.",
            "Take the file from another copy of the backup and run again. Where there is none, git itself brings back what is whole: 'git clone "
                + "--mirror' of the full bundle, 'git fetch' of each that follows it as far as it is whole, and a push to an empty repository."
        );
    }

    /// <summary>A bundle is not what it should be, behind so many of its chain that are whole.</summary>
    private sealed class DamagedChainException(string message, BackupManifest manifest, BackupChain chain, int whole) : Exception(message)
    {
        internal BackupManifest Manifest => manifest;

        internal BackupChain Chain => chain;

        internal int Whole => whole;
    }
}
