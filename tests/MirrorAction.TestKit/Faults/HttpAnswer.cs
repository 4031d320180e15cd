using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace MirrorAction.TestKit;

/// <summary>How the end of an answer's body is told.</summary>
public enum HttpFraming
{
    /// <summary>By its length in the head.</summary>
    Length,

    /// <summary>By chunks, the last of them empty.</summary>
    Chunks,

    /// <summary>By closing the connection.</summary>
    Close,
}

/// <summary>A complete answer, its body without framing.</summary>
public sealed record HttpAnswer(int Status, string ContentType, byte[] Body)
{
    /// <summary>A web page.</summary>
    public HttpAnswer(int status)
        : this(
            status,
            "text/html; charset=utf-8",
            Encoding.UTF8.GetBytes(
                $"<html><head><title>{status}</title></head>\r\n<body><h1>Something \u001b[31mwent\u001b[0m wrong\u202e</h1></body></html>\r\n"
            )
        ) { }

    /// <summary>How its end is told.</summary>
    public HttpFraming Framing { get; init; }

    /// <summary>More bytes than there are, promised in the head.</summary>
    public int Overstated { get; init; }

    /// <summary>Other headers.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>With one more header.</summary>
    public HttpAnswer With(string name, string value) => this with { Headers = [.. Headers, new(name, value)] };

    /// <summary>Compressed, and cut short by so many bytes.</summary>
    public HttpAnswer Gzipped(int cut = 0)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Body);
        return (this with { Body = compressed.ToArray()[..^cut] }).With("Content-Encoding", "gzip");
    }

    /// <summary>Whether nothing can follow on the connection.</summary>
    internal bool Closes => Framing == HttpFraming.Close || Overstated > 0;

    internal byte[] ToBytes()
    {
        var head = new StringBuilder().Append(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {Status} {(System.Net.HttpStatusCode)Status}\r\nContent-Type: {ContentType}\r\n"
        );
        foreach (var (name, value) in Headers)
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        head.Append(
            Framing switch
            {
                HttpFraming.Length => string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length + Overstated}\r\n"),
                HttpFraming.Chunks => "Transfer-Encoding: chunked\r\n",
                _ => "Connection: close\r\n",
            }
        );
        return [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. Framing == HttpFraming.Chunks ? Chunked() : Body];
    }

    internal static HttpAnswer From(HttpHead head, byte[] body) =>
        new(head.Status, head.Header("Content-Type"), body)
        {
            Headers =
            [
                .. head.Headers.Where(h =>
                    h.Key.ToUpperInvariant() is not ("CONTENT-TYPE" or "CONTENT-LENGTH" or "TRANSFER-ENCODING" or "CONNECTION")
                ),
            ],
        };

    /// <summary>Chunks of 1, 2, 3 … bytes, with an extension as servers may add.</summary>
    private byte[] Chunked()
    {
        var wire = new MemoryStream();
        for (int at = 0, size = 1; at < Body.Length; at += size, size++)
        {
            var chunk = Body.AsSpan(at, Math.Min(size, Body.Length - at));
            wire.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{chunk.Length:x};n=v\r\n")));
            wire.Write(chunk);
            wire.Write("\r\n"u8);
        }

        wire.Write("0\r\n\r\n"u8);
        return wire.ToArray();
    }
}
