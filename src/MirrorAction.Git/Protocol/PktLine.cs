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
