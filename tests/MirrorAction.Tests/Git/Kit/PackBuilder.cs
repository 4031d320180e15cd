using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;

#pragma warning disable CA5350 // git's object names and checksums are SHA-1.

namespace MirrorAction.Tests.Git.Kit;

/// <summary>Writes packs entry by entry, the wrong ones too.</summary>
internal sealed class PackBuilder
{
    private readonly List<byte[]> _entries = [];
    private int _length = PackTrailerValidator.HeaderLength;

    /// <summary>Adds an object; returns its offset.</summary>
    internal int Add(PackObjectType type, byte[] data) => AddRaw([.. Head(type, data.Length), .. Deflate(data)]);

    /// <summary>Adds a delta against the object at an offset; returns its offset.</summary>
    internal int AddOfsDelta(int baseOffset, byte[] delta) =>
        AddRaw([.. Head(PackObjectType.OfsDelta, delta.Length), .. Offset(_length - baseOffset), .. Deflate(delta)]);

    /// <summary>Adds a delta against an object by its id; returns its offset.</summary>
    internal int AddRefDelta(ObjectId baseId, byte[] delta)
    {
        var id = new byte[20];
        baseId.CopyTo(id);
        return AddRaw([.. Head(PackObjectType.RefDelta, delta.Length), .. id, .. Deflate(delta)]);
    }

    /// <summary>Adds bytes as an entry; returns its offset.</summary>
    internal int AddRaw(byte[] entry)
    {
        _entries.Add(entry);
        var offset = _length;
        _length += entry.Length;
        return offset;
    }

    /// <summary>The pack; the header may lie about the number of objects.</summary>
    internal byte[] Build(int? count = null)
    {
        var header = new byte[PackTrailerValidator.HeaderLength];
        "PACK"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), 2);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(8), count ?? _entries.Count);
        byte[] body = [.. header, .. _entries.SelectMany(e => e)];
        return [.. body, .. SHA1.HashData(body)];
    }

    /// <summary>A commit's bytes.</summary>
    internal static byte[] Commit(string message, params ObjectId[] parents) =>
        Encoding.ASCII.GetBytes(
            $"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n{string.Concat(parents.Select(p => $"parent {p}\n"))}"
                + $"author Acme <acme@example.com> 1700000000 +0000\ncommitter Acme <acme@example.com> 1700000000 +0000\n\n{message}\n"
        );

    /// <summary>The name that git gives to an object.</summary>
    internal static ObjectId IdOf(string type, byte[] data) =>
        ObjectId.FromBytes(SHA1.HashData([.. Encoding.ASCII.GetBytes($"{type} {data.Length}\0"), .. data]));

    internal static byte[] Deflate(byte[] data)
    {
        if (data.Length == 0)
            return [0x78, 0x9c, 0x03, 0, 0, 0, 0, 1]; // .NET writes nothing at all for nothing.
        using var output = new MemoryStream();
        using (var zlib = new ZLibStream(output, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(data);
        return output.ToArray();
    }

    internal static byte[] Head(PackObjectType type, long size)
    {
        var bytes = new List<byte>();
        var part = ((int)type << 4) | (int)(size & 15);
        for (size >>= 4; size > 0; size >>= 7)
        {
            bytes.Add((byte)(part | 0x80));
            part = (int)(size & 0x7f);
        }

        bytes.Add((byte)part);
        return [.. bytes];
    }

    private static byte[] Offset(int back)
    {
        var bytes = new Stack<byte>();
        bytes.Push((byte)(back & 0x7f));
        while ((back >>= 7) > 0)
            bytes.Push((byte)(0x80 | (--back & 0x7f)));
        return [.. bytes];
    }
}
