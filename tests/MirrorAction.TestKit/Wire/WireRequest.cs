using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace MirrorAction.TestKit;

/// <summary>A request as it came over the wire.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">The headers, by name in any case.</param>
/// <param name="Body">The body without chunk headers, compressed when the client compressed it.</param>
public sealed record WireRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>Sent in chunks, without a length.</summary>
    public bool IsChunked => Header("Transfer-Encoding").Contains("chunked", StringComparison.OrdinalIgnoreCase);

    /// <summary>The length that the head promises; 0 without one.</summary>
    public int ContentLength => int.TryParse(Header("Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : 0;

    /// <summary>The body as git sees it.</summary>
    public byte[] Content
    {
        get
        {
            if (Header("Content-Encoding") != "gzip")
                return Body;
            using var gzip = new GZipStream(new MemoryStream(Body), CompressionMode.Decompress);
            using var plain = new MemoryStream();
            gzip.CopyTo(plain);
            return plain.ToArray();
        }
    }

    /// <summary>A header's value; empty when it is missing.</summary>
    public string Header(string name) => Headers.GetValueOrDefault(name, "");

    public override string ToString() => $"{Method} {Target}";
}

/// <summary>An answer to be written to the wire.</summary>
/// <param name="Status">The status code.</param>
/// <param name="ContentType">The type of the body; empty for no such header.</param>
/// <param name="Body">The body.</param>
/// <param name="Headers">Further header lines.</param>
public sealed record WireAnswer(int Status, string ContentType, byte[] Body, params string[] Headers)
{
    public WireAnswer(int status, string contentType, string body, params string[] headers)
        : this(status, contentType, Encoding.UTF8.GetBytes(body), headers) { }

    internal byte[] ToBytes()
    {
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {Status} {(System.Net.HttpStatusCode)Status}\r\n");
        if (ContentType.Length > 0)
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {ContentType}\r\n");
        foreach (var line in Headers)
            head.Append(line).Append("\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length}\r\n\r\n");
        return [.. Encoding.Latin1.GetBytes(head.ToString()), .. Body];
    }
}
