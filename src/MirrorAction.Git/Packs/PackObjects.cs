using MirrorAction.Git.Model;

namespace MirrorAction.Git.Packs;

/// <summary>Reads single entries of a pack that has been read through once.</summary>
/// <remarks>Throws <see cref="InvalidDataException"/>, whose message goes on from "object 3". Not thread-safe; does not own the stream.</remarks>
internal sealed class PackObjects(Stream pack, long start, ObjectFormat format)
{
    /// <summary>
    /// The largest object that takes part in a delta, as base or as what is made. git makes no deltas of files above its
    /// <c>core.bigFileThreshold</c>, which is as large; objects that are stored whole have no bound.
    /// </summary>
    internal const int MaxDeltaBytes = 512 << 20;

    private readonly byte[] _buffer = new byte[16 << 10];
    private readonly Inflater _inflater = new();

    /// <summary>The data of the entry at an offset, inflated; of a delta, its instructions.</summary>
    internal byte[] Read(long offset, out PackEntryHead head)
    {
        var count = Fill(_buffer, offset, out head);
        if (head.Size > MaxDeltaBytes)
        {
            throw new InvalidDataException(
                $"has {head.Size} bytes and takes part in a delta; this program resolves deltas of up to {MaxDeltaBytes >> 20} MiB"
            );
        }

        var data = new byte[head.Size];
        var (at, filled) = (head.Length, 0);
        _inflater.Reset();
        while (!_inflater.IsDone)
        {
            if (at > 0)
            {
                _buffer.AsSpan(at, count - at).CopyTo(_buffer);
                (at, count) = (0, count - at);
            }

            var more = count < _buffer.Length / 2 ? pack.Read(_buffer.AsSpan(count)) : 0;
            count += more;
            at = _inflater.Inflate(_buffer.AsSpan(0, count), isLast: more == 0 && pack.Position == pack.Length, out var output);
            _ = output.Length <= data.Length - filled ? true : throw new InvalidDataException("is not what it was when it was read first");
            output.CopyTo(data.AsSpan(filled));
            filled += output.Length;
        }

        return filled == data.Length ? data : throw new InvalidDataException("is not what it was when it was read first");
    }

    /// <summary>What stands before the data of the entry at an offset.</summary>
    internal PackEntryHead ReadHead(long offset)
    {
        _ = Fill(_buffer.AsSpan(0, PackEntryHead.MaxLength), offset, out var head);
        return head;
    }

    private int Fill(Span<byte> buffer, long offset, out PackEntryHead head)
    {
        pack.Position = start + offset;
        var count = pack.ReadAtLeast(buffer, PackEntryHead.MaxLength, throwOnEndOfStream: false);
        return PackEntryHead.TryRead(buffer[..count], format, out head) ? count : throw new InvalidDataException("is missing");
    }
}
