using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;

namespace MirrorAction.Git.Packs;

/// <summary>The pack without objects that goes with a push whose objects are all there: receive-pack wants one for any creation or update.</summary>
internal sealed class EmptyPack : IPackSource
{
    private EmptyPack(ObjectFormat format)
    {
        byte[] header = [.. "PACK"u8, 0, 0, 0, 2, 0, 0, 0, 0];
        using var hash = format.CreateHash();
        hash.AppendData(header);
        Bytes = (byte[])[.. header, .. hash.GetHashAndReset()];
    }

    public long? Length => Bytes.Length;

    /// <summary>The pack as it is.</summary>
    internal ReadOnlyMemory<byte> Bytes { get; }

    internal static EmptyPack Of(ObjectFormat format) => new(format);

    public Task CopyToAsync(Stream destination, Func<bool> hasEnough, CancellationToken cancellationToken) =>
        destination.WriteAsync(Bytes, cancellationToken).AsTask();
}
