using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MirrorAction.Runner;

/// <summary>
/// Makes text that somebody else wrote (servers, repositories, descriptions) safe to print: it can steer no terminal and give the runner no command.
/// </summary>
/// <remarks>
/// The runner reads commands from every line: <c>::name::</c> at its start after trimming, and <c>##[name]</c> anywhere in it. It compares with its
/// culture, for which invisible characters do not exist, so those go first and a visible space is put between the signs.
/// </remarks>
internal static partial class ForeignText
{
    /// <summary>A longer line helps nobody and makes the log hard to open.</summary>
    public const int MaxLineLength = 4000;

    private const int MatchTimeoutMs = 1000;

    /// <summary>The lines of the text, each safe to print at the start of a line. Empty text has no lines.</summary>
    public static IEnumerable<string> SafeLines(string text) => Lines(text).Select(Neutralise);

    /// <summary>The text in one safe line.</summary>
    public static string SafeLine(string text) => Neutralise(string.Join(' ', Lines(text)));

    /// <summary>Without escape sequences, control, format and broken characters; line breaks become spaces.</summary>
    public static string Printable(string text)
    {
        var builder = new StringBuilder(text.Length);
        foreach (var rune in EscapeSequence().Replace(text, "").EnumerateRunes())
        {
            // A broken surrogate is enumerated as U+FFFD, which prints.
            if (rune.Value is '\n' or '\r' or '\t' or 0x0085 or 0x2028 or 0x2029)
            {
                builder.Append(' ');
            }
            else if (!Rune.IsControl(rune) && !IsInvisible(rune))
            {
                builder.Append(rune.ToString());
            }
        }

        return builder.ToString();
    }

    private static IEnumerable<string> Lines(string text) =>
        (text.Length > 16 * MaxLineLength ? text[..(16 * MaxLineLength)] + " …" : text)
        .Split(['\n', '\r', '\u0085', '\u2028', '\u2029'], StringSplitOptions.None)
        .Select(line => Printable(line).TrimEnd()).Where(line => line.Length > 0)
        .Select(line => line.Length > MaxLineLength ? line[..MaxLineLength] + " …" : line);

    private static string Neutralise(string line) =>
        OldCommand().Replace(NewCommand().Replace(line, "${indent}: :"), "# # [");

    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned

        // Unicode's Default_Ignorable_Code_Point beyond these categories: fillers, joiners and variation selectors.
        || rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x3164 or 0xFFA0
            or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);

    // CSI and OSC sequences, and two-character ones.
    [GeneratedRegex(@"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|[@-Z\\^_])", RegexOptions.ExplicitCapture, MatchTimeoutMs)]
    private static partial Regex EscapeSequence();

    // Combining marks count for nothing at the start of a line either.
    [GeneratedRegex(@"^(?<indent>[\s\p{M}]*):\p{M}*:", RegexOptions.ExplicitCapture, MatchTimeoutMs)]
    private static partial Regex NewCommand();

    [GeneratedRegex(@"#\p{M}*#\p{M}*\[", RegexOptions.ExplicitCapture, MatchTimeoutMs)]
    private static partial Regex OldCommand();
}
