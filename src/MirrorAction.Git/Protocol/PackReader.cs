using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace MirrorAction.Git.Protocol;

/// <summary>The types of objects in a pack (gitformat-pack, "Object types").</summary>
internal enum PackObjectType
{
    Commit = 1,
    Tree = 2,
    Blob = 3,
    Tag = 4,
    OfsDelta = 6,
    RefDelta = 7,
}

/// <summary>Reads the objects out of a small pack that is in memory, deltas resolved.</summary>
/// <remarks>
/// gitformat-pack: an entry is type and size (three bits and a varint), for deltas the base (an offset back, or an id), and a zlib stream. Exists to read
/// commits out of a filtered fetch, so it keeps every object to serve as a base, up to a bound. Throws <see cref="GitProtocolException"/> on
/// anything that is not such a pack.
/// </remarks>
internal static class PackReader
{
    /// <summary>Bytes of objects that are kept; a bound on what a hostile peer can make us hold.</summary>
    internal const int MaxObjectBytes = 128 << 20;

    /// <summary>What an object costs beside its bytes: entries of two tables and of the caller's.</summary>
    private const int ObjectOverhead = 256;

    /// <summary>The best that zlib does: a byte stands for no more than so many.</summary>
    private const int MaxInflation = 1032;

    internal static IEnumerable<(ObjectId Id, PackObjectType Type, byte[] Data)> ReadAll(byte[] pack, ObjectFormat format)
    {
        if (pack.Length < PackInspector.HeaderLength)
        {
            throw Broken("its length");
        }

        var input = new ByteWiseStream(pack, PackInspector.HeaderLength);
        var count = BinaryPrimitives.ReadUInt32BigEndian(pack.AsSpan(8));
        var byOffset = new Dictionary<long, (PackObjectType Type, byte[] Data)>();
        var offsets = new Dictionary<ObjectId, long>();
        var budget = (long)MaxObjectBytes;
        for (uint i = 0; i < count; i++)
        {
            var offset = input.Position;
            var entry = ReadEntry(input, offset, format, byOffset, offsets, (int)Math.Min(budget, int.MaxValue));
            budget -= entry.Data.Length + ObjectOverhead;
            byOffset[offset] = entry;
            var id = IdOf(entry.Type, entry.Data, format);
            offsets[id] = offset;
            yield return (id, entry.Type, entry.Data);
        }
    }

    /// <summary>The parents that a commit names.</summary>
    internal static IEnumerable<ObjectId> ParentsOf(byte[] commit)
    {
        // Line by line: a message of a hundred megabytes is behind them.
        for (var at = 0; at < commit.Length;)
        {
            var length = commit.AsSpan(at).IndexOf((byte)'\n');
            var line = commit.AsMemory(at, length < 0 ? commit.Length - at : length);
            at += line.Length + 1;
            var isParent = line.Span.StartsWith("parent "u8);
            if (isParent && ObjectId.TryParse(line.Span["parent ".Length..], out var id))
            {
                yield return id;
            }
            else if (!isParent && !line.Span.StartsWith("tree "u8))
            {
                yield break;
            }
        }
    }

    private static (PackObjectType Type, byte[] Data) ReadEntry(
        ByteWiseStream input,
        long offset,
        ObjectFormat format,
        Dictionary<long, (PackObjectType Type, byte[] Data)> byOffset,
        Dictionary<ObjectId, long> offsets,
        int maxLength)
    {
        var first = input.Next();
        var type = (PackObjectType)((first >> 4) & 7);
        long size = first & 15;
        for (var shift = 4; (first & 0x80) != 0; shift += 7)
        {
            first = input.Next();
            size |= shift < 32 ? (long)(first & 0x7f) << shift : throw Broken("an object's size");
        }

        long? baseOffset = type switch
        {
            PackObjectType.OfsDelta => offset - ReadOffset(input),
            PackObjectType.RefDelta => offsets.GetValueOrDefault(ReadId(input, format), -1),
            PackObjectType.Commit or PackObjectType.Tree or PackObjectType.Blob or PackObjectType.Tag => null,
            _ => throw Broken("an object's type"),
        };
        if (size > input.Left * MaxInflation)
        {
            throw Broken("an object's size"); // Before memory is set aside for it.
        }

        var data = size <= maxLength ? Inflate(input, (int)size) : throw Broken("the size of all objects together");
        return baseOffset is not { } at ? (type, data)
            : byOffset.TryGetValue(at, out var known) ? (known.Type, PackDelta.Apply(known.Data, data, maxLength))
            : throw Broken("the base of a delta");
    }

    private static byte[] Inflate(ByteWiseStream input, int size)
    {
        try
        {
            using var zlib = new ZLibStream(input, CompressionMode.Decompress, leaveOpen: true);
            var data = new byte[size];
            zlib.ReadExactly(data);
            return zlib.ReadByte() < 0 ? data : throw Broken("the end of an object");
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw Broken("an object's data");
        }
    }

    /// <summary>gitformat-pack, "offset encoding": each byte after the first adds one, so that no number has two forms.</summary>
    private static long ReadOffset(ByteWiseStream input)
    {
        var part = input.Next();
        long offset = part & 0x7f;
        while ((part & 0x80) != 0)
        {
            part = input.Next();
            offset = ((offset + 1) << 7) | (long)(part & 0x7f);
            _ = offset < int.MaxValue ? offset : throw Broken("the base of a delta");
        }

        return offset > 0 ? offset : throw Broken("the base of a delta");
    }

    private static ObjectId ReadId(ByteWiseStream input, ObjectFormat format)
    {
        Span<byte> id = stackalloc byte[format.ByteLength()];
        foreach (ref var b in id)
        {
            b = (byte)input.Next();
        }

        return ObjectId.FromBytes(id);
    }

    private static ObjectId IdOf(PackObjectType type, byte[] data, ObjectFormat format)
    {
        using var hash = IncrementalHash.CreateHash(format == ObjectFormat.Sha1 ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes($"{WireName(type)} {data.Length}\0"));
        hash.AppendData(data);
        return ObjectId.FromBytes(hash.GetHashAndReset());
    }

    private static string WireName(PackObjectType type) => type switch
    {
        PackObjectType.Commit => "commit",
        PackObjectType.Tree => "tree",
        PackObjectType.Blob => "blob",
        _ => "tag",
    };

    private static GitProtocolException Broken(string what) => new($"The pack is malformed: {what} cannot be right.");

    /// <summary>
    /// Hands out one byte a read, because the inflater takes all it is given and does not say how much of it belonged to its object.
    /// </summary>
    private sealed class ByteWiseStream(byte[] bytes, int start) : Stream
    {
        private int _position = start;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => _position;
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            if (buffer.Length == 0 || _position >= bytes.Length)
            {
                return 0;
            }

            buffer[0] = bytes[_position++];
            return 1;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        internal long Left => bytes.Length - _position;

        internal int Next() => _position < bytes.Length ? bytes[_position++] : throw Broken("its end");
    }
}
