using MirrorAction.Git.Model;

namespace MirrorAction.Git.Packs;

/// <summary>Applies a delta to its base.</summary>
/// <remarks>
/// gitformat-pack, "Deltified representation": the sizes of base and result, then instructions: a byte with the high bit copies from the base (its
/// low four bits name which offset bytes follow, the next three which size bytes), any other but 0 is the number of literal bytes behind it.
/// </remarks>
internal static class PackDelta
{
    /// <summary>Bytes of what the delta makes; null when it does not say.</summary>
    internal static long? ResultSize(ReadOnlySpan<byte> delta)
    {
        try
        {
            _ = ReadSize(ref delta);
            return ReadSize(ref delta);
        }
        catch (GitProtocolException)
        {
            return null;
        }
    }

    /// <exception cref="GitProtocolException">The delta does not fit its base.</exception>
    internal static byte[] Apply(ReadOnlySpan<byte> baseData, ReadOnlySpan<byte> delta, int maxLength)
    {
        if (ReadSize(ref delta) != baseData.Length || ReadSize(ref delta) is var size && size > Math.Min(maxLength, Longest(baseData, delta)))
        {
            throw Broken();
        }

        var result = new byte[size];
        var at = 0;
        while (delta.Length > 0)
        {
            var instruction = delta[0];
            delta = delta[1..];
            var source = instruction >= 0x80 ? Copied(baseData, ref delta, instruction) : Taken(ref delta, instruction);
            if (source.Length > result.Length - at)
            {
                throw Broken();
            }

            source.CopyTo(result.AsSpan(at));
            at += source.Length;
        }

        return at == result.Length ? result : throw Broken();
    }

    /// <summary>What the instructions can make at most: memory is set aside only for what can come.</summary>
    private static long Longest(ReadOnlySpan<byte> baseData, ReadOnlySpan<byte> instructions) =>
        (long)instructions.Length * Math.Max(baseData.Length, 1);

    private static ReadOnlySpan<byte> Taken(ref ReadOnlySpan<byte> delta, int length)
    {
        if (length == 0 || length > delta.Length)
        {
            throw Broken();
        }

        var literal = delta[..length];
        delta = delta[length..];
        return literal;
    }

    private static ReadOnlySpan<byte> Copied(ReadOnlySpan<byte> baseData, ref ReadOnlySpan<byte> delta, byte instruction)
    {
        long offset = ReadSparse(ref delta, instruction, bytes: 4);
        var length = ReadSparse(ref delta, instruction >> 4, bytes: 3);
        length = length == 0 ? 0x10000 : length;
        return offset + length <= baseData.Length ? baseData.Slice((int)offset, (int)length) : throw Broken();
    }

    private static uint ReadSparse(ref ReadOnlySpan<byte> delta, int mask, int bytes)
    {
        uint value = 0;
        for (var i = 0; i < bytes; i++)
        {
            if ((mask & (1 << i)) != 0)
            {
                value |= (uint)Taken(ref delta, 1)[0] << (8 * i);
            }
        }

        return value;
    }

    private static long ReadSize(ref ReadOnlySpan<byte> delta)
    {
        long size = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var part = Taken(ref delta, 1)[0];
            size |= (long)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return size;
            }
        }

        throw Broken();
    }

    private static GitProtocolException Broken() => new("A delta in the pack does not fit its base.");
}
