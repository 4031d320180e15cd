using System.Text;

namespace MirrorAction.TestKit;

/// <summary>The head of a request or an answer, as it came over the wire.</summary>
/// <param name="StartLine">The first line.</param>
/// <param name="Headers">The header lines, in their order.</param>
/// <param name="Raw">All its bytes, up to and with the empty line.</param>
public sealed record HttpHead(string StartLine, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Raw)
{
    /// <summary>The method of a request.</summary>
    public string Method => StartLine.Split(' ')[0];

    /// <summary>Path and query of a request.</summary>
    public string Target => StartLine.Split(' ')[1];

    /// <summary>The path of a request.</summary>
    public string Path => Target.Split('?')[0];

    /// <summary>The status of an answer.</summary>
    public int Status => int.Parse(StartLine.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A header's value; empty when it is missing.</summary>
    public string Header(string name) => Headers.FirstOrDefault(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value ?? "";

    /// <summary>Sent in chunks, without a length.</summary>
    public bool IsChunked => Header("Transfer-Encoding").Contains("chunked", StringComparison.OrdinalIgnoreCase);

    /// <summary>The length that is promised; null without one.</summary>
    public long? ContentLength =>
        long.TryParse(Header("Content-Length"), System.Globalization.CultureInfo.InvariantCulture, out var length) ? length : null;

    public override string ToString() => StartLine;

    internal static HttpHead Parse(byte[] raw)
    {
        var lines = Encoding.Latin1.GetString(raw).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        return new HttpHead(
            lines[0],
            [.. lines[1..].Select(line => line.Split(':', 2)).Select(parts => new KeyValuePair<string, string>(parts[0], parts[1].Trim()))],
            raw
        );
    }
}
