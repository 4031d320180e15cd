using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MirrorAction.Simulation.Git;

/// <summary>A pack that receive-pack can't take; the message is git's.</summary>
internal sealed class BadPackException(string message) : Exception(message);

/// <summary>
/// Writes and reads packs (gitformat-pack). Objects are stored, not compressed: a zlib stream of stored blocks is as good a stream as any, and
/// simulations make
/// thousands of packs.
/// </summary>
internal static class PackFile
{
    private const int RefDelta = 7;
    private const int HashLength = 20;

    /// <summary>A pack of objects, some of them as differences from objects that the receiver has.</summary>
    /// <param name="objects">What it holds.</param>
    /// <param name="baseOf">What an object is told as a difference from; null to tell it whole.</param>
    public static byte[] Write(IReadOnlyCollection<SimObject> objects, Func<SimObject, SimObject?> baseOf)
    {
        using var pack = new MemoryStream();
        Span<byte> number = stackalloc byte[4];
        pack.Write("PACK"u8);
        BinaryPrimitives.WriteInt32BigEndian(number, 2);
        pack.Write(number);
        BinaryPrimitives.WriteInt32BigEndian(number, objects.Count);
        pack.Write(number);
        foreach (var item in objects)
        {
            if (baseOf(item) is { } origin)
                WriteDelta(pack, item, origin);
            else
                pack.Write(item.Packed);
        }

#pragma warning disable CA5350 // The checksum that git wants.
        pack.Write(SHA1.HashData(pack.GetBuffer().AsSpan(0, (int)pack.Length)));
#pragma warning restore CA5350
        return pack.ToArray();
    }

    /// <summary>An object as an entry, whole.</summary>
    public static byte[] Entry(SimObject item)
    {
        using var entry = new MemoryStream();
        WriteHead(entry, (int)item.Kind, item.Data.Length);
        WriteStored(entry, item.Data);
        return entry.ToArray();
    }

    /// <summary>The names of a pack's objects.</summary>
    /// <param name="pack">The pack, whole.</param>
    /// <param name="find">Finds a base of the receiver's.</param>
    /// <exception cref="BadPackException">It is cut, damaged, or needs an object that is not there.</exception>
    public static List<string> Read(ReadOnlySpan<byte> pack, Func<string, SimObject?> find)
    {
        if (pack.Length < 12 + HashLength || !pack.StartsWith("PACK"u8))
            throw new BadPackException(pack.Length < 12 ? "eof before pack header was fully read" : "early EOF");
#pragma warning disable CA5350
        if (!SHA1.HashData(pack[..^HashLength]).AsSpan().SequenceEqual(pack[^HashLength..]))
            throw new BadPackException("early EOF");
#pragma warning restore CA5350
        var count = BinaryPrimitives.ReadInt32BigEndian(pack[8..]);
        var at = 12;
        var known = new Dictionary<string, (ObjectKind Kind, byte[] Data)>(count);
        var waiting = new List<(string Base, byte[] Delta)>();
        for (var i = 0; i < count; i++)
        {
            var (type, size) = ReadHead(pack, ref at);
            var origin = "";
            if (type == RefDelta)
            {
                origin = Convert.ToHexStringLower(pack.Slice(at, HashLength));
                at += HashLength;
            }

            var data = ReadStored(pack, ref at, size);
            if (type == RefDelta)
                waiting.Add((origin, data));
            else
                known[SimObject.IdOf((ObjectKind)type, data)] = ((ObjectKind)type, data);
        }

        if (at != pack.Length - HashLength)
            throw new BadPackException("pack has junk at the end");
        Resolve(waiting, known, find);
        return [.. known.Keys];
    }

    private static void Resolve(
        List<(string Base, byte[] Delta)> waiting,
        Dictionary<string, (ObjectKind Kind, byte[] Data)> known,
        Func<string, SimObject?> find
    )
    {
        while (waiting.Count > 0)
        {
            var before = waiting.Count;
            foreach (var entry in waiting.ToArray())
            {
                var origin =
                    known.TryGetValue(entry.Base, out var inPack) ? inPack
                    : find(entry.Base) is { } there ? (there.Kind, there.Data)
                    : default;
                if (origin.Data is null)
                    continue;
                var data = Apply(origin.Data, entry.Delta);
                known[SimObject.IdOf(origin.Kind, data)] = (origin.Kind, data);
                waiting.Remove(entry);
            }

            if (waiting.Count == before)
                throw new BadPackException($"pack has {waiting.Count} unresolved deltas");
        }
    }

    /// <summary>A difference that copies the common beginning and inserts the rest.</summary>
    private static void WriteDelta(Stream pack, SimObject item, SimObject origin)
    {
        using var delta = new MemoryStream();
        WriteSize(delta, origin.Data.Length);
        WriteSize(delta, item.Data.Length);
        var common = Math.Min(0xffff, item.Data.AsSpan().CommonPrefixLength(origin.Data));
        if (common > 0)
            delta.Write([0x80 | 0x10 | 0x20, (byte)common, (byte)(common >> 8)]); // Copy from offset 0, two bytes of size.
        for (var at = common; at < item.Data.Length; )
        {
            var length = Math.Min(127, item.Data.Length - at);
            delta.WriteByte((byte)length);
            delta.Write(item.Data, at, length);
            at += length;
        }

        WriteHead(pack, RefDelta, (int)delta.Length);
        pack.Write(Convert.FromHexString(origin.Id));
        WriteStored(pack, delta.ToArray());
    }

    private static byte[] Apply(byte[] origin, byte[] delta)
    {
        var at = 0;
        _ = ReadSize(delta, ref at);
        var result = new byte[ReadSize(delta, ref at)];
        var length = 0;
        while (at < delta.Length)
        {
            int order = delta[at++];
            if ((order & 0x80) == 0)
            {
                delta.AsSpan(at, order).CopyTo(result.AsSpan(length));
                at += order;
                length += order;
                continue;
            }

            var (offset, size) = (0, 0);
            for (var i = 0; i < 4; i++)
                offset |= (order & (1 << i)) != 0 ? delta[at++] << (8 * i) : 0;
            for (var i = 0; i < 3; i++)
                size |= (order & (0x10 << i)) != 0 ? delta[at++] << (8 * i) : 0;
            origin.AsSpan(offset, size).CopyTo(result.AsSpan(length));
            length += size;
        }

        return result;
    }

    private static void WriteHead(Stream to, int type, int size)
    {
        var first = (type << 4) | (size & 15);
        for (size >>= 4; size > 0; size >>= 7)
        {
            to.WriteByte((byte)(first | 0x80));
            first = size & 0x7f;
        }

        to.WriteByte((byte)first);
    }

    private static (int Type, int Size) ReadHead(ReadOnlySpan<byte> pack, ref int at)
    {
        int next = pack[at++];
        var (type, size, shift) = ((next >> 4) & 7, next & 15, 4);
        while ((next & 0x80) != 0)
        {
            next = pack[at++];
            size |= (next & 0x7f) << shift;
            shift += 7;
        }

        return (type, size);
    }

    private static void WriteSize(Stream to, int size)
    {
        for (; size >= 0x80; size >>= 7)
            to.WriteByte((byte)(size | 0x80));
        to.WriteByte((byte)size);
    }

    private static int ReadSize(byte[] from, ref int at)
    {
        var (size, shift) = (0, 0);
        int next;
        do
        {
            next = from[at++];
            size |= (next & 0x7f) << shift;
            shift += 7;
        } while ((next & 0x80) != 0);
        return size;
    }

    private static void WriteStored(Stream to, ReadOnlySpan<byte> data)
    {
        to.Write([0x78, 0x01]);
        var rest = data;
        do
        {
            var part = rest[..Math.Min(0xffff, rest.Length)];
            rest = rest[part.Length..];
            to.Write([(byte)(rest.Length == 0 ? 1 : 0), (byte)part.Length, (byte)(part.Length >> 8), (byte)~part.Length, (byte)(~part.Length >> 8)]);
            to.Write(part);
        } while (rest.Length > 0);
        Span<byte> checksum = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Adler32(data));
        to.Write(checksum);
    }

    private static byte[] ReadStored(ReadOnlySpan<byte> pack, ref int at, int size)
    {
        at += 2;
        var data = new byte[size];
        var read = 0;
        bool isLast;
        do
        {
            isLast = (pack[at] & 1) != 0;
            if ((pack[at] & 6) != 0)
                throw new NotSupportedException("A pack of a simulation holds stored blocks only; who made this one?");
            var length = pack[at + 1] | (pack[at + 2] << 8);
            pack.Slice(at + 5, length).CopyTo(data.AsSpan(read));
            read += length;
            at += 5 + length;
        } while (!isLast);
        at += 4;
        return data;
    }

    private static uint Adler32(ReadOnlySpan<byte> data)
    {
        uint a = 1,
            b = 0;
        foreach (var value in data)
        {
            a = (a + value) % 65521;
            b = (b + a) % 65521;
        }

        return (b << 16) | a;
    }
}
