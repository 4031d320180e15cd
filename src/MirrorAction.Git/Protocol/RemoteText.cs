using System.Globalization;
using System.Text;

namespace MirrorAction.Git.Protocol;

/// <summary>
/// Text that a server wrote, made fit for a log: no control or escape characters, no invisible marks that turn or hide text, lines joined
/// by a space. Keeps the last <see cref="MaxLength"/> bytes, since the reason for a refusal comes at the end.
/// </summary>
internal sealed class RemoteText
{
    /// <summary>Bytes kept.</summary>
    internal const int MaxLength = 4096;

    private const int Escape = 0x1b;
    private const int ControlSequence = 0x9b;
    private const int Bell = 0x07;

    private readonly byte[] _ring = new byte[MaxLength];
    private long _written;

    /// <summary>Adds what came on band 2.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes.Length > MaxLength ? bytes[^MaxLength..] : bytes)
        {
            _ring[_written++ % MaxLength] = b;
        }
    }

    /// <summary>What is kept, sanitised.</summary>
    public override string ToString()
    {
        if (_written <= MaxLength)
        {
            return Sanitize(_ring.AsSpan(0, (int)_written));
        }

        var split = (int)(_written % MaxLength);
        return Sanitize([.. _ring[split..], .. _ring[..split]]);
    }

    /// <summary>Bytes as text; what is not UTF-8 becomes U+FFFD.</summary>
    internal static string Sanitize(ReadOnlySpan<byte> bytes) =>
        Sanitize(Encoding.UTF8.GetString(bytes.Length > MaxLength ? bytes[^MaxLength..] : bytes));

    /// <summary>Text without anything but visible characters and single spaces.</summary>
    internal static string Sanitize(string text)
    {
        var clean = new StringBuilder(Math.Min(text.Length, MaxLength));
        var runes = (text.Length > MaxLength ? text[^MaxLength..] : text).EnumerateRunes().GetEnumerator();
        while (runes.MoveNext())
        {
            while (runes.Current.Value is Escape or ControlSequence)
            {
                SkipEscapeSequence(ref runes);
            }

            if (IsVisible(runes.Current))
            {
                clean.Append(runes.Current.ToString());
            }
            else if (clean.Length > 0 && clean[^1] != ' ')
            {
                clean.Append(' ');
            }
        }

        return clean.ToString().Trim();
    }

    /// <summary>The readable part of an error page: tags, scripts and styles out, then sanitised.</summary>
    internal static string SanitizeHtml(string html)
    {
        var text = new StringBuilder();
        for (var at = 0; at < html.Length; )
        {
            var open = html.IndexOf('<', at);
            text.Append(html, at, (open < 0 ? html.Length : open) - at).Append(' ');
            at = open < 0 ? html.Length : EndOfElement(html, open);
        }

        return Sanitize(System.Net.WebUtility.HtmlDecode(text.ToString()));
    }

    private static int EndOfElement(string html, int open)
    {
        foreach (var name in new[] { "script", "style" })
        {
            if (string.Compare(html, open + 1, name, 0, name.Length, StringComparison.OrdinalIgnoreCase) == 0)
            {
                var end = html.IndexOf("</" + name, open, StringComparison.OrdinalIgnoreCase);
                open = end < 0 ? html.Length - 1 : end;
            }
        }

        var close = html.IndexOf('>', open);
        return close < 0 ? html.Length : close + 1;
    }

    private static bool IsVisible(Rune rune) =>
        !Rune.IsWhiteSpace(rune)
        && Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.Surrogate
                or UnicodeCategory.OtherNotAssigned
            );

    /// <summary>
    /// ECMA-48: <c>ESC [ … letter</c>, or U+009B for its first two, sets colours and moves the cursor, <c>ESC ] … BEL</c> writes titles and links,
    /// and there
    /// are shorter ones.
    /// </summary>
    /// <remarks>Stops behind the sequence, which may be at the start of the next one: <c>ESC \</c> ends a link.</remarks>
    private static void SkipEscapeSequence(ref StringRuneEnumerator runes)
    {
        var isCommand = runes.Current.Value == ControlSequence || (runes.MoveNext() && runes.Current.Value == '[');
        if (isCommand || runes.Current.Value == ']')
        {
            while (runes.MoveNext() && runes.Current.Value is not (Bell or Escape) && !(isCommand && runes.Current.Value is >= '@' and <= '~'))
            {
                // Part of the sequence.
            }

            if (isCommand && runes.Current.Value is >= '@' and <= '~')
            {
                _ = runes.MoveNext();
            }

            return;
        }

        while (runes.Current.Value is >= ' ' and <= '/' && runes.MoveNext())
        {
            // Part of the sequence.
        }

        if (runes.Current.Value is >= '0' and <= '~')
        {
            _ = runes.MoveNext();
        }
    }
}
