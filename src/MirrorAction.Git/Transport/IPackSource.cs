using MirrorAction.Git.Model;

namespace MirrorAction.Git.Transport;

/// <summary>A pack on its way to a destination.</summary>
internal interface IPackSource
{
    /// <summary>Bytes in all; null while that is not known, because the pack is still arriving.</summary>
    long? Length { get; }

    /// <summary>Writes the pack, once.</summary>
    /// <param name="destination">Where to; not closed.</param>
    /// <param name="hasEnough">Asked before each write; when it says yes, the rest is not needed.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <exception cref="GitException">The source failed; the pack must not be completed.</exception>
    Task CopyToAsync(Stream destination, Func<bool> hasEnough, CancellationToken cancellationToken);
}
