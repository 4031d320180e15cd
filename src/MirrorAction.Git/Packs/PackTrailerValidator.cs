using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;

namespace MirrorAction.Git.Packs;

/// <summary>Watches a pack go by: its header at the start, its checksum at the end.</summary>
/// <remarks>
/// gitformat-pack: <code>"PACK" version(4) object-count(4) *entry checksum</code> where the checksum covers everything before it. The checksum's
/// bytes
/// are held back until the whole pack has been seen and is right, so that the receiver can never complete a pack that the source did not.
/// </remarks>
internal sealed class PackTrailerValidator(ObjectFormat format, string peer) : IDisposable
{
    internal const int HeaderLength = 12;

    /// <summary>The shortest entry: one byte of type and size, and the eight of zlib's stream for nothing.</summary>
    internal const int MinEntryLength = 9;

    private readonly IncrementalHash _hash = format.CreateHash();

    private readonly byte[] _tail = new byte[format.ByteLength()];
    private readonly byte[] _header = new byte[HeaderLength];
    private int _tailLength;

    /// <summary>Bytes seen.</summary>
    internal long Length { get; private set; }

    /// <summary>The number of objects that the header promises; null until the header is complete.</summary>
    internal uint? ObjectCount { get; private set; }

    /// <summary>Takes the next bytes and hands on those that are certainly not the checksum.</summary>
    /// <exception cref="GitProtocolException">This is no pack.</exception>
    internal void Inspect(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        if (Length < HeaderLength)
        {
            var taken = (int)Math.Min(HeaderLength - Length, bytes.Length);
            bytes[..taken].CopyTo(_header.AsSpan((int)Length));
            if (Length + taken == HeaderLength)
            {
                ReadHeader();
            }
        }

        Length += bytes.Length;
        var release = _tailLength + bytes.Length - _tail.Length;
        if (release > 0)
        {
            var fromTail = Math.Min(release, _tailLength);
            Pass(_tail.AsSpan(0, fromTail), output);
            Pass(bytes[..(release - fromTail)], output);
            _tail.AsSpan(fromTail, _tailLength - fromTail).CopyTo(_tail);
            _tailLength -= fromTail;
            bytes = bytes[(release - fromTail)..];
        }

        bytes.CopyTo(_tail.AsSpan(_tailLength));
        _tailLength += bytes.Length;
    }

    /// <summary>Checks the whole and hands on its checksum.</summary>
    /// <exception cref="GitTransportException">The pack is cut or damaged.</exception>
    internal void Finish(IBufferWriter<byte> output)
    {
        if (ObjectCount is not { } count || _tailLength < _tail.Length || Length - HeaderLength - _tail.Length < (long)count * MinEntryLength)
        {
            throw new GitTransportException(
                $"The pack from {peer} ended after {Length} bytes, before its {ObjectCount ?? 0} objects could be there."
            );
        }

        if (!_hash.GetHashAndReset().AsSpan().SequenceEqual(_tail))
        {
            throw new GitTransportException($"The pack from {peer} arrived damaged: its checksum does not match its {Length} bytes.");
        }

        if (count == 0 && Length != HeaderLength + _tail.Length)
        {
            throw new GitProtocolException($"The pack from {peer} says that it has no objects and holds {Length} bytes.");
        }

        output.Write(_tail);
    }

    public void Dispose() => _hash.Dispose();

    private void Pass(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        _hash.AppendData(bytes);
        output.Write(bytes);
    }

    /// <summary>The number of objects that a pack's header promises; null when it is none.</summary>
    internal static uint? ReadCount(ReadOnlySpan<byte> header) =>
        header.StartsWith("PACK"u8) && BinaryPrimitives.ReadUInt32BigEndian(header[4..]) is 2 or 3
            ? BinaryPrimitives.ReadUInt32BigEndian(header[8..])
            : null;

    private void ReadHeader() =>
        ObjectCount =
            ReadCount(_header) ?? throw new GitProtocolException($"{peer} sent {PktLine.Quote(_header)} where the header of a pack was expected.");
}
