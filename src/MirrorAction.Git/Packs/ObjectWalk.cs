using System.Collections;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;

namespace MirrorAction.Git.Packs;

/// <summary>Marks what objects reach, themselves included, as <c>git rev-list --objects</c> lists it.</summary>
/// <param name="store">Where the objects are.</param>
/// <param name="format">The hash that names them.</param>
/// <param name="filter">What is left out, unless a walk begins with it; where commits alone are asked for, in any case.</param>
/// <param name="cancellationToken">Ends a walk.</param>
internal sealed class ObjectWalk(PackStore store, ObjectFormat format, ObjectFilter filter, CancellationToken cancellationToken)
{
    private readonly Stack<(ObjectId Id, PackObjectType? Type, ObjectId NeededBy)> _open = new();

    /// <summary>Walks from some objects.</summary>
    /// <param name="tips">Where it begins.</param>
    /// <param name="marks">Takes what is reached; what is there already is not walked again.</param>
    /// <param name="without">What is not to be marked nor walked; null for nothing.</param>
    /// <param name="missing">Called for an object that is reached and in no pack, with the one that needs it.</param>
    /// <exception cref="InvalidDataException">An object is not what git writes; the message names it.</exception>
    internal void Mark(IEnumerable<ObjectId> tips, PackMarks marks, PackMarks? without, Action<ObjectId, PackObjectType?, ObjectId> missing)
    {
        foreach (var tip in tips)
        {
            _open.Push((tip, null, tip));
        }

        while (_open.TryPop(out var next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!store.TryFind(next.Id, out var place))
            {
                missing(next.Id, next.Type, next.NeededBy);
                continue;
            }

            if (marks.Contains(place) || without?.Contains(place) == true)
            {
                continue;
            }

            var type = next.Type ?? store.TypeOf(place);
            if (IsLeftOut(type, place, next.Id, isTip: next.Id == next.NeededBy))
            {
                continue;
            }

            marks.Add(place);
            if (type != PackObjectType.Blob)
            {
                Open(next.Id, type);
            }
        }
    }

    private bool IsLeftOut(PackObjectType type, PackPlace place, ObjectId id, bool isTip) =>
        filter switch
        {
            ObjectFilter.CommitsOnly => type is PackObjectType.Tree or PackObjectType.Blob,
            ObjectFilter.NoBlobs => type == PackObjectType.Blob && !isTip,
            ObjectFilter.SmallBlobs => type == PackObjectType.Blob && !isTip && store.SizeOf(place, id) >= FetchRequest.LargeBlob,
            _ => false,
        };

    private void Open(ObjectId id, PackObjectType type)
    {
        try
        {
            var data = store.Find(id)!.Value.Data;
            switch (type)
            {
                case PackObjectType.Commit:
                    foreach (var parent in PackReader.ParentsOf(data))
                    {
                        _open.Push((parent, PackObjectType.Commit, id));
                    }

                    // The tree on top of the parents: it is the base of theirs, more often than not, and was just read.
                    PushUnlessFiltered(ObjectLinks.TreeOf(data), id);
                    break;
                case PackObjectType.Tag:
                    _open.Push((ObjectLinks.TargetOf(data), null, id));
                    break;
                default:
                    ObjectLinks.ReadTree(data, format, (entry, kind) => _open.Push((entry, kind, id)));
                    break;
            }
        }
        catch (Exception e) when (e is InvalidDataException or GitProtocolException)
        {
            throw new InvalidDataException($"{id} {e.Message}", e);
        }
    }

    private void PushUnlessFiltered(ObjectId tree, ObjectId commit)
    {
        if (filter != ObjectFilter.CommitsOnly)
        {
            _open.Push((tree, PackObjectType.Tree, commit));
        }
    }
}

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
