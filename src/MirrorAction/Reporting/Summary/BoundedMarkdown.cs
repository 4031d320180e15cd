using System.Text;

namespace MirrorAction.Reporting.Summary;

/// <summary>Markdown that stops growing at a number of bytes, and only between rows.</summary>
/// <remarks>The runner drops a summary of more than 1 MiB altogether, so the end must be cut, and cut where a table can end.</remarks>
internal sealed class BoundedMarkdown(int maxBytes)
{
    /// <summary>Room for what ends the page, which is never cut.</summary>
    private const int Reserve = 1024;

    /// <summary>A longer table pushes away what comes after it.</summary>
    private const int MaxOpenRows = 20;

    private readonly StringBuilder _text = new();
    private int _bytes;

    /// <summary>How many rows did not fit.</summary>
    public int Dropped { get; private set; }

    /// <summary>Adds a line that belongs to the page's frame; callers keep these few and short.</summary>
    public void Line(string line = "")
    {
        _text.Append(line).Append('\n');
        _bytes += Encoding.UTF8.GetByteCount(line) + 1;
    }

    /// <summary>Adds a heading, its rows as far as they fit, and what closes them. Without rows, or without room, nothing is written.</summary>
    public void Rows(IEnumerable<string> head, IEnumerable<string> rows, IEnumerable<string> tail)
    {
        var frame = head.Append("").ToList();
        var end = tail.ToList();

        // Once a row was dropped, smaller ones behind it are dropped too: the order of the page says what matters most.
        var room = Dropped > 0 ? -1 : maxBytes - Reserve - _bytes - Size(frame) - Size(end);
        var fitting = new List<string>();
        foreach (var row in rows)
        {
            var size = Encoding.UTF8.GetByteCount(row) + 1;
            if (size <= room)
            {
                fitting.Add(row);
                room -= size;
            }
            else
            {
                room = -1;
                Dropped++;
            }
        }

        if (fitting.Count > 0)
        {
            frame[..^1].ForEach(Line);
            fitting.ForEach(Line);
            end.ForEach(Line);
            Line();
        }
    }

    /// <summary>Adds a table under a heading; a long one is folded. Without rows nothing is written.</summary>
    /// <param name="title">The heading, as Markdown without links.</param>
    /// <param name="columns">The heads of its columns.</param>
    /// <param name="rows">The rows, each with a cell for each column, as Markdown in one line.</param>
    /// <param name="isFolded">It is folded even if it is short.</param>
    /// <param name="intro">Lines between heading and table; null for none.</param>
    public void Table(
        string title,
        IReadOnlyList<Column> columns,
        IReadOnlyCollection<IReadOnlyList<string>> rows,
        bool isFolded = false,
        IReadOnlyList<string>? intro = null
    )
    {
        isFolded |= rows.Count > MaxOpenRows;
        string[] heading = isFolded ? ["<details>", $"<summary>{title}</summary>", ""] : [$"### {title}", ""];
        string[] introduction = intro is null or [] ? [] : [.. intro, ""];
        Rows(
            [
                .. heading,
                .. introduction,
                Row(columns.Select(column => column.Heading)),
                Row(columns.Select(column => column.IsNumber ? "---:" : "---")),
            ],
            rows.Select(Row),
            isFolded ? ["", "</details>"] : []
        );
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    private static int Size(List<string> lines) => lines.Sum(line => Encoding.UTF8.GetByteCount(line) + 1);
}

/// <summary>A column of a table.</summary>
/// <param name="Heading">Its head.</param>
/// <param name="IsNumber">Its cells are numbers, which stand at the right.</param>
internal readonly record struct Column(string Heading, bool IsNumber = false)
{
    /// <summary>A column of texts.</summary>
    public static implicit operator Column(string heading) => new(heading);

    /// <summary>A column of numbers.</summary>
    public static Column Number(string heading) => new(heading, IsNumber: true);
}
