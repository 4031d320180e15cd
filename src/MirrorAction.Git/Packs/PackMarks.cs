using System.Collections;

namespace MirrorAction.Git.Packs;

/// <summary>A set of objects of some packs: a bit each, whatever their number.</summary>
internal sealed class PackMarks(IReadOnlyList<PackFile> packs)
{
    private readonly BitArray[] _bits = [.. packs.Select(pack => new BitArray(pack.Index.Count))];

    /// <summary>How many there are.</summary>
    internal int Count { get; private set; }

    /// <summary>Adds one; false when it was there.</summary>
    internal bool Add(PackPlace place)
    {
        if (Contains(place))
        {
            return false;
        }

        _bits[place.Pack][place.Entry] = true;
        Count++;
        return true;
    }

    /// <summary>Whether it is in the set.</summary>
    internal bool Contains(PackPlace place) => _bits[place.Pack][place.Entry];
}
