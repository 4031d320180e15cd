using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace MirrorAction.Sandbox;

/// <summary>Turns the markdown of a step summary into plain text: tables aligned, links by their text, folded parts by their title.</summary>
internal static partial class SummaryText
{
    private const int WidestCell = 60;
    private const int NarrowestCell = 6;
    private const string Gap = "  ";

    /// <summary>The answer, what needs a person and what changed; not what is folded or tells of earlier runs.</summary>
    public static string Beginning(string markdown) => End().Match(markdown) is { Success: true } end ? markdown[..end.Index] : markdown;

    /// <summary>The lines to show.</summary>
    /// <param name="markdown">The summary.</param>
    /// <param name="width">No line is longer, unless a single word is.</param>
    public static IEnumerable<string> Of(string markdown, int width) => Lines(markdown, width).SelectMany(line => Broken(line, width));

    /// <summary>A text in lines of at most so many columns.</summary>
    public static IEnumerable<string> Broken(string text, int width)
    {
        var indent = text.StartsWith("- ", StringComparison.Ordinal) ? "  " : "";
        var line = new StringBuilder();
        foreach (var word in text.Length <= width ? [text] : text.Split(' '))
        {
            if (line.Length > indent.Length && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear().Append(indent);
            }

            line.Append(line.Length > (line.ToString().Trim().Length == 0 ? indent.Length : 0) ? " " : "").Append(word);
        }

        yield return line.ToString();
    }

    private static IEnumerable<string> Lines(string markdown, int width)
    {
        var table = new List<string[]>();
        var folded = false;
        var blank = true;
        foreach (var line in markdown.Split('\n').Append(""))
        {
            folded |= line.StartsWith("<details", StringComparison.Ordinal);
            if (folded)
            {
                if (Title().Match(line) is { Success: true } title)
                    yield return $"▸ {Plain(title.Groups[1].Value)}";
                folded = !line.StartsWith("</details", StringComparison.Ordinal);
                continue;
            }

            if (line.StartsWith('|'))
            {
                table.Add([.. CellEnd().Split(line.Trim()[1..^1]).Select(Plain)]);
                continue;
            }

            foreach (var row in Align(table, width))
                yield return row;
            blank &= table.Count == 0;
            table.Clear();
            if (line.Length > 0 || !blank)
                yield return Plain(line.TrimStart('#', ' '));
            blank = line.Length == 0;
        }
    }

    private static IEnumerable<string> Align(List<string[]> table, int width)
    {
        var rows = table.Where(row => !row.All(cell => cell.Trim('-', ':').Length == 0)).ToList();
        var widths = Enumerable
            .Range(0, rows.Count == 0 ? 0 : rows.Max(row => row.Length))
            .Select(column => rows.Max(row => column < row.Length ? row[column].Length : 0))
            .ToList();
        // The widest column gives way, again and again.
        while (widths.Sum() + (Gap.Length * (widths.Count - 1)) > width && widths.Max() > NarrowestCell)
            widths[widths.IndexOf(widths.Max())]--;
        return rows.Select(row => string.Join(Gap, row.Select((cell, column) => Cut(cell, widths[column]).PadRight(widths[column]))).TrimEnd());
    }

    private static string Cut(string cell, int width) =>
        cell.Length <= width ? cell : string.Concat(cell.AsSpan(0, width / 2), "…", cell.AsSpan(cell.Length - (width - (width / 2) - 1)));

    private static string Plain(string markdown)
    {
        var text = new StringBuilder(WebUtility.HtmlDecode(Tag().Replace(Link().Replace(markdown, "$1"), "")));
        var plain = text.Replace("**", "").Replace("`", "").Replace("\\", "").ToString().Trim();
        return plain.Length > WidestCell && !plain.Contains(' ', StringComparison.Ordinal) ? $"{plain[..(WidestCell - 3)]}..." : plain;
    }

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex("^(### Over|<details)", RegexOptions.Multiline)]
    private static partial Regex End();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("<summary>(.*)</summary>")]
    private static partial Regex Title();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex CellEnd();
}
