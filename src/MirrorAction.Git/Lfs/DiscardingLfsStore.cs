namespace MirrorAction.Git.Lfs;

/// <summary>A store that keeps nothing: what goes to it is read to its end and hashed, which proves that it could be had.</summary>
/// <param name="progress">Called for bytes that were read; null for nobody.</param>
public sealed class DiscardingLfsStore(Action<long>? progress = null) : ILfsStore
{
    /// <inheritdoc/>
    public string? Account => null;

    /// <inheritdoc/>
    public Task<IReadOnlyCollection<LfsPointer>> FindMissingAsync(IReadOnlyCollection<LfsPointer> objects, CancellationToken cancellationToken) =>
        Task.FromResult(objects);

    /// <inheritdoc/>
    public Task StoreAsync(LfsPointer pointer, Stream contents, string from, bool isAgain, CancellationToken cancellationToken) =>
        LfsContents.CopyAsync(contents, Stream.Null, pointer, from, static () => false, progress, cancellationToken);
}
