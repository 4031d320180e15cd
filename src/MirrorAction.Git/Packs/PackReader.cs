using System.Buffers.Binary;
using MirrorAction.Git.Model;

namespace MirrorAction.Git.Packs;

/// <summary>The types of objects in a pack (gitformat-pack, "Object types").</summary>
internal enum PackObjectType
{
    Commit = 1,
    Tree = 2,
    Blob = 3,
    Tag = 4,
    OfsDelta = 6,
    RefDelta = 7,
}

/// <summary>Reads the objects out of a small pack that is in memory, deltas resolved.</summary>
/// <remarks>
/// gitformat-pack: an entry is type and size (three bits and a varint), for deltas the base (an offset back, or an id), and a zlib stream. Exists to
/// read commits out of a filtered fetch, so it keeps every object to serve as a base, up to a bound. Throws <see cref="GitProtocolException"/> on
/// anything that is not such a pack.
/// </remarks>
internal static class PackReader
{
    /// <summary>Bytes of objects that are kept; a bound on what a hostile peer can make us hold.</summary>
    internal const int MaxObjectBytes = 128 << 20;

    /// <summary>What an object costs beside its bytes: entries of two tables and of the caller's.</summary>
    private const int ObjectOverhead = 256;

    internal static IEnumerable<(ObjectId Id, PackObjectType Type, byte[] Data)> ReadAll(byte[] pack, ObjectFormat format)
    {
        if (pack.Length < PackTrailerValidator.HeaderLength)
        {
            throw new GitProtocolException("The pack is malformed: it ends within its header.");
        }

        var at = PackTrailerValidator.HeaderLength;
        var count = BinaryPrimitives.ReadUInt32BigEndian(pack.AsSpan(8));
        var inflater = new Inflater();
        using var hash = new ObjectHash(format);
        var byOffset = new Dictionary<long, (PackObjectType Type, byte[] Data)>();
        var offsets = new Dictionary<ObjectId, long>();
        var budget = (long)MaxObjectBytes;
        for (uint i = 0; i < count; i++)
        {
            var offset = at;
            var entry = ReadEntry(pack, ref at, inflater, format, byOffset, offsets, (int)Math.Min(budget, int.MaxValue));
            budget -= entry.Data.Length + ObjectOverhead;
            byOffset[offset] = entry;
            var id = hash.IdOf(entry.Type, entry.Data);
            offsets[id] = offset;
            yield return (id, entry.Type, entry.Data);
        }
    }

    /// <summary>What the first line of a commit or annotated tag names, where it begins with the word; else nothing.</summary>
    internal static ObjectId[] TargetOf(ReadOnlySpan<byte> data, ReadOnlySpan<byte> word)
    {
        var end = data.IndexOf((byte)'\n');
        var line = end < 0 ? data : data[..end];
        return line.StartsWith(word) && ObjectId.TryParse(line[word.Length..], out var id) ? [id] : [];
    }

    /// <summary>The parents that a commit names.</summary>
    internal static IEnumerable<ObjectId> ParentsOf(byte[] commit)
    {
        // Line by line: a message of a hundred megabytes is behind them.
        for (var at = 0; at < commit.Length; )
        {
            var length = commit.AsSpan(at).IndexOf((byte)'\n');
            var line = commit.AsMemory(at, length < 0 ? commit.Length - at : length);
            at += line.Length + 1;
            var isParent = line.Span.StartsWith("parent "u8);
            if (isParent && ObjectId.TryParse(line.Span["parent ".Length..], out var id))
            {
                yield return id;
            }
            else if (!isParent && !line.Span.StartsWith("tree "u8))
            {
                yield break;
            }
        }
    }

    private static (PackObjectType Type, byte[] Data) ReadEntry(
        byte[] pack,
        ref int at,
        Inflater inflater,
        ObjectFormat format,
        Dictionary<long, (PackObjectType Type, byte[] Data)> byOffset,
        Dictionary<ObjectId, long> offsets,
        int maxLength
    )
    {
        var offset = at;
        try
        {
            var head = PackEntryHead.TryRead(pack.AsSpan(at), format, out var read) ? read : throw new InvalidDataException("is missing");
            at += head.Length;
            if (head.Size > (pack.Length - at) * (long)PackEntryHead.MaxInflation)
            {
                throw new InvalidDataException("promises a size that cannot be"); // Before memory is set aside for it.
            }

            var data =
                head.Size <= maxLength
                    ? new byte[head.Size]
                    : throw new InvalidDataException("makes all objects together larger than this program takes in");
            at += Inflate(inflater, pack.AsSpan(at), data);
            if (!head.IsDelta)
            {
                return (head.Type, data);
            }

            var baseOffset = head.Type == PackObjectType.OfsDelta ? offset - head.BaseDistance : offsets.GetValueOrDefault(head.BaseId, -1);
            return byOffset.TryGetValue(baseOffset, out var known)
                ? (known.Type, PackDelta.Apply(known.Data, data, maxLength))
                : throw new InvalidDataException("is a delta without base");
        }
        catch (InvalidDataException e)
        {
            throw new GitProtocolException($"The pack is malformed: the object at byte {offset} {e.Message}.");
        }
    }

    private static int Inflate(Inflater inflater, ReadOnlySpan<byte> input, Span<byte> data)
    {
        inflater.Reset();
        var taken = 0;
        while (!inflater.IsDone)
        {
            taken += inflater.Inflate(input[taken..], isLast: true, out var output);
            _ = output.Length <= data.Length ? true : throw new InvalidDataException("inflates to more than it promises");
            output.CopyTo(data);
            data = data[output.Length..];
        }

        return data.Length == 0 ? taken : throw new InvalidDataException("inflates to less than it promises");
    }
}
