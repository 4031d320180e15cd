using System.Globalization;
using System.Net;
using MirrorAction.Http;
using MirrorAction.Terminal;

namespace MirrorAction.Secrets;

/// <summary>Ways to read a text in which a secret may be hidden. They can be combined.</summary>
[Flags]
internal enum TextReading
{
    /// <summary>Every visible character of ASCII counts: white space, control and invisible characters inside a secret do not hide it.</summary>
    Visible = 0,

    /// <summary>Only letters and digits count: neither does markup of a few signs.</summary>
    Letters = 1,

    /// <summary>Escapes of JSON, URLs and HTML stand for what they mean.</summary>
    Decoded = 2,

    /// <summary>Tags of HTML and escape sequences of terminals do not count.</summary>
    Bare = 4,
}

/// <summary>The characters of a text that count in one way of reading it, each with its place in the text.</summary>
internal sealed class FoldedText
{
    /// <summary>A tag that is longer is none; nothing else is looked at for longer.</summary>
    private const int MaxTag = 1000;

    /// <summary><c>&amp;#x10FFFF;</c>, and every name that could matter here.</summary>
    private const int MaxEntity = 10;

    private readonly char[] _characters;
    private readonly int[] _starts;
    private readonly int[] _ends;
    private int _count;

    private FoldedText(int length) => (_characters, _starts, _ends) = (new char[length], new int[length], new int[length]);

    /// <summary>The characters that count.</summary>
    public ReadOnlySpan<char> Characters => _characters.AsSpan(0, _count);

    /// <summary>Reads a text.</summary>
    public static FoldedText Read(string text, TextReading reading)
    {
        var folded = new FoldedText(text.Length);
        folded.TakeAll(text, reading.HasFlag(TextReading.Decoded));
        folded.DropOthers(reading);
        return folded;
    }

    /// <summary>The ways of reading a text that may give something different.</summary>
    public static IEnumerable<TextReading> ReadingsOf(string text)
    {
        var hasEscapes = text.AsSpan().ContainsAny('\\', '%', '&');
        var hasMarkup = hasEscapes || text.AsSpan().ContainsAny('<', TerminalSequence.Escape, TerminalSequence.ControlSequence);
        return from decoded in hasEscapes ? [TextReading.Visible, TextReading.Decoded] : new[] { TextReading.Visible }
            from bare in hasMarkup ? [TextReading.Visible, TextReading.Bare] : new[] { TextReading.Visible }
            from letters in new[] { TextReading.Visible, TextReading.Letters }
            select decoded | bare | letters;
    }

    /// <summary>Where the text has the characters from one to another, and what stands between them.</summary>
    public (int Start, int End) PlaceOf(int first, int last) => (_starts[first], _ends[last]);

    private void TakeAll(string text, bool decodes)
    {
        for (int at = 0, length; at < text.Length; at += length)
        {
            (var meaning, length) = decodes && Decode(text.AsSpan(at)) is { } escape ? escape : (text[at], 1);
            Take(meaning, at, at + length);
        }
    }

    /// <summary>Moves the characters that count to the front.</summary>
    private void DropOthers(TextReading reading)
    {
        var all = _count;
        _count = 0;
        for (var at = 0; at < all; )
        {
            if (reading.HasFlag(TextReading.Bare) && MarkupLength(_characters.AsSpan(at, all - at)) is > 0 and var markup)
            {
                at += markup;
                continue;
            }

            if (char.IsAsciiLetterOrDigit(_characters[at]) || (_characters[at] is > ' ' and <= '~' && !reading.HasFlag(TextReading.Letters)))
            {
                Take(_characters[at], _starts[at], _ends[at]);
            }

            at++;
        }
    }

    private void Take(char c, int start, int end) => (_characters[_count], _starts[_count], _ends[_count++]) = (c, start, end);

    private static int MarkupLength(ReadOnlySpan<char> text) =>
        text is ['<', '/' or '!' or '?' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z'), ..]
            ? text[..Math.Min(text.Length, MaxTag)].IndexOf('>') + 1
            : TerminalSequence.LengthAt(text);

    private static (char Meaning, int Length)? Decode(ReadOnlySpan<char> text) =>
        text switch
        {
            ['\\', 'u', _, _, _, _, ..] => FromHex(text[2..6], 6),
            ['\\', 'x', _, _, ..] => FromHex(text[2..4], 4),
            ['\\', 'n' or 'r' or 't' or 'b' or 'f', ..] => ('\n', 2),
            ['\\', '/' or '\\' or '"' or '\'', ..] => (text[1], 2),
            ['%', _, _, ..] => FromHex(text[1..3], 3),
            ['&', ..] => FromEntity(text[..Math.Min(text.Length, MaxEntity)]),
            _ => null,
        };

    private static (char Meaning, int Length)? FromHex(ReadOnlySpan<char> digits, int length) =>
        ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) ? ((char)code, length) : null;

    private static (char Meaning, int Length)? FromEntity(ReadOnlySpan<char> text) =>
        text.IndexOf(';') is > 1 and var end && WebUtility.HtmlDecode(text[..(end + 1)].ToString()) is { } meaning && meaning.Length <= end
            ? (meaning[0], end + 1)
            : null;
}
