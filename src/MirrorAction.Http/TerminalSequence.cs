namespace MirrorAction.Http;

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
