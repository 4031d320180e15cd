using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;

namespace MirrorAction.Git.Transport;

/// <summary>A repository that is read: it lists refs and gives packs. Use one instance per attempt. Not thread-safe.</summary>
public interface IFetchSource
{
    /// <summary>What it is, for messages.</summary>
    string Peer { get; }

    /// <summary>How much of a pack is held and written at a time.</summary>
    GitHttpOptions Options { get; }

    /// <summary>False when it is known to give no commits alone (filters).</summary>
    bool CanFilter { get; }

    /// <summary>It may give the wanted commits without the history before them (<see cref="FetchRequest.TipsOnly"/>).</summary>
    bool GivesTipsOnly { get; }

    /// <summary>It gives any object that it has, not only what it lists.</summary>
    bool GivesAnyObject { get; }

    /// <summary>Lists <c>HEAD</c> and the refs below the prefixes of the patterns, and holds what they take in.</summary>
    /// <exception cref="GitException">It refused, was not understood, or could not be reached.</exception>
    Task<RemoteRefs> ListRefsAsync(RefPatternSet patterns, CancellationToken cancellationToken);

    /// <summary>Lists <c>HEAD</c> and the refs below the prefixes.</summary>
    /// <exception cref="GitException">It refused, was not understood, or could not be reached.</exception>
    Task<RemoteRefs> ListRefsAsync(IReadOnlyList<string> prefixes, CancellationToken cancellationToken);

    /// <summary>Asks for a pack; the session begins with its first byte and must be disposed.</summary>
    /// <exception cref="GitException">It refused, was not understood, or could not be reached.</exception>
    Task<FetchSession> FetchAsync(FetchRequest request, CancellationToken cancellationToken);
}

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
