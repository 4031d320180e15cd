using System.Globalization;
using System.Text;
using MirrorAction.Http;
using MirrorAction.Terminal;

namespace MirrorAction.Secrets;

/// <summary>
/// Makes text that someone else wrote (servers, repositories, descriptions) safe to print: it can steer no terminal and give the runner no command.
/// </summary>
/// <remarks>
/// The runner reads commands from every line: <c>::name::</c> at its start after trimming, and <c>##[name]</c> anywhere in it. It compares with its
/// culture, for which invisible characters do not exist, so those go first and a visible space is put between the signs.
/// </remarks>
internal static class ForeignText
{
    /// <summary>A longer line helps nobody and makes the log hard to open.</summary>
    public const int MaxLineLength = 4000;

    /// <summary>The lines of the text, each safe to print at the start of a line. Empty text has no lines.</summary>
    public static IEnumerable<string> SafeLines(string text) => Lines(text).Select(Neutralise);

    /// <summary>The text in one safe line.</summary>
    public static string SafeLine(string text) => Neutralise(string.Join(' ', Lines(text)));

    private static IEnumerable<string> Lines(string text) =>
        (text.Length > 16 * MaxLineLength ? text[..(16 * MaxLineLength)] + " …" : text)
            .Split(['\n', '\r', '\u0085', '\u2028', '\u2029'], StringSplitOptions.None)
            .Select(line => TextSanitizer.Printable(line).TrimEnd())
            .Where(line => line.Length > 0)
            .Select(line => line.Length > MaxLineLength ? line[..MaxLineLength] + " …" : line);

    private static string Neutralise(string line) => WithoutOldCommands(WithoutNewCommand(line));

    /// <summary><c>::</c> at the start becomes <c>: :</c>.</summary>
    private static string WithoutNewCommand(string line)
    {
        var start = 0;
        while (start < line.Length && (char.IsWhiteSpace(line[start]) || IsMark(line[start])))
        {
            start++;
        }

        return start < line.Length && line[start] == ':' && AfterMarks(line, start + 1, ':') is { } end ? $"{line[..start]}: :{line[end..]}" : line;
    }

    /// <summary><c>##[</c> becomes <c># # [</c>.</summary>
    private static string WithoutOldCommands(string line)
    {
        if (!line.Contains('#', StringComparison.Ordinal))
        {
            return line;
        }

        var text = new StringBuilder(line.Length + 2);
        for (var at = 0; at < line.Length; )
        {
            if (line[at] == '#' && AfterMarks(line, at + 1, '#') is { } third && AfterMarks(line, third, '[') is { } end)
            {
                text.Append("# # [");
                at = end;
            }
            else
            {
                text.Append(line[at++]);
            }
        }

        return text.ToString();
    }

    /// <summary>
    /// Where the sign that is expected next ends, combining marks before it left out: they count for nothing. Null when another one stands there.
    /// </summary>
    private static int? AfterMarks(string line, int start, char sign)
    {
        while (start < line.Length && IsMark(line[start]))
        {
            start++;
        }

        return start < line.Length && line[start] == sign ? start + 1 : null;
    }

    private static bool IsMark(char c) =>
        char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
