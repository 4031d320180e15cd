using System.Buffers.Binary;
using MirrorAction.Git.Model;

namespace MirrorAction.Git.Packs;

/// <summary>
/// Makes one pack of some objects of several packs. Entries are copied as they are, deflated; only what names the base of a delta is written anew. A
/// delta whose base does not go along becomes a whole object.
/// </summary>
/// <param name="store">The packs.</param>
/// <param name="marks">The objects.</param>
internal sealed class PackCopy(PackStore store, PackMarks marks)
{
    private const int BufferSize = 64 << 10;

    private readonly byte[] _buffer = new byte[BufferSize];
    private int _filled;
    private long _written;

    /// <summary>Objects that the receiver has: deltas may stand on them (a thin pack). Null for none.</summary>
    internal PackMarks? Bases { get; init; }

    /// <summary>Deltas may name their base by its offset.</summary>
    internal bool OfsDelta { get; init; }

    /// <summary>The bytes of the pack, in parts that are valid until the next.</summary>
    /// <exception cref="InvalidDataException">A pack is not what it was when it was indexed.</exception>
    /// <exception cref="IOException">A pack can't be read.</exception>
    internal IEnumerable<ReadOnlyMemory<byte>> Read(ObjectFormat format)
    {
        using var hash = format.CreateHash();
        ReadOnlyMemory<byte> Take()
        {
            var part = _buffer.AsMemory(0, _filled);
            hash.AppendData(part.Span);
            _filled = 0;
            return part;
        }

        Put([.. "PACK"u8, 0, 0, 0, 2, .. Number((uint)marks.Count)]);
        for (var pack = 0; pack < store.Packs.Count; pack++)
        {
            var file = store.Packs[pack];
            var order = file.Index.InPackOrder();
            var placed = new long[order.Length];
            for (var rank = 0; rank < order.Length; rank++)
            {
                if (!marks.Contains(new PackPlace(pack, order[rank])))
                {
                    continue;
                }

                placed[rank] = _written;
                var part = PartOf(pack, file, order, rank, placed);
                if (_filled + part.Head.Length > BufferSize)
                {
                    yield return Take();
                }

                Put(part.Head);
                for (var taken = 0L; taken < part.Length; )
                {
                    if (_filled == BufferSize)
                    {
                        yield return Take();
                    }

                    taken += Copy(file.Pack, part, taken);
                }
            }
        }

        yield return Take();
        yield return hash.GetHashAndReset();
    }

    /// <summary>The entry as it goes along.</summary>
    private Part PartOf(int pack, PackFile file, int[] order, int rank, long[] placed)
    {
        var index = file.Index;
        var offset = index.OffsetOf(order[rank]);
        var end = rank + 1 < order.Length ? index.OffsetOf(order[rank + 1]) : file.Pack.Length - file.Start - index.ObjectFormat.ByteLength();
        var head = store.HeadOf(pack, offset);
        var body = new Part([], file.Start + offset + head.Length, end - offset - head.Length, null);
        if (!head.IsDelta)
        {
            return body with { Head = PackEntryForm.HeadOf(head.Type, head.Size) };
        }

        var ofBase = RankOf(index, order, head.Type == PackObjectType.OfsDelta ? offset - head.BaseDistance : OffsetIn(index, head.BaseId));
        if (ofBase >= 0 && placed[ofBase] > 0 && OfsDelta)
        {
            return body with { Head = PackEntryForm.HeadOfDelta(head.Size, _written - placed[ofBase]) };
        }

        var baseId = ofBase >= 0 ? index.IdOf(order[ofBase]) : head.BaseId;
        if (store.TryFind(baseId, out var place) && (IsBefore(place, pack, ofBase, placed) || Bases?.Contains(place) == true))
        {
            return body with { Head = PackEntryForm.HeadOfDelta(head.Size, baseId) };
        }

        var (type, data) = store.Find(index.IdOf(order[rank])) ?? throw new InvalidDataException("an object is no longer there");
        var deflated = PackEntryForm.Deflate(data);
        return new Part(PackEntryForm.HeadOf(type, data.Length), 0, deflated.Length, deflated);
    }

    /// <summary>It goes along, and is there before the delta, so that one reading resolves everything.</summary>
    private bool IsBefore(PackPlace place, int pack, int rank, long[] placed) =>
        marks.Contains(place) && (place.Pack < pack || (place.Pack == pack && rank >= 0 && placed[rank] > 0));

    private static long OffsetIn(PackIndex index, ObjectId id) => index.TryFind(id, out var offset) ? offset : -1;

    /// <summary>The number in the order of the pack of what begins at the offset; negative for nothing.</summary>
    private static int RankOf(PackIndex index, int[] order, long offset)
    {
        for (var (low, high) = (0, order.Length - 1); low <= high && offset >= 0; )
        {
            var middle = low + ((high - low) / 2);
            var found = index.OffsetOf(order[middle]);
            if (found == offset)
            {
                return middle;
            }

            (low, high) = offset < found ? (low, middle - 1) : (middle + 1, high);
        }

        return -1;
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_filled));
        _filled += bytes.Length;
        _written += bytes.Length;
    }

    /// <summary>The next bytes of an entry's data, as many as there is room for.</summary>
    private int Copy(Stream pack, in Part part, long taken)
    {
        var count = (int)Math.Min(part.Length - taken, BufferSize - _filled);
        if (part.Data is { } data)
        {
            data.AsSpan((int)taken, count).CopyTo(_buffer.AsSpan(_filled));
        }
        else
        {
            pack.Position = part.Start + taken;
            pack.ReadExactly(_buffer, _filled, count);
        }

        _filled += count;
        _written += count;
        return count;
    }

    private static byte[] Number(uint value)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    /// <param name="Head">Type, size and base.</param>
    /// <param name="Start">Where in the file the data begins.</param>
    /// <param name="Length">Bytes of the data.</param>
    /// <param name="Data">The data itself where it is not in the file as it goes along.</param>
    private readonly record struct Part(byte[] Head, long Start, long Length, byte[]? Data);
}
