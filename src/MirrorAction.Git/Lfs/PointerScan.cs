using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;

namespace MirrorAction.Git.Lfs;

/// <summary>Finds the pointers in a pack that passes by. Memory grows with the pointers, not with the pack.</summary>
/// <remarks>
/// git makes a delta of a file only where that is shorter than half of it, which no pointer is against one of another object. Deltas that others have
/// made all the same are followed as far as their bases fit into memory.
/// </remarks>
internal sealed class PointerScan(ObjectFormat format) : IPackVisitor, IDisposable
{
    /// <summary>Bytes of small files that are kept as bases of deltas.</summary>
    private const int MaxKept = 16 << 20;

    /// <summary>A bound on a peer that sends pointers without end.</summary>
    private const int MaxPointers = 1_000_000;

    /// <summary>What a kept file costs beside its bytes: entries of two tables.</summary>
    private const int Overhead = 192;

    /// <summary>A delta that makes a pointer is no longer than one.</summary>
    private readonly byte[] _data = new byte[LfsPointer.MaxLength];
    private readonly ObjectHash _hash = new(format);
    private readonly Dictionary<ObjectId, LfsPointer> _found = [];
    private readonly Dictionary<ObjectId, byte[]> _byId = [];
    private readonly Dictionary<long, ObjectId> _byOffset = [];
    private readonly List<(ObjectId Base, byte[] Delta)> _waiting = [];
    private long _kept;
    private long _offset;
    private PackEntryHead _head;
    private int _length;

    /// <summary>
    /// No file was passed over that could be a pointer: what is left is deltas against objects elsewhere, too short to hold an oid.
    /// </summary>
    internal bool IsComplete { get; private set; } = true;

    /// <summary>The pointers of the pack that was scanned, each file once.</summary>
    internal IReadOnlyCollection<FoundPointer> Complete()
    {
        ResolveWaiting();
        IsComplete &= !_waiting.Exists(w => MayMakePointer(w.Delta));
        return [.. _found.Select(f => new FoundPointer(f.Key, f.Value))];
    }

    public void Begin(long offset, in PackEntryHead head)
    {
        (_offset, _head) = (offset, head);
        _length = head.Size < LfsPointer.MaxLength && (head.Type == PackObjectType.Blob || head.IsDelta) ? 0 : -1;
    }

    public void Raw(ReadOnlySpan<byte> bytes) { }

    public void Data(ReadOnlySpan<byte> bytes)
    {
        if (_length >= 0)
        {
            bytes.CopyTo(_data.AsSpan(_length)); // No longer than its head promises.
            _length += bytes.Length;
        }
    }

    public void End()
    {
        if (_length < 0)
        {
            return;
        }

        var data = _data.AsSpan(0, _length);
        switch (_head.Type)
        {
            case PackObjectType.Blob:
                Take(data, _offset);
                break;
            case PackObjectType.OfsDelta when !_byOffset.ContainsKey(_offset - _head.BaseDistance):
                IsComplete &= !MayMakePointer(data);
                break;
            case PackObjectType.OfsDelta when Make(_byId[_byOffset[_offset - _head.BaseDistance]], data) is { } file:
                Take(file, _offset);
                break;
            case PackObjectType.RefDelta when _kept < MaxKept:
                _waiting.Add((_head.BaseId, data.ToArray())); // The base may come later.
                _kept += data.Length + Overhead;
                break;
            case PackObjectType.RefDelta:
                IsComplete = false;
                break;
            default:
                break;
        }
    }

    public void Dispose() => _hash.Dispose();

    private void Take(ReadOnlySpan<byte> file, long? offset)
    {
        var isPointer = LfsPointer.TryParse(file, out var pointer);
        var isKept = _kept < MaxKept;
        if (!isPointer && !isKept)
        {
            return;
        }

        var id = _hash.IdOf(PackObjectType.Blob, file);
        if (isPointer && _found.TryAdd(id, pointer) && _found.Count > MaxPointers)
        {
            throw new InvalidDataException($"is the last of more than {MaxPointers} pointers of Git LFS, which this program does not take in");
        }

        if (isKept && _byId.TryAdd(id, file.ToArray()))
        {
            _kept += file.Length + Overhead;
        }

        if (isKept && offset is { } at)
        {
            _byOffset[at] = id;
        }
    }

    /// <summary>Deltas by id are taken up again until no more of them find their base: the others are of trees and commits.</summary>
    private void ResolveWaiting()
    {
        while (_waiting.Where(w => _byId.ContainsKey(w.Base)).ToArray() is { Length: > 0 } ready)
        {
            _waiting.RemoveAll(w => _byId.ContainsKey(w.Base));
            foreach (var (id, delta) in ready)
            {
                if (Make(_byId[id], delta) is { } file)
                {
                    Take(file, offset: null);
                }
            }
        }
    }

    /// <summary>
    /// Whether a delta may make a pointer to another object than its base does: it makes something of a pointer's length, and has room for an oid,
    /// which no delta copies from elsewhere.
    /// </summary>
    private static bool MayMakePointer(ReadOnlySpan<byte> delta) =>
        PackDelta.ResultSize(delta) is { } size && size is >= LfsPointer.MinLength and < LfsPointer.MaxLength && delta.Length >= LfsPointer.OidLength;

    /// <summary>What a delta makes; null when that is too long for a pointer, or the delta does not fit.</summary>
    private static byte[]? Make(byte[] baseData, ReadOnlySpan<byte> delta)
    {
        try
        {
            return PackDelta.Apply(baseData, delta, LfsPointer.MaxLength - 1);
        }
        catch (GitProtocolException)
        {
            return null;
        }
    }
}
