using System.IO.Compression;
using MirrorAction.Git.Model;

namespace MirrorAction.Git.Packs;

/// <summary>What stands before the data of an object in a pack.</summary>
/// <remarks>
/// gitformat-pack: type and size (three bits and a varint), and for deltas the base: an offset back, or an id. Throws
/// <see cref="InvalidDataException"/>, whose message
/// goes on from "object 3".
/// </remarks>
/// <param name="Type">The type of the object, or the kind of delta.</param>
/// <param name="Size">Bytes of the data when inflated; of a delta, not of what it makes.</param>
/// <param name="BaseDistance">How far back in the pack the base begins; for <see cref="PackObjectType.OfsDelta"/>.</param>
/// <param name="BaseId">The base; for <see cref="PackObjectType.RefDelta"/>.</param>
/// <param name="Length">Bytes of the head.</param>
internal readonly record struct PackEntryHead(PackObjectType Type, long Size, long BaseDistance, ObjectId BaseId, int Length)
{
    /// <summary>The best that deflate does: a byte stands for no more than so many.</summary>
    internal const int MaxInflation = 1032;

    /// <summary>The longest head of either format.</summary>
    internal const int MaxLength = 10 + 32;

    /// <summary>More than any disk holds; sizes and offsets stay far from overflowing.</summary>
    private const long MaxNumber = 1L << 56;

    internal bool IsDelta => Type is PackObjectType.OfsDelta or PackObjectType.RefDelta;

    /// <summary>Reads a head; false when there are too few bytes for it.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, ObjectFormat format, out PackEntryHead head)
    {
        head = default;
        var at = 0;
        if (!TryReadSize(bytes, ref at, out var type, out var size))
        {
            return false;
        }

        long distance = 0;
        var baseId = default(ObjectId);
        switch (type)
        {
            case PackObjectType.Commit or PackObjectType.Tree or PackObjectType.Blob or PackObjectType.Tag:
                break;
            case PackObjectType.OfsDelta:
                if (!TryReadDistance(bytes, ref at, out distance))
                {
                    return false;
                }

                break;
            case PackObjectType.RefDelta:
                if (bytes.Length - at < format.ByteLength())
                {
                    return false;
                }

                baseId = ObjectId.FromBytes(bytes.Slice(at, format.ByteLength()));
                at += format.ByteLength();
                break;
            default:
                throw new InvalidDataException($"has the type {(int)type}, which is none");
        }

        head = new PackEntryHead(type, size, distance, baseId, at);
        return true;
    }

    private static bool TryReadSize(ReadOnlySpan<byte> bytes, ref int at, out PackObjectType type, out long size)
    {
        (type, size) = (default, 0);
        for (var shift = 0; at < bytes.Length; at++)
        {
            var part = bytes[at];
            if (at == 0)
            {
                type = (PackObjectType)((part >> 4) & 7);
            }

            size |= (long)(part & (at == 0 ? 15 : 0x7f)) << shift;
            shift += at == 0 ? 4 : 7;
            if (part < 0x80)
            {
                at++;
                return true;
            }

            _ = shift < 56 ? true : throw new InvalidDataException("promises a size that cannot be");
        }

        return false;
    }

    /// <summary>gitformat-pack, "offset encoding": each byte after the first adds one, so that no number has two forms.</summary>
    private static bool TryReadDistance(ReadOnlySpan<byte> bytes, ref int at, out long distance)
    {
        distance = -1;
        while (at < bytes.Length)
        {
            var part = bytes[at++];
            distance = ((distance + 1) << 7) | (long)(part & 0x7f);
            if (part < 0x80)
            {
                return distance > 0 ? true : throw new InvalidDataException("is a delta that names itself as its base");
            }

            _ = distance < MaxNumber >> 7 ? true : throw new InvalidDataException("is a delta whose base would lie before the pack");
        }

        return false;
    }
}

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
