using System.Globalization;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;

namespace MirrorAction.Tests.Git.Kit;

/// <summary>A pack that arrives in side-band packets, without a server.</summary>
internal static class GivenSession
{
    internal static FetchSession Of(byte[] pack, ObjectFormat format = ObjectFormat.Sha1, int packet = 65515) =>
        Of(new MemoryStream(pack), format, packet);

    /// <param name="pack">The pack.</param>
    /// <param name="format">Its hash.</param>
    /// <param name="packet">Bytes of the pack in each packet.</param>
    /// <param name="line">What lies between the packets and their reader; null for nothing.</param>
    internal static FetchSession Of(Stream pack, ObjectFormat format = ObjectFormat.Sha1, int packet = 65515, Func<Stream, Stream>? line = null)
    {
        Stream stream = new Packets(pack, packet);
        stream = line?.Invoke(stream) ?? stream;
        return new FetchSession(stream, new PktLineReader(stream), null, format, Wire.Peer);
    }

    /// <summary>
    /// Puts bytes into packets of band 1 and ends with a flush. One array for all packets, so that what is measured beside them is not them.
    /// </summary>
    private sealed class Packets(Stream pack, int size) : Stream
    {
        private const int HeadLength = 5;

        private readonly byte[] _packet = new byte[HeadLength + size];
        private int _position;
        private int _end;
        private bool _ended;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            if (_position == _end && !_ended)
                Next();
            var count = Math.Min(buffer.Length, _end - _position);
            _packet.AsSpan(_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return ValueTask.FromResult(Read(buffer.Span));
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private void Next()
        {
            var count = pack.ReadAtLeast(_packet.AsSpan(HeadLength), size, throwOnEndOfStream: false);
            _ended = count == 0;
            (_position, _end) = (0, _ended ? PktLine.PrefixLength : HeadLength + count);
            (_ended ? 0 : _end).TryFormat(_packet, out _, "x4", CultureInfo.InvariantCulture);
            _packet[PktLine.PrefixLength] = 1;
        }
    }
}
