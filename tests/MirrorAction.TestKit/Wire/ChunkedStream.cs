namespace MirrorAction.TestKit;

/// <summary>Serves given bytes in pieces of given sizes, as a network does: a reader that works on any of them works on all.</summary>
/// <param name="bytes">What is served.</param>
/// <param name="sizes">The sizes of the pieces, over and over; numbers below 1 count as 1. Empty for one piece.</param>
/// <param name="failure">Thrown where the bytes end; null for a normal end.</param>
public sealed class ChunkedStream(ReadOnlyMemory<byte> bytes, IReadOnlyList<int>? sizes = null, Exception? failure = null) : Stream
{
    private int _position;
    private int _piece;
    private bool _isDisposed;

    public override bool CanRead => !_isDisposed;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (buffer.Length == 0)
            return 0;
        if (_position == bytes.Length)
            return failure is null ? 0 : throw failure;

        var size = sizes is { Count: > 0 } ? Math.Max(1, sizes[_piece++ % sizes.Count]) : int.MaxValue;
        var read = Math.Min(Math.Min(size, buffer.Length), bytes.Length - _position);
        bytes.Span.Slice(_position, read).CopyTo(buffer);
        _position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        try
        {
            return ValueTask.FromResult(Read(buffer.Span));
        }
        catch (Exception e)
        {
            return ValueTask.FromException<int>(e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _isDisposed = true;
        base.Dispose(disposing);
    }
}
