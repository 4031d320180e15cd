using System.Security.Cryptography;

namespace MirrorAction.Git;

/// <summary>The pack without objects that goes with a push whose objects are all there: receive-pack wants one for any creation or update.</summary>
internal sealed class EmptyPack : IPackSource
{
    private EmptyPack(ObjectFormat format)
    {
        byte[] header = [.. "PACK"u8, 0, 0, 0, 2, 0, 0, 0, 0];
#pragma warning disable CA5350 // The checksum of a pack, which git defines, not a signature.
        Bytes = (byte[])[.. header, .. format == ObjectFormat.Sha1 ? SHA1.HashData(header) : SHA256.HashData(header)];
#pragma warning restore CA5350
    }

    public long? Length => Bytes.Length;

    /// <summary>The pack as it is.</summary>
    internal ReadOnlyMemory<byte> Bytes { get; }

    internal static EmptyPack Of(ObjectFormat format) => new(format);

    public Task CopyToAsync(Stream destination, Func<bool> hasEnough, CancellationToken cancellationToken) =>
        destination.WriteAsync(Bytes, cancellationToken).AsTask();
}
