using System.Buffers;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;

namespace MirrorAction.Git.Packs;

/// <summary>Fetches a pack that is small enough to be held in memory, as most are from which files were left out.</summary>
internal static class SmallPack
{
    /// <summary>A larger pack is not read: about 200,000 commits.</summary>
    private const int MaxBytes = 48 << 20;

    /// <summary>The objects of the pack, read one after the other; null when it is too large.</summary>
    /// <exception cref="GitException">The source refused, sent no whole pack, or could not be reached.</exception>
    internal static async Task<IEnumerable<(ObjectId Id, PackObjectType Type, byte[] Data)>?> ReadAsync(
        IFetchSource source,
        FetchRequest request,
        CancellationToken cancellationToken
    )
    {
        using var session = await source.FetchAsync(request, cancellationToken);
        using var arriving = new ValidatingPackReader(session, progress: null);
        var pack = new ArrayBufferWriter<byte>();
        while (await arriving.ReadAsync(cancellationToken) is { Length: > 0 } bytes)
        {
            pack.Write(bytes.Span);
            if (pack.WrittenCount > MaxBytes)
            {
                return null;
            }
        }

        return PackReader.ReadAll(pack.WrittenSpan.ToArray(), session.ObjectFormat);
    }
}

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
