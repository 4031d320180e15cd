using System.Text;

namespace MirrorAction.Reporting;

/// <summary>Markdown that stops growing at a number of bytes, and only between rows.</summary>
/// <remarks>The runner drops a summary of more than 1 MiB altogether, so the end must be cut, and cut where a table can end.</remarks>
internal sealed class BoundedMarkdown(int maxBytes)
{
    /// <summary>Room for what ends the page, which is never cut.</summary>
    private const int Reserve = 1024;

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

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private static int Size(List<string> lines) => lines.Sum(line => Encoding.UTF8.GetByteCount(line) + 1);
}
