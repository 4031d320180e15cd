using System.Globalization;
using System.Text;

namespace MirrorAction.Http;

/// <summary>Makes text from a server fit to be printed: one line, no escape sequences, nothing that turns the reading direction round.</summary>
internal static class TextSanitizer
{
    /// <summary>Enough for every message that the hosts are known to send.</summary>
    public const int MaxLength = 500;

    /// <summary>GitHub allows 39 characters for an owner and 100 for a repository, Bitbucket 62 and 62.</summary>
    public const int MaxName = 255;

    /// <summary>
    /// Line breaks and tabs become a space, runs of spaces one. Terminal sequences, control characters and invisible format characters (which
    /// include the marks for right-to-left text) go. What is longer than <paramref name="maxLength"/> is cut and ends in an ellipsis.
    /// </summary>
    public static string Clean(string? text, int maxLength = MaxLength)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var clean = new StringBuilder(Math.Min(text.Length, maxLength + 1));
        var rest = text.AsSpan();
        while (!rest.IsEmpty && clean.Length <= maxLength)
        {
            // A lone half of a surrogate pair decodes as U+FFFD, which prints.
            _ = Rune.DecodeFromUtf16(rest, out var rune, out var used);
            if (SequenceLength(rest) is var sequence and > 0)
            {
                rest = rest[sequence..];
                continue;
            }

            rest = rest[used..];
            if (Rune.IsWhiteSpace(rune))
            {
                if (clean.Length > 0 && clean[^1] != ' ')
                {
                    clean.Append(' ');
                }
            }
            else if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format))
            {
                clean.Append(rune.ToString());
            }
        }

        if (clean.Length > maxLength)
        {
            clean.Length = maxLength - 1;
            if (char.IsHighSurrogate(clean[^1]))
            {
                clean.Length--;
            }

            clean.Append('…');
        }

        return clean.ToString().TrimEnd();
    }

    /// <summary>Whether a name, or two with a slash between them, can be printed as it is. Longer ones than any host allows can't.</summary>
    public static bool IsClean(string name) => name.Length <= MaxName && Clean(name, MaxName) == name;

    /// <summary>
    /// Whether a body is a web page, which no REST interface sends: a proxy, a gateway or a maintenance page answered in its place.
    /// </summary>
    public static bool LooksLikeHtml(string? contentType, ReadOnlySpan<byte> body)
    {
        if (contentType is not null)
        {
            return contentType.Contains("html", StringComparison.OrdinalIgnoreCase);
        }

        var text = body.TrimStart("\uFEFF \t\r\n"u8);
        return !text.IsEmpty && text[0] == (byte)'<';
    }

    // ESC or the one-character CSI starts a terminal sequence. Parameters go with it: what is left would read as noise.
    private static int SequenceLength(ReadOnlySpan<char> text)
    {
        const char escape = '\u001b',
            controlSequence = '\u009b',
            bell = '\u0007';
        if (text[0] == controlSequence)
        {
            return 1 + FinalByte(text[1..]);
        }

        if (text[0] != escape)
        {
            return 0;
        }

        return text.Length < 2
            ? 1
            : text[1] switch
            {
                '[' => 2 + FinalByte(text[2..]),
                ']' when text.IndexOf(bell) is var end and > 0 => end + 1,
                ']' when text[2..].IndexOf("\u001b\\") is var end and >= 0 => end + 4,
                _ => 2 + Math.Max(text[1..].IndexOfAnyExceptInRange(' ', '/'), 0),
            };
    }

    private static int FinalByte(ReadOnlySpan<char> text)
    {
        var parameters = text.IndexOfAnyExceptInRange(' ', '?');
        return parameters < 0 ? text.Length : parameters + 1;
    }
}
