using MirrorAction.Git.Model;

namespace MirrorAction.Git.Lfs;

/// <summary>Where contents of LFS objects come from. Thread-safe.</summary>
public interface ILfsSource
{
    /// <summary>What it is called in messages.</summary>
    string Name { get; }

    /// <summary>Whose quota counts what is read: a host and an owner there; null where there is none.</summary>
    string? Account { get; }

    /// <summary>Called before some objects are opened, so that they can be asked about together.</summary>
    /// <exception cref="GitException">Nothing can be had from it.</exception>
    Task PrepareAsync(IReadOnlyCollection<LfsPointer> objects, CancellationToken cancellationToken);

    /// <summary>Whether it says that it has an object that was prepared; what it has in truth is seen when the object is read.</summary>
    bool Has(LfsPointer pointer);

    /// <summary>Opens an object; the caller disposes the stream.</summary>
    /// <param name="pointer">The object.</param>
    /// <param name="isAgain">The last time it failed: whatever was learnt of it before is forgotten.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="GitException">It could not be opened.</exception>
    Task<Stream> OpenAsync(LfsPointer pointer, bool isAgain, CancellationToken cancellationToken);
}

/// <summary>Where contents of LFS objects are stored. Thread-safe.</summary>
public interface ILfsStore
{
    /// <summary>Whose quota counts what is stored: a host and an owner there; null where there is none.</summary>
    string? Account { get; }

    /// <summary>Those of some objects that it lacks.</summary>
    /// <exception cref="GitException">Nothing can be stored there.</exception>
    Task<IReadOnlyCollection<LfsPointer>> FindMissingAsync(IReadOnlyCollection<LfsPointer> objects, CancellationToken cancellationToken);

    /// <summary>Stores an object that it lacks. It is there whole afterwards, or not at all.</summary>
    /// <param name="pointer">The object.</param>
    /// <param name="contents">Its contents as they arrive; stay the caller's.</param>
    /// <param name="from">Where they come from, for messages.</param>
    /// <param name="isAgain">The last time it failed: whatever was learnt of it before is forgotten.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="GitException">It could not be stored, or not be read.</exception>
    Task StoreAsync(LfsPointer pointer, Stream contents, string from, bool isAgain, CancellationToken cancellationToken);
}

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
