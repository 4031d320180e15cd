using System.Security.Cryptography;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Transport;

namespace MirrorAction.Git.Bundles;

/// <summary>Writes and reads bundle files: refs and a pack in one file, which <c>git clone</c> and <c>git fetch</c> take like a repository.</summary>
/// <remarks>
/// gitformat-bundle: <code>bundle = header pack</code> Neither writing nor reading holds more than the header and a packet of the pack in memory.
/// </remarks>
public static class BundleFile
{
    /// <summary>Writes a bundle while its pack arrives. A pack that breaks off leaves a file without its end, which no git takes for whole.</summary>
    /// <param name="destination">Where to; not closed and not flushed.</param>
    /// <param name="header">Refs and prerequisites.</param>
    /// <param name="pack">The objects; stays the caller's. Null for the empty pack: refs that moved to objects that the prerequisites reach.</param>
    /// <param name="progress">Called for pack bytes that arrived.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <exception cref="GitException">The source failed or sent no whole pack, or a ref cannot be written.</exception>
    public static async Task<BundleFacts> WriteAsync(
        Stream destination,
        BundleHeader header,
        FetchSession? pack,
        Action<long>? progress,
        CancellationToken cancellationToken
    )
    {
        if (pack is not null && pack.ObjectFormat != header.ObjectFormat)
        {
            throw new GitProtocolException(
                $"{pack.Peer} names objects by {pack.ObjectFormat.WireName()} and the bundle's header by {header.ObjectFormat.WireName()}."
            );
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var length = 0L;
        await WriteAsync(BundleHeaderFormat.Write(header));
        if (pack is null)
        {
            await WriteAsync(EmptyPack.Of(header.ObjectFormat).Bytes);
            return Facts(0);
        }

        using var arriving = new ValidatingPackReader(pack, progress);
        while (await arriving.ReadAsync(cancellationToken) is { Length: > 0 } bytes)
        {
            await WriteAsync(bytes);
        }

        return Facts(arriving.ObjectCount ?? 0);

        async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
        {
            hash.AppendData(bytes.Span);
            length += bytes.Length;
            await destination.WriteAsync(bytes, cancellationToken);
        }

        BundleFacts Facts(uint objects) => new(length, Convert.ToHexStringLower(hash.GetHashAndReset()), objects);
    }

    /// <summary>Reads the header; afterwards the stream stands at the first byte of the pack.</summary>
    /// <param name="bundle">The file, at its first byte; must be seekable.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="GitProtocolException">This is no bundle, or one with what this program does not know; the message names the line.</exception>
    public static async Task<BundleHeader> ReadHeaderAsync(Stream bundle, CancellationToken cancellationToken)
    {
        var start = bundle.Position;
        var header = new BundleHeaderFormat();
        var buffer = new byte[16 << 10];
        while (!header.IsComplete)
        {
            var count = await bundle.ReadAsync(buffer, cancellationToken);
            header.Take(buffer.AsSpan(0, count));
        }

        bundle.Position = start + header.Length;
        return header.Result;
    }
}
