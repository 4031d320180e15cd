using MirrorAction.Git.Model;

namespace MirrorAction.Git.Packs;

/// <summary>Gets whole objects out of packs that have been indexed, through the deltas they are made of.</summary>
internal sealed class BaseFinder
{
    private readonly (PackIndex Index, PackObjects Objects)[] _packs;

    internal BaseFinder(IReadOnlyList<PackFile> packs) =>
        _packs = [.. packs.Select(p => (p.Index, new PackObjects(p.Pack, p.Start, p.Index.ObjectFormat)))];

    /// <summary>The object, or null when none of the packs has it.</summary>
    /// <exception cref="InvalidDataException">A pack is not what it was when it was indexed.</exception>
    internal (PackObjectType Type, byte[] Data)? Find(ObjectId id)
    {
        if (!TryLocate(id, first: 0, out var pack, out var offset))
        {
            return null;
        }

        var deltas = new Stack<byte[]>();
        for (long bytes = 0; ; )
        {
            var data = _packs[pack].Objects.Read(offset, out var head);
            if (!head.IsDelta)
            {
                return (head.Type, deltas.Aggregate(data, (whole, delta) => PackDelta.Apply(whole, delta, PackObjects.MaxDeltaBytes)));
            }

            deltas.Push(data);
            bytes += data.Length;
            if (bytes > PackObjects.MaxDeltaBytes)
            {
                throw new InvalidDataException($"has a base that is made of more than {PackObjects.MaxDeltaBytes >> 20} MiB of deltas");
            }

            if (head.Type == PackObjectType.OfsDelta)
            {
                offset -= head.BaseDistance;
            }
            else if (!TryLocate(head.BaseId, pack, out pack, out offset))
            {
                throw new InvalidDataException($"has a base that is itself a delta against {head.BaseId}, which none of the packs has");
            }
        }
    }

    /// <summary>
    /// In the pack at hand, else in the earliest that has it: a delta was resolved either within its pack or from an earlier one, so that no chain of
    /// deltas comes back to where it was.
    /// </summary>
    private bool TryLocate(ObjectId id, int first, out int pack, out long offset)
    {
        if (first < _packs.Length && _packs[first].Index.TryFind(id, out offset))
        {
            pack = first;
            return true;
        }

        for (pack = 0; pack < _packs.Length; pack++)
        {
            if (_packs[pack].Index.TryFind(id, out offset))
            {
                return true;
            }
        }

        offset = -1;
        return false;
    }
}
