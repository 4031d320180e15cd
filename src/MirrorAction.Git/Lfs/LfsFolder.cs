using System.Security.Cryptography;

namespace MirrorAction.Git.Lfs;

/// <summary>
/// Objects in a folder, in the layout that git-lfs itself has below <c>.git/lfs</c>: <c>objects/4d/7a/4d7a2146…</c>. A file is there under its name
/// only when it is whole and on the disk.
/// </summary>
/// <param name="folder">The folder <c>lfs</c>, absolute; made when the first object comes.</param>
/// <param name="progress">Called for bytes that were written; null for nobody.</param>
public sealed class LfsFolder(string folder, Action<long>? progress = null) : ILfsStore, ILfsSource
{
    /// <inheritdoc/>
    public string Name => folder;

    /// <inheritdoc cref="ILfsStore.Account"/>
    public string? Account => null;

    private string Unfinished => Path.Combine(folder, "tmp");

    /// <summary>Where an object lies.</summary>
    public string PathOf(LfsPointer pointer) => Path.Combine(folder, "objects", pointer.Oid[..2], pointer.Oid[2..4], pointer.Oid);

    /// <inheritdoc/>
    public Task<IReadOnlyCollection<LfsPointer>> FindMissingAsync(IReadOnlyCollection<LfsPointer> objects, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyCollection<LfsPointer>>([
            .. objects.Where(o => new FileInfo(PathOf(o)) is not { Exists: true } file || file.Length != o.Size),
        ]);

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk refused.</exception>
    public async Task StoreAsync(LfsPointer pointer, Stream contents, string from, bool isAgain, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Unfinished);
        var unfinished = Path.Combine(Unfinished, $"{pointer.Oid}-{Guid.NewGuid():N}");
        try
        {
            await using (var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous))
            {
                await LfsContents.CopyAsync(contents, file, pointer, from, static () => false, progress, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            var path = PathOf(pointer);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <inheritdoc/>
    public Task PrepareAsync(IReadOnlyCollection<LfsPointer> objects, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public bool Has(LfsPointer pointer) => File.Exists(PathOf(pointer));

    /// <inheritdoc/>
    /// <remarks>What it holds is judged by whoever reads it to its end.</remarks>
    public Task<Stream> OpenAsync(LfsPointer pointer, bool isAgain, CancellationToken cancellationToken)
    {
        try
        {
            const FileOptions Options = FileOptions.Asynchronous | FileOptions.SequentialScan;
            return Task.FromResult<Stream>(new FileStream(PathOf(pointer), FileMode.Open, FileAccess.Read, FileShare.Read, 1, Options));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new LfsObjectException($"{folder} does not have the LFS object {pointer.Oid}", isMissing: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LfsObjectException($"The LFS object {pointer.Oid} can't be read: {e.Message}");
        }
    }

    /// <summary>Removes what a run that was killed has left unfinished.</summary>
    public void RemoveUnfinished()
    {
        if (Directory.Exists(Unfinished))
        {
            Directory.Delete(Unfinished, recursive: true);
        }
    }

    /// <summary>Reads an object's file.</summary>
    /// <returns>What is wrong with it, as the end of a sentence; null when nothing is.</returns>
    /// <exception cref="IOException">The disk refused.</exception>
    public async Task<string?> FindDamageAsync(LfsPointer pointer, CancellationToken cancellationToken)
    {
        var info = new FileInfo(PathOf(pointer));
        if (!info.Exists)
        {
            return "is gone";
        }

        if (info.Length != pointer.Size)
        {
            return FormattableString.Invariant($"has {info.Length} bytes instead of {pointer.Size}");
        }

        await using var file = new FileStream(info.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous);
        var oid = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        progress?.Invoke(info.Length);
        return oid == pointer.Oid ? null : $"holds something else, whose SHA-256 is {oid}";
    }
}
