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
