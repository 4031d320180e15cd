namespace MirrorAction.Tests.Git.Kit;

/// <summary>Serves the same bytes over and over: a peer that never comes to an end.</summary>
internal sealed class EndlessStream(byte[] first, byte[] repeated) : Stream
{
    private int _position;
    private byte[] _current = first;

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
        var filled = 0;
        while (filled < buffer.Length)
        {
            if (_position == _current.Length)
                (_current, _position) = (repeated, 0);
            var part = Math.Min(_current.Length - _position, buffer.Length - filled);
            _current.AsSpan(_position, part).CopyTo(buffer[filled..]);
            _position += part;
            filled += part;
        }

        return filled;
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
}
