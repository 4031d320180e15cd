using System.Text;

namespace MirrorAction.Benchmarks.Compare.Results;

/// <summary>Rows of text with a head and notes, for a console or a page.</summary>
/// <param name="left">So many columns hold words and stand to the left; the others hold numbers.</param>
/// <param name="head">The names of the columns.</param>
internal sealed class Table(int left, IReadOnlyList<string> head)
{
    private readonly List<IReadOnlyList<string>> _rows = [];
    private readonly List<string> _notes = [];

    internal void Add(params IReadOnlyList<string> row) => _rows.Add(row);

    /// <summary>Puts a note below the table.</summary>
    /// <returns>The mark to write beside what it is about.</returns>
    internal string Note(string text)
    {
        _notes.Add(text);
        return $"({_notes.Count})";
    }

    /// <summary>Columns lined up by spaces.</summary>
    internal string Text()
    {
        var widths = head.Select((name, column) => _rows.Select(r => r[column].Length).Append(name.Length).Max()).ToArray();
        var text = new StringBuilder();
        foreach (var row in _rows.Prepend(head))
        {
            var cells = row.Select((cell, column) => column < left ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            text.Append(string.Join("  ", cells).TrimEnd()).Append('\n');
        }

        return text.Append(string.Concat(NoteLines().Select(note => note + "\n"))).ToString();
    }

    /// <summary>A table of Markdown, the notes as a paragraph each.</summary>
    internal string Markdown()
    {
        static string Line(IEnumerable<string> cells) =>
            $"| {string.Join(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal)))} |\n";
        var text = new StringBuilder(Line(head)).Append(Line(head.Select((_, column) => column < left ? "---" : "---:")));
        foreach (var row in _rows)
        {
            text.Append(Line(row));
        }

        return text.Append(string.Concat(NoteLines().Select(note => $"\n{note}\n"))).ToString();
    }

    private IEnumerable<string> NoteLines() => _notes.Select((note, i) => $"({i + 1}) {note}");
}
