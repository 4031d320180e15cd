using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace MirrorAction.TestKit;

/// <summary>Bytes of a body: those that carry it, or those that only frame it.</summary>
internal readonly record struct HttpPiece(ReadOnlyMemory<byte> Wire, bool IsPayload);

/// <summary>Reads HTTP/1.1 messages from a connection without losing a byte of how they were framed.</summary>
internal sealed class HttpWire(Stream stream)
{
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;

    /// <summary>The next head; null when the peer has closed instead.</summary>
    public async Task<HttpHead?> ReadHeadAsync(CancellationToken cancellationToken)
    {
        for (var from = 0; ; )
        {
            var end = _buffer.AsSpan(_start, _end - _start)[from..].IndexOf("\r\n\r\n"u8);
            if (end >= 0)
                return HttpHead.Parse(Take(from + end + 4).ToArray());
            from = Math.Max(0, _end - _start - 3);
            if (!await FillAsync(cancellationToken))
                return null;
        }
    }

    /// <summary>The body piece by piece; each is valid until the next.</summary>
    /// <exception cref="IOException">The peer closed inside it.</exception>
    public async IAsyncEnumerable<HttpPiece> ReadBodyAsync(
        HttpHead head,
        bool untilClose,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (head.IsChunked)
        {
            for (var size = -1L; size != 0; )
            {
                var line = await LineAsync(cancellationToken);
                size = long.Parse(
                    Encoding.ASCII.GetString(line.Span).Trim().Split(';')[0],
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture
                );
                yield return new HttpPiece(line, false);
                for (var left = size; left > 0; )
                {
                    var part = await PartAsync(left, cancellationToken) ?? throw new IOException("Closed inside a chunk.");
                    left -= part.Length;
                    yield return new HttpPiece(part, true);
                }

                yield return new HttpPiece(await LineAsync(cancellationToken), false);
            }
        }
        else if (head.ContentLength is not null || untilClose)
        {
            for (var left = head.ContentLength ?? long.MaxValue; left > 0; )
            {
                if (await PartAsync(left, cancellationToken) is not { } part)
                {
                    if (head.ContentLength is null)
                        yield break;
                    throw new IOException("Closed inside a body.");
                }

                left -= part.Length;
                yield return new HttpPiece(part, true);
            }
        }
    }

    private async Task<ReadOnlyMemory<byte>?> PartAsync(long longest, CancellationToken cancellationToken) =>
        _start == _end && !await FillAsync(cancellationToken) ? null : Take((int)Math.Min(longest, _end - _start));

    private async Task<ReadOnlyMemory<byte>> LineAsync(CancellationToken cancellationToken)
    {
        int end;
        while ((end = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n')) < 0)
        {
            if (!await FillAsync(cancellationToken))
                throw new IOException("Closed inside a chunk's frame.");
        }

        return Take(end + 1);
    }

    private ReadOnlyMemory<byte> Take(int count)
    {
        _start += count;
        return _buffer.AsMemory(_start - count, count);
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_end == _buffer.Length)
        {
            // A new one, because pieces of the old may still be in use.
            var next = new byte[_start == 0 ? _buffer.Length * 2 : _buffer.Length];
            _buffer.AsSpan(_start, _end - _start).CopyTo(next);
            (_buffer, _start, _end) = (next, 0, _end - _start);
        }

        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        return read > 0;
    }
}
