using System.Buffers;
using System.Runtime.CompilerServices;
using MirrorAction.Git.Model;

namespace MirrorAction.Git.Protocol;

/// <summary>Reads pkt-lines from a stream through one pooled buffer. Not thread-safe; does not own the stream.</summary>
/// <remarks>Reads ahead: the stream must hold nothing but this conversation, as an HTTP body does.</remarks>
/// <param name="stream">The conversation.</param>
/// <param name="peer">Who sends it, for messages.</param>
internal sealed class PktLineReader(Stream stream, string peer = "The server") : IDisposable
{
    // Two of the longest lines, so that a whole one always fits behind the remains of another.
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(2 * 65536);
    private int _start;
    private int _end;

    /// <summary>The next line; its payload is valid until the next call.</summary>
    /// <exception cref="GitProtocolException">The bytes are no pkt-line.</exception>
    /// <exception cref="GitTransportException">The stream broke, or ended inside a line.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))] // Runs once a packet of a pack; nothing may be left to collect.
    internal async ValueTask<PktLine> ReadAsync(CancellationToken cancellationToken)
    {
        PktLine line;
        int consumed;
        while (!TryParse(out line, out consumed))
        {
            if (_start > 0)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                _end -= _start;
                _start = 0;
            }

            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
            {
                return _end == 0
                    ? new PktLine(PktLineKind.EndOfStream, default)
                    : throw new GitTransportException($"{peer} broke off its answer inside a pkt-line.") { IsBrokenOff = true };
            }

            _end += read;
        }

        _start += consumed;
        return line;
    }

    private bool TryParse(out PktLine line, out int consumed)
    {
        try
        {
            return PktLine.TryParse(_buffer.AsMemory(_start, _end - _start), out line, out consumed);
        }
        catch (GitProtocolException e)
        {
            throw new GitProtocolException($"{peer} broke git's protocol. {e.Message}");
        }
    }

    /// <summary>Gives the buffer back; payloads handed out are void from here on.</summary>
    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
