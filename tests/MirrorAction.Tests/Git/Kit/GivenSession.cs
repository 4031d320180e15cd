using System.Globalization;
using System.Text;
using MirrorAction.Git;
using MirrorAction.Git.Protocol;

namespace MirrorAction.Tests.Git.Kit;

/// <summary>A pack that arrives in side-band packets, without a server.</summary>
internal static class GivenSession
{
    internal static FetchSession Of(byte[] pack, ObjectFormat format = ObjectFormat.Sha1, int packet = 65515) => Of(new MemoryStream(pack), format, packet);

    internal static FetchSession Of(Stream pack, ObjectFormat format = ObjectFormat.Sha1, int packet = 65515)
    {
        var stream = new Packets(pack, packet);
        return new FetchSession(stream, new PktLineReader(stream), null, format, Wire.Peer);
    }

    /// <summary>Puts bytes into packets of band 1 and ends with a flush.</summary>
    private sealed class Packets(Stream pack, int size) : Stream
    {
        private byte[] _packet = [];
        private int _position;
        private bool _ended;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            if (_position == _packet.Length && !_ended)
                Next();
            var count = Math.Min(buffer.Length, _packet.Length - _position);
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

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private void Next()
        {
            // One array for all packets, so that what is measured beside them is not them.
            if (_packet.Length < size + 5)
                _packet = new byte[size + 5];
            var count = pack.ReadAtLeast(_packet.AsSpan(5, size), size, throwOnEndOfStream: false);
            _ended = count == 0;
            var head = _ended ? "0000"u8.ToArray() : [.. Encoding.ASCII.GetBytes((count + 5).ToString("x4", CultureInfo.InvariantCulture)), 1];
            _position = _packet.Length - head.Length - count;
            _packet.AsSpan(5, count).CopyTo(_packet.AsSpan(_packet.Length - count));
            head.CopyTo(_packet.AsSpan(_position));
        }
    }
}
