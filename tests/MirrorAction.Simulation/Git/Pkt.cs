using System.Globalization;
using System.Text;

namespace MirrorAction.Simulation.Git;

/// <summary>Pkt-lines, written and read by other code than the engine's.</summary>
internal static class Pkt
{
    private const int LongestPayload = 65516;

    /// <summary>Texts are bytes, one a character: names of refs need not be UTF-8.</summary>
    public static Encoding Text => Encoding.Latin1;

    public static MemoryStream Line(this MemoryStream to, string text) => to.Line(Text.GetBytes(text));

    public static MemoryStream Line(this MemoryStream to, ReadOnlySpan<byte> payload)
    {
        to.Write(Encoding.ASCII.GetBytes((payload.Length + 4).ToString("x4", CultureInfo.InvariantCulture)));
        to.Write(payload);
        return to;
    }

    public static MemoryStream End(this MemoryStream to)
    {
        to.Write("0000"u8);
        return to;
    }

    /// <summary>Bytes on a side-band, in as many packets as they need.</summary>
    public static MemoryStream Band(this MemoryStream to, byte band, ReadOnlySpan<byte> data, int packet = LongestPayload - 1)
    {
        while (data.Length > 0)
        {
            var part = data[..Math.Min(packet, data.Length)];
            to.Line([band, .. part]);
            data = data[part.Length..];
        }

        return to;
    }

    /// <summary>The next line without its line feed; null at a flush or delimiter, and at the end of the bytes.</summary>
    public static string? Next(ReadOnlySpan<byte> from, ref int at) => NextPayload(from, ref at)?.TrimEnd('\n');

    /// <summary>The same with all its bytes.</summary>
    public static string? NextPayload(ReadOnlySpan<byte> from, ref int at)
    {
        if (at + 4 > from.Length)
        {
            at = from.Length;
            return null;
        }

        var length = int.Parse(Encoding.ASCII.GetString(from.Slice(at, 4)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (length < 4)
        {
            at += 4;
            return null;
        }

        if (at + length > from.Length)
        {
            at = from.Length;
            return null;
        }

        var line = Text.GetString(from.Slice(at + 4, length - 4));
        at += length;
        return line;
    }
}
