using System.Buffers.Binary;
using System.Security.Cryptography;
using MirrorAction.Git.Model;

namespace MirrorAction.Git.Packs;

/// <summary>Which objects a pack has and where: what <c>git index-pack</c> would write of it. Immutable.</summary>
public sealed class PackIndex
{
    private readonly byte[] _ids;
    private readonly uint[] _crcs;
    private readonly long[] _offsets;
    private readonly byte[] _packChecksum;

    /// <summary>Takes the objects, sorted by id.</summary>
    internal PackIndex(ObjectFormat format, byte[] ids, uint[] crcs, long[] offsets, byte[] packChecksum)
    {
        ObjectFormat = format;
        _ids = ids;
        _crcs = crcs;
        _offsets = offsets;
        _packChecksum = packChecksum;
    }

    /// <summary>The hash that names the objects.</summary>
    public ObjectFormat ObjectFormat { get; }

    /// <summary>The number of objects.</summary>
    public int Count => _offsets.Length;

    /// <summary>The pack's checksum in lower-case hex digits, by which git names its file.</summary>
    internal string PackChecksum => Convert.ToHexStringLower(_packChecksum);

    /// <summary>Objects of earlier packs on which deltas of this one stand; empty for a pack that is not thin.</summary>
    internal IReadOnlyList<ObjectId> ForeignBases { get; init; } = [];

    /// <summary>
    /// Reads, inflates, resolves and hashes every object of a pack, and checks its checksum. Memory: some fifty bytes an object, and what resolving
    /// deltas takes (<see cref="DeltaResolver.CacheBytes"/>, and three times the object at hand).
    /// </summary>
    /// <param name="pack">Seekable, at the pack's first byte; the pack ends where the stream ends.</param>
    /// <param name="format">The hash that names its objects.</param>
    /// <param name="bases">Packs in which the bases of a thin pack may be: the earlier ones of a chain, the earliest first.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="GitProtocolException">The pack is not right; the message names the object, its offset and what is wrong.</exception>
    public static PackIndex Build(Stream pack, ObjectFormat format, IReadOnlyList<PackFile> bases, CancellationToken cancellationToken)
    {
        var start = pack.Position;
        var entries = PackEntries.Read(pack, format, cancellationToken);
        var resolver = new DeltaResolver(new PackObjects(pack, start, format), entries, bases, cancellationToken);
        resolver.Resolve();
        return entries.ToIndex(resolver.ForeignBases);
    }

    /// <summary>Whether the pack has this object.</summary>
    public bool Contains(ObjectId id) => TryFindEntry(id, out _);

    /// <summary>Where in the pack an object begins.</summary>
    internal bool TryFind(ObjectId id, out long offset)
    {
        var isFound = TryFindEntry(id, out var entry);
        offset = isFound ? _offsets[entry] : -1;
        return isFound;
    }

    /// <summary>The number of an object among the others in the order of their ids.</summary>
    internal bool TryFindEntry(ObjectId id, out int entry)
    {
        entry = -1;
        if (id.Format != ObjectFormat)
        {
            return false;
        }

        Span<byte> wanted = stackalloc byte[ObjectFormat.ByteLength()];
        id.CopyTo(wanted);
        for (var (low, high) = (0, Count - 1); low <= high; )
        {
            var middle = low + ((high - low) / 2);
            var order = wanted.SequenceCompareTo(IdBytes(middle));
            if (order == 0)
            {
                entry = middle;
                return true;
            }

            (low, high) = order < 0 ? (low, middle - 1) : (middle + 1, high);
        }

        return false;
    }

    /// <summary>Where in the pack the entry of this number begins.</summary>
    internal long OffsetOf(int entry) => _offsets[entry];

    /// <summary>The object that the entry of this number makes.</summary>
    internal ObjectId IdOf(int entry) => ObjectId.FromBytes(IdBytes(entry));

    /// <summary>The numbers of all entries, in the order in which they stand in the pack.</summary>
    internal int[] InPackOrder()
    {
        var order = new int[Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        order.AsSpan().Sort((a, b) => _offsets[a].CompareTo(_offsets[b]));
        return order;
    }

    /// <summary>Writes the index as git keeps it beside the pack (gitformat-pack, ".idx", version 2).</summary>
    /// <param name="idx">Where to; not closed.</param>
    public void WriteTo(Stream idx) => PackIndexFormat.Write(idx, ObjectFormat, _ids, _crcs, _offsets, _packChecksum);

    private ReadOnlySpan<byte> IdBytes(int entry)
    {
        var length = ObjectFormat.ByteLength();
        return _ids.AsSpan(entry * length, length);
    }
}

/// <summary>A pack that has been indexed.</summary>
/// <param name="Pack">Seekable; stays the caller's.</param>
/// <param name="Start">Where in the stream the pack begins, as behind a bundle's header.</param>
/// <param name="Index">Its objects.</param>
public sealed record PackFile(Stream Pack, long Start, PackIndex Index);

/// <summary>The file that git keeps beside a pack.</summary>
/// <remarks>
/// gitformat-pack, "Version 2 pack-*.idx files":
/// <code>
/// idx = FF "tOc" version(4) fanout(256 * 4) *obj-id *crc32(4) *offset(4) *large-offset(8) pack-checksum idx-checksum
/// </code>
/// An offset of 2 GiB or more stands in the table of large offsets, and its place in there, with the high bit set, in the table of offsets.
/// </remarks>
internal static class PackIndexFormat
{
    internal static void Write(
        Stream idx,
        ObjectFormat format,
        ReadOnlySpan<byte> ids,
        ReadOnlySpan<uint> crcs,
        ReadOnlySpan<long> offsets,
        ReadOnlySpan<byte> packChecksum
    )
    {
        using var output = new Output(idx, format);
        output.Write([0xff, .. "tOc"u8]);
        output.Write(2);
        var length = format.ByteLength();
        for (var (first, count) = (0, 0); first < 256; first++)
        {
            while (count < offsets.Length && ids[count * length] <= first)
            {
                count++;
            }

            output.Write((uint)count);
        }

        output.Write(ids);
        foreach (var crc in crcs)
        {
            output.Write(crc);
        }

        uint large = 0;
        foreach (var offset in offsets)
        {
            output.Write(offset <= int.MaxValue ? (uint)offset : 0x8000_0000 | large++);
        }

        foreach (var offset in offsets)
        {
            if (offset > int.MaxValue)
            {
                output.Write((uint)(offset >> 32));
                output.Write((uint)offset);
            }
        }

        output.Write(packChecksum);
        output.Finish();
    }

    /// <summary>Hashes what it writes.</summary>
    private sealed class Output(Stream stream, ObjectFormat format) : IDisposable
    {
        private readonly IncrementalHash _hash = format.CreateHash();
        private readonly byte[] _buffer = new byte[16 << 10];
        private int _count;

        internal void Write(ReadOnlySpan<byte> bytes)
        {
            while (bytes.Length > _buffer.Length - _count)
            {
                var part = bytes[..(_buffer.Length - _count)];
                part.CopyTo(_buffer.AsSpan(_count));
                _count = _buffer.Length;
                Flush();
                bytes = bytes[part.Length..];
            }

            bytes.CopyTo(_buffer.AsSpan(_count));
            _count += bytes.Length;
        }

        internal void Write(uint number)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
            Write(bytes);
        }

        internal void Finish()
        {
            Flush();
            stream.Write(_hash.GetHashAndReset());
        }

        public void Dispose() => _hash.Dispose();

        private void Flush()
        {
            var bytes = _buffer.AsSpan(0, _count);
            _hash.AppendData(bytes);
            stream.Write(bytes);
            _count = 0;
        }
    }
}
