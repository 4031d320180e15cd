using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;

namespace MirrorAction.Tests.Git.Kit;

/// <summary>
/// A pack of given bytes on its way to a destination; may hide its length as a pack that still arrives does, and may fail in the middle.
/// </summary>
internal sealed class GivenPack(byte[] bytes, bool isStreamed = false, GitException? failure = null, int chunk = 16 << 10) : IPackSource
{
    public long? Length => isStreamed ? null : bytes.Length;

    /// <summary>Awaited before each write; null for none.</summary>
    internal Func<Task>? Pace { get; init; }

    public async Task CopyToAsync(Stream destination, Func<bool> hasEnough, CancellationToken cancellationToken)
    {
        for (var at = 0; at < bytes.Length && !hasEnough(); at += chunk)
        {
            if (Pace is not null)
                await Pace();
            await destination.WriteAsync(bytes.AsMemory(at, Math.Min(chunk, bytes.Length - at)), cancellationToken);
        }

        if (failure is not null)
            throw failure;
    }
}
