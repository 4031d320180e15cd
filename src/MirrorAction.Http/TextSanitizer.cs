using System.Globalization;
using System.Net;
using System.Text;

namespace MirrorAction.Http;

/// <summary>
/// Makes text that someone else wrote (servers, repositories, descriptions) fit to be printed: no terminal sequences, no control characters, and none
/// that are invisible, of which some turn the reading direction round. Whether it may start a command of a runner is another question.
/// </summary>
internal static class TextSanitizer
{
    /// <summary>Enough for every message that the hosts are known to send.</summary>
    public const int MaxLength = 500;

    /// <summary>GitHub allows 39 characters for an owner and 100 for a repository, Bitbucket 62 and 62.</summary>
    public const int MaxName = 255;

    /// <summary>What is kept of what a git server wrote.</summary>
    public const int MaxRemote = 4096;

    private const char None = '\0';

    /// <summary>
    /// The text in one line: runs of white space become a space, what can't be seen goes. What is longer than <paramref name="maxLength"/> is cut and
    /// ends in an ellipsis.
    /// </summary>
    public static string Clean(string? text, int maxLength = MaxLength)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var clean = new StringBuilder(Math.Min(text.Length, maxLength + 1));
        AppendVisible(clean, text, ' ', None, maxLength);
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

    /// <summary>
    /// The end of what a git server wrote, in one line: the reason for a refusal comes last. What can't be seen becomes a space, as a line break
    /// does.
    /// </summary>
    public static string CleanEnd(string text)
    {
        var clean = new StringBuilder(Math.Min(text.Length, MaxRemote));
        AppendVisible(clean, text.Length > MaxRemote ? text[^MaxRemote..] : text, ' ', ' ', int.MaxValue);
        return clean.ToString().Trim();
    }

    /// <summary>See <see cref="CleanEnd(string)"/>; bytes that are not UTF-8 become U+FFFD.</summary>
    public static string CleanEnd(ReadOnlySpan<byte> bytes) =>
        CleanEnd(Encoding.UTF8.GetString(bytes.Length > MaxRemote ? bytes[^MaxRemote..] : bytes));

    /// <summary>The readable part of a web page: tags, scripts and styles out, then as <see cref="CleanEnd(string)"/>.</summary>
    public static string CleanPage(string html)
    {
        var text = new StringBuilder();
        for (var at = 0; at < html.Length; )
        {
            var open = html.IndexOf('<', at);
            text.Append(html, at, (open < 0 ? html.Length : open) - at).Append(' ');
            at = open < 0 ? html.Length : EndOfElement(html, open);
        }

        return CleanEnd(WebUtility.HtmlDecode(text.ToString()));
    }

    /// <summary>The text with its white space as it is, but for line breaks and tabs, which become a space each.</summary>
    public static string Printable(string text)
    {
        var clean = new StringBuilder(text.Length);
        AppendVisible(clean, text, None, None, int.MaxValue);
        return clean.ToString();
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

    /// <param name="clean">Where to.</param>
    /// <param name="text">The text.</param>
    /// <param name="space">What a run of white space becomes, once; none leaves it as it is, but for line breaks.</param>
    /// <param name="hidden">What stands for what can't be seen; none for nothing.</param>
    /// <param name="maxLength">Beyond it nothing is read.</param>
    private static void AppendVisible(StringBuilder clean, ReadOnlySpan<char> text, char space, char hidden, int maxLength)
    {
        while (!text.IsEmpty && clean.Length <= maxLength)
        {
            if (TerminalSequence.LengthAt(text) is > 0 and var sequence)
            {
                text = text[sequence..];
                continue;
            }

            // A lone half of a surrogate pair decodes as U+FFFD, which prints.
            _ = Rune.DecodeFromUtf16(text, out var rune, out var used);
            var isBrokenSequence = rune.Value is TerminalSequence.Escape && text is [_, '[' or ']', ..];
            text = text[(isBrokenSequence ? 2 : used)..];
            var isSpace = Rune.IsWhiteSpace(rune) && (space != None || rune.Value is '\n' or '\r' or '\t' or 0x0085 or 0x2028 or 0x2029);
            if (!isSpace && IsVisible(rune))
            {
                clean.Append(rune.ToString());
                continue;
            }

            var instead = isSpace ? ' ' : hidden;
            if (instead != None && (space == None || (clean.Length > 0 && clean[^1] != ' ')))
            {
                clean.Append(instead);
            }
        }
    }

    private static bool IsVisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)
        // Unicode's Default_Ignorable_Code_Point beyond these categories: fillers, joiners and variation selectors.
        && rune.Value
            is not (
                0x034F
                or 0x115F
                or 0x1160
                or 0x17B4
                or 0x17B5
                or 0x3164
                or 0xFFA0
                or (>= 0x180B and <= 0x180F)
                or (>= 0xFE00 and <= 0xFE0F)
                or (>= 0xE0100 and <= 0xE01EF)
            );

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
}

/// <summary>Escape sequences, by which text could steer a terminal.</summary>
/// <remarks>
/// ECMA-48: <c>ESC [ parameters letter</c> (CSI) sets colours and moves the cursor, <c>ESC ] … BEL</c> (OSC) writes titles and links, and there are
/// shorter ones. U+009B is a CSI in one character.
/// </remarks>
internal static class TerminalSequence
{
    /// <summary>What most sequences begin with.</summary>
    public const char Escape = '\u001b';

    /// <summary>What the others begin with.</summary>
    public const char ControlSequence = '\u009b';

    private const char Bell = '\u0007';

    /// <summary>The length of the sequence that the text begins with; 0 when it begins with none, or with one that is broken off.</summary>
    public static int LengthAt(ReadOnlySpan<char> text) =>
        text switch
        {
            [ControlSequence, ..] => ToFinal(text, 1, hasParameters: true),
            [Escape, '[', ..] => ToFinal(text, 2, hasParameters: true),
            [Escape, ']', .. var title] => 2 + TitleLength(title),
            [Escape, ..] => ToFinal(text, 1, hasParameters: false),
            _ => 0,
        };

    /// <summary>Behind the character that ends the sequence; 0 when it does not come.</summary>
    private static int ToFinal(ReadOnlySpan<char> text, int at, bool hasParameters)
    {
        while (at < text.Length && (text[at] is >= ' ' and <= '/' || (hasParameters && text[at] is >= '0' and <= '?')))
        {
            at++;
        }

        return at < text.Length && text[at] >= (hasParameters ? '@' : '0') && text[at] <= '~' ? at + 1 : 0;
    }

    /// <summary>Up to a bell, or <c>ESC \</c>, or the start of another sequence, or the end of the text.</summary>
    private static int TitleLength(ReadOnlySpan<char> text) =>
        text.IndexOfAny(Escape, Bell) switch
        {
            < 0 => text.Length,
            var end when text[end] == Bell => end + 1,
            var end when text[end..] is [_, '\\', ..] => end + 2,
            var end => end,
        };
}
