using System.Text;

namespace MirrorAction.Reporting.Page;

/// <summary>A page that stops growing at a number of bytes, and only between rows.</summary>
internal sealed class BoundedHtml(int maxBytes)
{
    /// <summary>Room for what frames rows, which is never cut.</summary>
    private const int Reserve = 64 * 1024;

    private readonly StringBuilder _text = new();
    private int _bytes;

    /// <summary>How many rows did not fit.</summary>
    public int Dropped { get; private set; }

    /// <summary>Adds a line that belongs to the page's frame; callers keep these few and short.</summary>
    public void Line(string line)
    {
        _text.Append(line).Append('\n');
        _bytes += Encoding.UTF8.GetByteCount(line) + 1;
    }

    /// <summary>Adds rows as far as they fit into a share of the page; gives back how many did not.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="share">The share of the whole page that may be full behind them, from 0 to 1.</param>
    public int Rows(IEnumerable<string> rows, double share = 1)
    {
        var room = (int)((maxBytes - Reserve) * share) - _bytes;
        var dropped = 0;
        foreach (var row in rows)
        {
            var size = Encoding.UTF8.GetByteCount(row) + 1;
            if (dropped == 0 && size <= room)
            {
                Line(row);
                room -= size;
            }
            else
            {
                dropped++;
            }
        }

        Dropped += dropped;
        return dropped;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
