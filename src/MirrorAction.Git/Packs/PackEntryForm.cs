using System.IO.Compression;
using MirrorAction.Git.Model;

namespace MirrorAction.Git.Packs;

/// <summary>Writes the parts of a pack's entries.</summary>
/// <remarks>gitformat-pack: what <see cref="PackEntryHead"/> reads, and behind it a zlib stream.</remarks>
internal static class PackEntryForm
{
    /// <summary>Type and size: three bits and four, then seven bits in each further byte.</summary>
    internal static byte[] HeadOf(PackObjectType type, long size)
    {
        List<byte> head = [(byte)(((int)type << 4) | (int)(size & 15))];
        for (size >>= 4; size > 0; size >>= 7)
        {
            head[^1] |= 0x80;
            head.Add((byte)(size & 0x7f));
        }

        return [.. head];
    }

    /// <summary>The head of a delta whose base stands so many bytes before it.</summary>
    internal static byte[] HeadOfDelta(long size, long distance)
    {
        // "Offset encoding": each byte after the first adds one, so that no number has two forms. The last byte first.
        List<byte> back = [(byte)(distance & 0x7f)];
        while ((distance >>= 7) > 0)
        {
            back.Add((byte)(0x80 | (--distance & 0x7f)));
        }

        back.Reverse();
        return [.. HeadOf(PackObjectType.OfsDelta, size), .. back];
    }

    /// <summary>The head of a delta whose base is named.</summary>
    internal static byte[] HeadOfDelta(long size, ObjectId baseId)
    {
        var id = new byte[baseId.Format.ByteLength()];
        baseId.CopyTo(id);
        return [.. HeadOf(PackObjectType.RefDelta, size), .. id];
    }

    /// <summary>The data as a zlib stream.</summary>
    internal static byte[] Deflate(byte[] data)
    {
        using var deflated = new MemoryStream();
        using (var deflate = new ZLibStream(deflated, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(data);
        }

        return deflated.ToArray();
    }
}
