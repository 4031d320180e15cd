using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using MirrorAction.Git.Model;
using MirrorAction.Http;

namespace MirrorAction.Git.Protocol;

/// <summary>What a pkt-line is.</summary>
internal enum PktLineKind
{
    /// <summary>A line with a payload, possibly empty (<c>0004</c>: accepted, never written).</summary>
    Data,

    /// <summary><c>0000</c>: the end of a message.</summary>
    Flush,

    /// <summary><c>0001</c>: the end of a section (protocol v2).</summary>
    Delimiter,

    /// <summary><c>0002</c>: the end of a response (protocol v2, stateless connections).</summary>
    ResponseEnd,

    /// <summary>The stream ended between two lines. Whether that is allowed is for the message to say.</summary>
    EndOfStream,
}

/// <summary>One pkt-line: four hex digits that count themselves and the payload, then the payload.</summary>
/// <remarks>
/// gitprotocol-common, "pkt-line Format": <code>pkt-line = data-pkt / flush-pkt; data-pkt = pkt-len pkt-payload; pkt-len = 4*(HEXDIG)</code>
/// The payload belongs to the reader that produced the line and is valid until its next read.
/// </remarks>
internal readonly struct PktLine(PktLineKind kind, ReadOnlyMemory<byte> payload)
{
    /// <summary>The length digits.</summary>
    internal const int PrefixLength = 4;

    /// <summary>The longest line, digits included (gitprotocol-common: 65520 bytes).</summary>
    internal const int MaxLength = 65520;

    /// <summary>The longest payload.</summary>
    internal const int MaxPayload = MaxLength - PrefixLength;

    /// <summary>How much of an unexpected payload a message quotes.</summary>
    private const int MaxQuoted = 80;

    internal PktLineKind Kind => kind;

    internal ReadOnlyMemory<byte> Payload => payload;

    /// <summary>The payload without one trailing line feed; senders may leave it out.</summary>
    internal ReadOnlySpan<byte> Line => payload.Span is [.. var line, (byte)'\n'] ? line : payload.Span;

    /// <summary>Reads one line off the front of the input.</summary>
    /// <returns>False when the input holds no whole line yet.</returns>
    /// <exception cref="GitProtocolException">The length is not a length.</exception>
    internal static bool TryParse(ReadOnlyMemory<byte> input, out PktLine line, out int consumed)
    {
        line = default;
        consumed = 0;
        if (input.Length < PrefixLength)
        {
            return false;
        }

        var length = ParseLength(input.Span);
        if (input.Length < Math.Max(length, PrefixLength))
        {
            return false;
        }

        consumed = Math.Max(length, PrefixLength);
        line = length switch
        {
            0 => new PktLine(PktLineKind.Flush, default),
            1 => new PktLine(PktLineKind.Delimiter, default),
            2 => new PktLine(PktLineKind.ResponseEnd, default),
            _ => new PktLine(PktLineKind.Data, input[PrefixLength..length]),
        };
        return true;
    }

    /// <summary>Throws what an <c>ERR</c> line says (gitprotocol-pack, "error-line").</summary>
    internal void ThrowIfError(string peer)
    {
        if (kind == PktLineKind.Data && payload.Span.StartsWith("ERR "u8))
        {
            var text = TextSanitizer.CleanEnd(Line["ERR "u8.Length..]);
            throw new GitRemoteException($"{peer} answered with an error: {text}") { RemoteMessage = text };
        }
    }

    /// <summary>The line for an error message: its kind, or the start of its payload with everything unprintable escaped.</summary>
    internal string Quote() =>
        kind switch
        {
            PktLineKind.Data => Quote(payload.Span),
            PktLineKind.EndOfStream => "the end of the stream",
            _ => $"a {kind} packet",
        };

    /// <summary>The start of some bytes, printable.</summary>
    internal static string Quote(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder("'");
        foreach (var b in bytes[..Math.Min(bytes.Length, MaxQuoted)])
        {
            _ = b is >= 0x20 and < 0x7f ? text.Append((char)b) : text.Append("\\x").Append(Convert.ToHexStringLower([b]));
        }

        return text.Append(bytes.Length > MaxQuoted ? "…'" : "'").ToString();
    }

    private static int ParseLength(ReadOnlySpan<byte> input)
    {
        var length = 0;
        foreach (var digit in input[..PrefixLength])
        {
            var value = digit switch
            {
                >= (byte)'0' and <= (byte)'9' => digit - '0',
                >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
                _ => throw new GitProtocolException($"Expected the four hex digits of a pkt-line, got {Quote(input[..PrefixLength])}."),
            };
            length = (length << 4) | value;
        }

        return length is 3 or > MaxLength
            ? throw new GitProtocolException($"A pkt-line cannot be {length} bytes long; the most is {MaxLength}.")
            : length;
    }
}

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

/// <summary>Writes the pkt-lines of one request into memory.</summary>
internal sealed class PktLineWriter
{
    private readonly ArrayBufferWriter<byte> _output = new();

    /// <summary>What was written so far.</summary>
    internal ReadOnlyMemory<byte> Written => _output.WrittenMemory;

    /// <summary>Writes a line of ASCII text; the caller supplies the line feed where the message has one.</summary>
    internal PktLineWriter Line(string ascii) => Line(Encoding.ASCII.GetBytes(ascii));

    /// <summary>Writes a line.</summary>
    /// <exception cref="ArgumentException">The payload is longer than a pkt-line can be.</exception>
    internal PktLineWriter Line(ReadOnlySpan<byte> payload)
    {
        if (payload.Length is 0 or > PktLine.MaxPayload)
        {
            throw new ArgumentException($"A pkt-line carries 1 to {PktLine.MaxPayload} bytes, not {payload.Length}.", nameof(payload));
        }

        var length = payload.Length + PktLine.PrefixLength;
        var span = _output.GetSpan(length);
        Encoding.ASCII.GetBytes(length.ToString("x4", System.Globalization.CultureInfo.InvariantCulture), span);
        payload.CopyTo(span[PktLine.PrefixLength..]);
        _output.Advance(length);
        return this;
    }

    /// <summary>Ends the message.</summary>
    internal PktLineWriter Flush() => Raw("0000"u8);

    /// <summary>Ends a section (protocol v2).</summary>
    internal PktLineWriter Delimiter() => Raw("0001"u8);

    private PktLineWriter Raw(ReadOnlySpan<byte> bytes)
    {
        _output.Write(bytes);
        return this;
    }
}
