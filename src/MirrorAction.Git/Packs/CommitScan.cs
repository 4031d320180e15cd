using MirrorAction.Git.Model;

namespace MirrorAction.Git.Packs;

/// <summary>Collects the commits and annotated tags of a pack that passes by, each under the hash of what was really there.</summary>
/// <remarks>
/// What is stored as a delta is followed where its base came before it in the pack. A commit that is passed over is missing from what was found,
/// which proves less and nothing wrong.
/// </remarks>
internal sealed class CommitScan(ObjectFormat format) : IPackVisitor, IDisposable
{
    /// <summary>Longer ones have a message that nobody needs here.</summary>
    private const int MaxLength = 64 << 10;

    /// <summary>Bytes that are kept of all together.</summary>
    private const int MaxKept = 16 << 20;

    private readonly ObjectHash _hash = new(format);
    private readonly Dictionary<long, (PackObjectType Type, byte[] Data)> _byOffset = [];
    private readonly Dictionary<ObjectId, long> _offsets = [];
    private readonly List<(ObjectId Id, PackObjectType Type, byte[] Data)> _found = [];
    private PackEntryHead _head;
    private byte[]? _data;
    private long _offset;
    private long _kept;
    private int _length;

    /// <summary>What was found.</summary>
    internal IReadOnlyList<(ObjectId Id, PackObjectType Type, byte[] Data)> Found => _found;

    public void Begin(long offset, in PackEntryHead head)
    {
        (_offset, _head, _length) = (offset, head, 0);
        var isWanted = head.Type is PackObjectType.Commit or PackObjectType.Tag || BaseOf(head) is not null;
        _data = isWanted && head.Size <= MaxLength && _kept + head.Size <= MaxKept ? new byte[head.Size] : null;
    }

    public void Raw(ReadOnlySpan<byte> bytes) { }

    public void Data(ReadOnlySpan<byte> bytes)
    {
        if (_data is not null)
        {
            bytes.CopyTo(_data.AsSpan(_length)); // No longer than its head promises.
            _length += bytes.Length;
        }
    }

    public void End()
    {
        if (_data is null)
        {
            return;
        }

        if (BaseOf(_head) is not { } known)
        {
            Take(_head.Type, _data);
        }
        else if (Make(known.Data, _data) is { } made)
        {
            Take(known.Type, made);
        }
    }

    public void Dispose() => _hash.Dispose();

    private void Take(PackObjectType type, byte[] data)
    {
        var id = _hash.IdOf(type, data);
        _kept += data.Length;
        _byOffset[_offset] = (type, data);
        _offsets[id] = _offset;
        _found.Add((id, type, data));
    }

    /// <summary>A delta that does not fit its base: the receiver will refuse the pack.</summary>
    private static byte[]? Make(byte[] baseData, byte[] delta)
    {
        try
        {
            return PackDelta.Apply(baseData, delta, MaxLength);
        }
        catch (GitProtocolException)
        {
            return null;
        }
    }

    private (PackObjectType Type, byte[] Data)? BaseOf(in PackEntryHead head)
    {
        var at =
            head.Type == PackObjectType.OfsDelta ? _offset - head.BaseDistance
            : head.Type == PackObjectType.RefDelta ? _offsets.GetValueOrDefault(head.BaseId, -1)
            : -1;
        return _byOffset.TryGetValue(at, out var known) ? known : null;
    }
}
