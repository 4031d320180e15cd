using MirrorAction.Git.Model;

namespace MirrorAction.Git.Packs;

/// <summary>Where an object is: the number of its pack, and its number among that pack's objects in the order of their ids.</summary>
internal readonly record struct PackPlace(int Pack, int Entry);

/// <summary>Gets whole objects out of packs that have been indexed, through the deltas they are made of. Not thread-safe.</summary>
/// <param name="packs">The packs, the earliest first.</param>
/// <param name="cacheBytes">How much is kept in memory of what was read, for the deltas that stand on it.</param>
internal sealed class PackStore(IReadOnlyList<PackFile> packs, long cacheBytes = 0)
{
    private readonly PackObjects[] _objects = [.. packs.Select(p => new PackObjects(p.Pack, p.Start, p.Index.ObjectFormat))];
    private readonly Dictionary<(int Pack, long Offset), (PackObjectType Type, byte[] Data)> _cache = [];
    private readonly Queue<(int Pack, long Offset)> _oldest = new();
    private long _cached;

    /// <summary>The packs, the earliest first.</summary>
    internal IReadOnlyList<PackFile> Packs => packs;

    /// <summary>Finds the object in the earliest pack that has it.</summary>
    internal bool TryFind(ObjectId id, out PackPlace place)
    {
        for (var pack = 0; pack < packs.Count; pack++)
        {
            if (packs[pack].Index.TryFindEntry(id, out var entry))
            {
                place = new PackPlace(pack, entry);
                return true;
            }
        }

        place = default;
        return false;
    }

    /// <summary>What stands before the data of an entry.</summary>
    internal PackEntryHead HeadOf(int pack, long offset) => _objects[pack].ReadHead(offset);

    /// <summary>The type of an object, without its data.</summary>
    /// <exception cref="InvalidDataException">A pack is not what it was when it was indexed.</exception>
    internal PackObjectType TypeOf(PackPlace place)
    {
        var (pack, offset) = (place.Pack, packs[place.Pack].Index.OffsetOf(place.Entry));
        while (true)
        {
            var head = HeadOf(pack, offset);
            if (!head.IsDelta)
            {
                return head.Type;
            }

            StepToBase(head, ref pack, ref offset);
        }
    }

    /// <summary>The size of an object in bytes; of a delta's, by making it.</summary>
    /// <exception cref="InvalidDataException">A pack is not what it was when it was indexed.</exception>
    internal long SizeOf(PackPlace place, ObjectId id)
    {
        var head = HeadOf(place.Pack, packs[place.Pack].Index.OffsetOf(place.Entry));
        return head.IsDelta ? Find(id)!.Value.Data.Length : head.Size;
    }

    /// <summary>The object, or null when none of the packs has it.</summary>
    /// <exception cref="InvalidDataException">A pack is not what it was when it was indexed.</exception>
    internal (PackObjectType Type, byte[] Data)? Find(ObjectId id)
    {
        if (!TryLocate(id, first: 0, out var pack, out var offset))
        {
            return null;
        }

        var deltas = new Stack<((int Pack, long Offset) Key, byte[] Data)>();
        for (long bytes = 0; ; )
        {
            if (_cache.TryGetValue((pack, offset), out var known))
            {
                return Apply(known, deltas);
            }

            var data = _objects[pack].Read(offset, out var head);
            if (!head.IsDelta)
            {
                Keep((pack, offset), (head.Type, data));
                return Apply((head.Type, data), deltas);
            }

            deltas.Push(((pack, offset), data));
            bytes += data.Length;
            if (bytes > PackObjects.MaxDeltaBytes)
            {
                throw new InvalidDataException($"has a base that is made of more than {PackObjects.MaxDeltaBytes >> 20} MiB of deltas");
            }

            StepToBase(head, ref pack, ref offset);
        }
    }

    private (PackObjectType Type, byte[] Data) Apply(
        (PackObjectType Type, byte[] Data) whole,
        Stack<((int Pack, long Offset) Key, byte[] Data)> deltas
    )
    {
        foreach (var (key, delta) in deltas)
        {
            whole = (whole.Type, PackDelta.Apply(whole.Data, delta, PackObjects.MaxDeltaBytes));
            Keep(key, whole);
        }

        return whole;
    }

    private void Keep((int Pack, long Offset) key, (PackObjectType Type, byte[] Data) whole)
    {
        // One large object is not worth all the small ones.
        if (whole.Data.Length > cacheBytes / 4 || !_cache.TryAdd(key, whole))
        {
            return;
        }

        _oldest.Enqueue(key);
        for (_cached += whole.Data.Length; _cached > cacheBytes; )
        {
            _ = _cache.Remove(_oldest.Dequeue(), out var dropped);
            _cached -= dropped.Data.Length;
        }
    }

    private void StepToBase(in PackEntryHead head, ref int pack, ref long offset)
    {
        if (head.Type == PackObjectType.OfsDelta)
        {
            offset -= head.BaseDistance;
        }
        else if (!TryLocate(head.BaseId, pack, out pack, out offset))
        {
            throw new InvalidDataException($"has a base that is itself a delta against {head.BaseId}, which none of the packs has");
        }
    }

    /// <summary>
    /// In the pack at hand, else in the earliest that has it: a delta was resolved either within its pack or from an earlier one, so that no chain of
    /// deltas comes back to where it was.
    /// </summary>
    private bool TryLocate(ObjectId id, int first, out int pack, out long offset)
    {
        if (first < packs.Count && packs[first].Index.TryFind(id, out offset))
        {
            pack = first;
            return true;
        }

        var isFound = TryFind(id, out var place);
        (pack, offset) = isFound ? (place.Pack, packs[place.Pack].Index.OffsetOf(place.Entry)) : (-1, -1);
        return isFound;
    }
}
