using System.Buffers.Binary;

namespace MirrorAction.TestKit;

/// <summary>Bytes without end that no compressor can shrink, the same for the same seed on every machine.</summary>
public sealed class RandomBytes(ulong seed)
{
    // splitmix64: System.Random promises no stable sequence between versions of .NET.
    private ulong _state = seed;

    /// <summary>Fills the buffer with the next bytes.</summary>
    public void Fill(Span<byte> buffer)
    {
        Span<byte> last = stackalloc byte[8];
        while (buffer.Length >= 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(buffer, Next());
            buffer = buffer[8..];
        }

        BinaryPrimitives.WriteUInt64LittleEndian(last, Next());
        last[..buffer.Length].CopyTo(buffer);
    }

    /// <summary>That many of the next bytes.</summary>
    public byte[] Take(int count)
    {
        var bytes = new byte[count];
        Fill(bytes);
        return bytes;
    }

    private ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
