using System.Text;
using MirrorAction.Http;

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

/// <summary>Puts foreign text into the page so that it shows as it is and does nothing.</summary>
internal static class HtmlText
{
    private const int MaxLength = 2_000;

    /// <summary>Text, or the value of an attribute between double quotes.</summary>
    public static string Escape(string text)
    {
        var cut = text.Length > MaxLength ? text[..MaxLength] + "…" : text;

        // No more than HTML needs: WebUtility makes an entity of each letter with an accent, too.
        return new StringBuilder(TextSanitizer.Printable(cut).Trim())
            .Replace("&", "&amp;")
            .Replace("<", "&lt;")
            .Replace(">", "&gt;")
            .Replace("\"", "&quot;")
            .Replace("'", "&#39;")
            .ToString();
    }

    /// <summary>Text in code style.</summary>
    public static string Code(string text) => $"<code>{Escape(text)}</code>";

    /// <summary>A link when there is a web address, else the text alone.</summary>
    public static string Link(string text, string? url) =>
        url is not null
        && Uri.TryCreate(url, UriKind.Absolute, out var address)
        && address.Scheme is "https" or "http"
        && address.UserInfo.Length == 0
            ? $"<a href=\"{Escape(address.AbsoluteUri)}\">{Escape(text)}</a>"
            : Escape(text);

    /// <summary>An argument for a shell, whatever is in it.</summary>
    public static string ShellQuote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
