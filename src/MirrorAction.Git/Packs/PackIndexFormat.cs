using System.Buffers.Binary;
using System.Security.Cryptography;
using MirrorAction.Git.Model;

namespace MirrorAction.Git.Packs;

/// <summary>The file that git keeps beside a pack.</summary>
/// <remarks>
/// gitformat-pack, "Version 2 pack-*.idx files":
/// <code>
/// idx = FF "tOc" version(4) fanout(256 * 4) *obj-id *crc32(4) *offset(4) *large-offset(8) pack-checksum idx-checksum
/// </code>
/// An offset of 2 GiB or more stands in the table of large offsets, and its place in there, with the high bit set, in the table of offsets.
/// </remarks>
internal static class PackIndexFormat
{
    internal static void Write(
        Stream idx,
        ObjectFormat format,
        ReadOnlySpan<byte> ids,
        ReadOnlySpan<uint> crcs,
        ReadOnlySpan<long> offsets,
        ReadOnlySpan<byte> packChecksum
    )
    {
        using var output = new Output(idx, format);
        output.Write([0xff, .. "tOc"u8]);
        output.Write(2);
        var length = format.ByteLength();
        for (var (first, count) = (0, 0); first < 256; first++)
        {
            while (count < offsets.Length && ids[count * length] <= first)
            {
                count++;
            }

            output.Write((uint)count);
        }

        output.Write(ids);
        foreach (var crc in crcs)
        {
            output.Write(crc);
        }

        uint large = 0;
        foreach (var offset in offsets)
        {
            output.Write(offset <= int.MaxValue ? (uint)offset : 0x8000_0000 | large++);
        }

        foreach (var offset in offsets)
        {
            if (offset > int.MaxValue)
            {
                output.Write((uint)(offset >> 32));
                output.Write((uint)offset);
            }
        }

        output.Write(packChecksum);
        output.Finish();
    }

    /// <summary>Hashes what it writes.</summary>
    private sealed class Output(Stream stream, ObjectFormat format) : IDisposable
    {
        private readonly IncrementalHash _hash = format.CreateHash();
        private readonly byte[] _buffer = new byte[16 << 10];
        private int _count;

        internal void Write(ReadOnlySpan<byte> bytes)
        {
            while (bytes.Length > _buffer.Length - _count)
            {
                var part = bytes[..(_buffer.Length - _count)];
                part.CopyTo(_buffer.AsSpan(_count));
                _count = _buffer.Length;
                Flush();
                bytes = bytes[part.Length..];
            }

            bytes.CopyTo(_buffer.AsSpan(_count));
            _count += bytes.Length;
        }

        internal void Write(uint number)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
            Write(bytes);
        }

        internal void Finish()
        {
            Flush();
            stream.Write(_hash.GetHashAndReset());
        }

        public void Dispose() => _hash.Dispose();

        private void Flush()
        {
            var bytes = _buffer.AsSpan(0, _count);
            _hash.AppendData(bytes);
            stream.Write(bytes);
            _count = 0;
        }
    }
}
