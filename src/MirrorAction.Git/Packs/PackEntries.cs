using System.IO.Hashing;
using MirrorAction.Git.Model;

namespace MirrorAction.Git.Packs;

/// <summary>All entries of a pack in their order, as the first reading found them: objects named, deltas not yet.</summary>
/// <remarks>
/// Columns and not a list of objects, because there may be ten millions: 33 bytes an entry (45 with SHA-256), and 12 a delta by offset.
/// </remarks>
internal sealed class PackEntries : IPackVisitor
{
    private const int BufferSize = 64 << 10;

    private readonly int _idLength;
    private readonly ObjectHash _hash;
    private readonly Crc32 _crc = new();
    private readonly byte[] _checksum;
    private byte[] _ids = new byte[64 * 20];
    private uint[] _crcs = new uint[64];
    private long[] _offsets = new long[64];
    private PackObjectType[] _types = new PackObjectType[64];

    private PackEntries(ObjectFormat format, ObjectHash hash)
    {
        Format = format;
        _idLength = format.ByteLength();
        _hash = hash;
        _checksum = new byte[_idLength];
    }

    internal ObjectFormat Format { get; }

    internal int Count { get; private set; }

    /// <summary>Deltas that name their base by its offset: the bases' numbers, and the deltas' own.</summary>
    internal List<(int Base, int Delta)> ByOffset { get; } = [];

    /// <summary>Deltas that name their base by its id: the bases, and the deltas' own numbers.</summary>
    internal List<(ObjectId Base, int Delta)> ById { get; } = [];

    /// <summary>Reads a pack from where the stream stands to its end; every entry is inflated, every object that is no delta is hashed.</summary>
    internal static PackEntries Read(Stream pack, ObjectFormat format, CancellationToken cancellationToken)
    {
        using var objectHash = new ObjectHash(format);
        var entries = new PackEntries(format, objectHash);
        var left = pack.Length - pack.Position - entries._idLength;
        if (left < PackTrailerValidator.HeaderLength)
        {
            throw new GitProtocolException($"The pack is damaged: it has {pack.Length - pack.Position} bytes, fewer than a header and a checksum.");
        }

        var scanner = new PackScanner("The pack", format, entries);
        using var hash = format.CreateHash();
        var buffer = new byte[BufferSize];
        for (var bytes = buffer.AsSpan(); left > 0; left -= bytes.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bytes = buffer.AsSpan(0, (int)Math.Min(buffer.Length, left));
            pack.ReadExactly(bytes);
            hash.AppendData(bytes);
            scanner.Push(bytes);
        }

        scanner.Finish();
        pack.ReadExactly(entries._checksum);
        return hash.GetHashAndReset().AsSpan().SequenceEqual(entries._checksum)
            ? entries
            : throw new GitProtocolException(
                $"The pack is damaged: its last {entries._idLength} bytes are not the checksum of the bytes before them."
            );
    }

    internal long OffsetOf(int entry) => _offsets[entry];

    internal PackObjectType TypeOf(int entry) => _types[entry];

    internal ReadOnlySpan<byte> IdOf(int entry) => _ids.AsSpan(entry * _idLength, _idLength);

    /// <summary>Gives a delta the name and the type of what it makes.</summary>
    internal void Resolve(int entry, PackObjectType type, ObjectId id)
    {
        _types[entry] = type;
        id.CopyTo(_ids.AsSpan(entry * _idLength, _idLength));
    }

    internal GitProtocolException Broken(int entry, string what) =>
        new($"The pack is damaged: object {entry + 1} of {Count}, at byte {_offsets[entry]}, {what}.");

    /// <summary>The entries sorted by id.</summary>
    internal PackIndex ToIndex(IReadOnlyList<ObjectId>? foreignBases = null)
    {
        var order = new int[Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        order.AsSpan().Sort((a, b) => IdOf(a).SequenceCompareTo(IdOf(b)) is var byId && byId != 0 ? byId : a.CompareTo(b));
        var ids = new byte[Count * _idLength];
        var crcs = new uint[Count];
        var offsets = new long[Count];
        for (var i = 0; i < order.Length; i++)
        {
            IdOf(order[i]).CopyTo(ids.AsSpan(i * _idLength));
            (crcs[i], offsets[i]) = (_crcs[order[i]], _offsets[order[i]]);
        }

        return new PackIndex(Format, ids, crcs, offsets, _checksum) { ForeignBases = foreignBases ?? [] };
    }

    void IPackVisitor.Begin(long offset, in PackEntryHead head)
    {
        Grow();
        if (head.Type == PackObjectType.OfsDelta)
        {
            var at = _offsets.AsSpan(0, Count).BinarySearch(offset - head.BaseDistance);
            ByOffset.Add(
                at >= 0
                    ? (at, Count)
                    : throw new InvalidDataException(
                        $"is a delta whose base would begin at byte {offset - head.BaseDistance}, where no object begins"
                    )
            );
        }
        else if (head.Type == PackObjectType.RefDelta)
        {
            ById.Add((head.BaseId, Count));
        }
        else
        {
            _hash.Begin(head.Type, head.Size);
        }

        _crc.Reset();
        (_offsets[Count], _types[Count]) = (offset, head.Type);
    }

    void IPackVisitor.Raw(ReadOnlySpan<byte> bytes) => _crc.Append(bytes);

    void IPackVisitor.Data(ReadOnlySpan<byte> bytes)
    {
        if (!IsDelta(Count))
        {
            _hash.Append(bytes);
        }
    }

    void IPackVisitor.End()
    {
        if (!IsDelta(Count))
        {
            _hash.End(_ids.AsSpan(Count * _idLength, _idLength));
        }

        _crcs[Count] = _crc.GetCurrentHashAsUInt32();
        Count++;
    }

    internal bool IsDelta(int entry) => _types[entry] is PackObjectType.OfsDelta or PackObjectType.RefDelta;

    /// <summary>Memory comes with the entries and not with the header's promise.</summary>
    private void Grow()
    {
        if (Count < _offsets.Length && (Count + 1) * _idLength <= _ids.Length)
        {
            return;
        }

        var length = Math.Min((long)Count * 2, Array.MaxLength / _idLength);
        if (length <= Count)
        {
            throw new InvalidDataException("is one more than this program can index");
        }

        var size = (int)Math.Max(length, 64);
        Array.Resize(ref _offsets, size);
        Array.Resize(ref _crcs, size);
        Array.Resize(ref _types, size);
        Array.Resize(ref _ids, size * _idLength);
    }
}
