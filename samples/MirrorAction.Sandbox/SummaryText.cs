using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace MirrorAction.Sandbox;

/// <summary>Turns the markdown of a step summary into plain text: tables aligned, links by their text, folded parts by their title.</summary>
internal static partial class SummaryText
{
    private const int WidestCell = 60;

    /// <summary>The lines to show.</summary>
    public static IEnumerable<string> Of(string markdown)
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

            foreach (var row in Align(table))
                yield return row;
            blank &= table.Count == 0;
            table.Clear();
            if (line.Length > 0 || !blank)
                yield return Plain(line.TrimStart('#', ' '));
            blank = line.Length == 0;
        }
    }

    private static IEnumerable<string> Align(List<string[]> table)
    {
        var rows = table.Where(row => !row.All(cell => cell.Trim('-', ':').Length == 0)).ToList();
        var widths = Enumerable
            .Range(0, rows.Count == 0 ? 0 : rows.Max(row => row.Length))
            .Select(column => rows.Max(row => column < row.Length ? row[column].Length : 0))
            .ToList();
        return rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    private static string Plain(string markdown)
    {
        var text = new StringBuilder(WebUtility.HtmlDecode(Tag().Replace(Link().Replace(markdown, "$1"), "")));
        var plain = text.Replace("**", "").Replace("`", "").Replace("\\", "").ToString().Trim();
        return plain.Length > WidestCell && !plain.Contains(' ', StringComparison.Ordinal) ? $"{plain[..(WidestCell - 3)]}..." : plain;
    }

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("<summary>(.*)</summary>")]
    private static partial Regex Title();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex CellEnd();
}
