using MirrorAction.Git.Model;

namespace MirrorAction.Git.Packs;

/// <summary>The second reading of a pack: makes the objects that deltas stand for, and names them.</summary>
/// <remarks>
/// Goes from each base to the deltas on it, to the deltas on those and so on, depth first, so that a base is made once. The way down is kept on a
/// stack of its own: chains of thousands exist. What is made stays in memory only while deltas on it wait, within a bound; what was let go is made
/// again from what is below it.
/// </remarks>
internal sealed class DeltaResolver
{
    /// <summary>Bytes of bases kept for the deltas that wait for them; as much as git's <c>core.deltaBaseCacheLimit</c>.</summary>
    internal const long CacheBytes = 96 << 20;

    private readonly PackObjects _objects;
    private readonly PackEntries _entries;
    private readonly PackStore _earlier;
    private readonly long _cacheBytes;
    private readonly CancellationToken _cancellationToken;
    private readonly List<Base> _path = [];
    private long _kept;
    private int _lowestKept;

    internal DeltaResolver(
        PackObjects objects,
        PackEntries entries,
        IReadOnlyList<PackFile> earlier,
        CancellationToken cancellationToken,
        long cacheBytes = CacheBytes
    )
    {
        _objects = objects;
        _entries = entries;
        _earlier = new PackStore(earlier);
        _cacheBytes = cacheBytes;
        _cancellationToken = cancellationToken;
        entries.ByOffset.Sort();
        entries.ById.Sort((a, b) => Compare(a.Base, b.Base) is var byId && byId != 0 ? byId : a.Delta.CompareTo(b.Delta));
    }

    /// <summary>The objects of earlier packs that were needed, each once.</summary>
    internal List<ObjectId> ForeignBases { get; } = [];

    /// <exception cref="GitProtocolException">A delta cannot be resolved; the message names it.</exception>
    internal void Resolve()
    {
        using var hash = new ObjectHash(_entries.Format);
        for (var i = 0; i < _entries.Count; i++)
        {
            if (!_entries.IsDelta(i))
            {
                ResolveAbove(BaseOf(i, ObjectId.FromBytes(_entries.IdOf(i)), _entries.TypeOf(i)), hash);
            }
        }

        // What is left stands on objects of earlier packs.
        for (var i = 0; i < _entries.ById.Count; i++)
        {
            var (id, delta) = _entries.ById[i];
            if (_entries.IsDelta(delta) && Reading(delta, () => _earlier.Find(id)) is { } found)
            {
                ForeignBases.Add(id);
                ResolveAbove(BaseOf(-1, id, found.Type), hash);
            }
        }

        foreach (var (id, delta) in _entries.ById)
        {
            _ = _entries.IsDelta(delta)
                ? throw _entries.Broken(delta, $"is a delta against {id}, which neither this pack nor an earlier one has")
                : true;
        }

        foreach (var (_, delta) in _entries.ByOffset)
        {
            _ = _entries.IsDelta(delta) ? throw _entries.Broken(delta, "is a delta against one that cannot be resolved") : true;
        }
    }

    private void ResolveAbove(Base root, ObjectHash hash)
    {
        for (Enter(root); _path.Count > 0; )
        {
            _cancellationToken.ThrowIfCancellationRequested();
            var top = _path[^1];
            if (NextDelta(top) is not { } delta)
            {
                Release(top);
                _path.RemoveAt(_path.Count - 1);
                continue;
            }

            if (!_entries.IsDelta(delta))
            {
                continue; // By another object of the same name.
            }

            var data = Apply(DataOf(_path.Count - 1), delta);
            var id = hash.IdOf(root.Type, data);
            _entries.Resolve(delta, root.Type, id);
            if (!top.HasMore)
            {
                Release(top);
            }

            var next = BaseOf(delta, id, root.Type);
            if (next.HasMore)
            {
                Enter(next);
                Keep(_path.Count - 1, data);
            }
        }
    }

    private void Enter(Base item)
    {
        _path.Add(item);
        _lowestKept = Math.Min(_lowestKept, _path.Count - 1);
    }

    /// <summary>The data of the topmost base, made again when it was let go.</summary>
    private byte[] DataOf(int level)
    {
        var lowest = level;
        while (lowest > 0 && _path[lowest].Data is null)
        {
            lowest--;
        }

        var data = _path[lowest].Data ?? ReadRoot(_path[0]);
        Keep(lowest, data);
        while (lowest < level)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            data = Apply(data, _path[++lowest].Entry);
            Keep(lowest, data);
        }

        return data;
    }

    private byte[] ReadRoot(Base root) =>
        root.Entry >= 0
            ? Reading(root.Entry, () => _objects.Read(_entries.OffsetOf(root.Entry), out _))
            : Reading(FirstOn(root.Id), () => _earlier.Find(root.Id)!.Value.Data);

    private byte[] Apply(byte[] data, int delta) =>
        Reading(
            delta,
            () =>
            {
                var instructions = _objects.Read(_entries.OffsetOf(delta), out _);
                try
                {
                    return PackDelta.Apply(data, instructions, PackObjects.MaxDeltaBytes);
                }
                catch (GitProtocolException e)
                {
                    throw new InvalidDataException(
                        $"is a delta that does not fit its base, or makes more than {PackObjects.MaxDeltaBytes >> 20} MiB",
                        e
                    );
                }
            }
        );

    private T Reading<T>(int entry, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException e)
        {
            throw _entries.Broken(entry, e.Message);
        }
    }

    /// <summary>
    /// Remembers the data of a base on which more deltas wait, and lets go of others when there is too much; the lowest first, which are needed last.
    /// </summary>
    private void Keep(int level, byte[] data)
    {
        var item = _path[level];
        if (item.Data is not null || !item.HasMore)
        {
            return;
        }

        item.Data = data;
        _kept += data.Length;
        _lowestKept = Math.Min(_lowestKept, level);
        for (; _kept > _cacheBytes && _lowestKept < level; _lowestKept++)
        {
            Release(_path[_lowestKept]);
        }
    }

    private void Release(Base item)
    {
        _kept -= item.Data?.Length ?? 0;
        item.Data = null;
    }

    private int? NextDelta(Base item) =>
        item.ByOffset < _entries.ByOffset.Count && _entries.ByOffset[item.ByOffset].Base == item.Entry ? _entries.ByOffset[item.ByOffset++].Delta
        : item.ById < _entries.ById.Count && _entries.ById[item.ById].Base == item.Id ? _entries.ById[item.ById++].Delta
        : null;

    private Base BaseOf(int entry, ObjectId id, PackObjectType type) =>
        new(this, entry, id, type)
        {
            ByOffset = entry < 0 ? _entries.ByOffset.Count : LowerBound(_entries.ByOffset, d => d.Base < entry),
            ById = FirstPlace(id),
        };

    private int FirstPlace(ObjectId id) => LowerBound(_entries.ById, d => Compare(d.Base, id) < 0);

    private int FirstOn(ObjectId id) => _entries.ById[FirstPlace(id)].Delta;

    private static int LowerBound<T>(List<T> sorted, Func<T, bool> isBefore)
    {
        var (low, high) = (0, sorted.Count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = isBefore(sorted[middle]) ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static int Compare(ObjectId a, ObjectId b)
    {
        Span<byte> left = stackalloc byte[32];
        Span<byte> right = stackalloc byte[32];
        return left[..a.CopyTo(left)].SequenceCompareTo(right[..b.CopyTo(right)]);
    }

    /// <summary>An object with deltas on it: an entry of the pack, or (-1) an object of an earlier one.</summary>
    private sealed class Base(DeltaResolver resolver, int entry, ObjectId id, PackObjectType type)
    {
        internal int Entry => entry;

        internal ObjectId Id => id;

        internal PackObjectType Type => type;

        /// <summary>Where the next delta by offset stands in its table.</summary>
        internal int ByOffset { get; set; }

        /// <summary>Where the next delta by id stands in its table.</summary>
        internal int ById { get; set; }

        /// <summary>The object; null when it was let go.</summary>
        internal byte[]? Data { get; set; }

        /// <summary>More deltas wait.</summary>
        internal bool HasMore =>
            (ByOffset < resolver._entries.ByOffset.Count && resolver._entries.ByOffset[ByOffset].Base == entry)
            || (ById < resolver._entries.ById.Count && resolver._entries.ById[ById].Base == id);
    }
}
