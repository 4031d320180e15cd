using System.Buffers;
using System.Text;

namespace MirrorAction.Git.Protocol;

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
