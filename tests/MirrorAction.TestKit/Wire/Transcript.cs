using System.Globalization;
using System.Text;

namespace MirrorAction.TestKit;

/// <summary>A conversation of git over HTTP in a form that people can read, packed into the bytes of the wire.</summary>
/// <remarks>
/// A line a packet:
/// <list type="bullet">
/// <item><c># …</c> is a comment, <c>= POST git-upload-pack</c> begins a request and its answer.</item>
/// <item><c>&gt;</c> is the client's, <c>&lt;</c> the server's packet; a line feed is added unless the line ends with <c>\n</c> or <c>\c</c>, or is
/// of a side-band.</item>
/// <item><c>0000</c>, <c>0001</c>, <c>0002</c> are the packets without payload.</item>
/// <item><c>\x01</c>, <c>\x02</c>, <c>\x03</c> at the start name the band of a side-band packet.</item>
/// <item><c>hex:</c> and <c>pack:</c> (a file) stand for bytes: behind a band as packets of it, else as they are.</item>
/// <item><c>raw:</c> is text that is no packet.</item>
/// </list>
/// </remarks>
public sealed class Transcript
{
    /// <summary>What the longest side-band packet carries beside its band.</summary>
    private const int MaxBand = 65515;

    private Transcript(IReadOnlyList<TranscriptExchange> exchanges) => Exchanges = exchanges;

    /// <summary>The requests and their answers, in order.</summary>
    public IReadOnlyList<TranscriptExchange> Exchanges { get; }

    /// <summary>Reads a transcript from its file; packs lie in the folder <c>packs</c> beside its own.</summary>
    public static Transcript Load(string path)
    {
        var folder = Path.Combine(Path.GetDirectoryName(path)!, "..", "packs");
        return Parse(File.ReadAllText(path), name => File.ReadAllBytes(Path.Combine(folder, name)));
    }

    /// <summary>Reads a transcript.</summary>
    /// <param name="text">The text form.</param>
    /// <param name="pack">Finds the bytes of <c>pack:NAME</c>.</param>
    /// <exception cref="FormatException">A line is of no known form; the message names it.</exception>
    public static Transcript Parse(string text, Func<string, byte[]>? pack = null)
    {
        var exchanges = new List<(string Method, string Target, MemoryStream Request, MemoryStream Answer)>();
        foreach (var line in text.Split('\n'))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.StartsWith("= ", StringComparison.Ordinal) && line.Split(' ') is [_, var method, var target])
            {
                exchanges.Add((method, target, new MemoryStream(), new MemoryStream()));
                continue;
            }

            if (exchanges.Count == 0 || line.Length < 3 || line[0] is not ('>' or '<') || line[1] != ' ')
                throw new FormatException($"'{line}' is no line of a transcript; does it follow a '= METHOD TARGET' line?");
            (line[0] == '>' ? exchanges[^1].Request : exchanges[^1].Answer).Write(Bytes(line[2..], pack));
        }

        return new Transcript([.. exchanges.Select(e => new TranscriptExchange(e.Method, e.Target, e.Request.ToArray(), e.Answer.ToArray()))]);
    }

    /// <summary>Frames a payload as a pkt-line.</summary>
    public static byte[] Packet(ReadOnlySpan<byte> payload) =>
        [.. Encoding.ASCII.GetBytes((payload.Length + 4).ToString("x4", CultureInfo.InvariantCulture)), .. payload];

    private static byte[] Bytes(string text, Func<string, byte[]>? pack)
    {
        if (text is "0000" or "0001" or "0002")
            return Encoding.ASCII.GetBytes(text);
        if (text.StartsWith("raw:", StringComparison.Ordinal))
            return Escaped.Read(text[4..]);
        if (Binary(text, pack) is { } raw)
            return raw;
        if (text is ['\\', 'x', '0', '1' or '2' or '3', ..])
        {
            var band = (byte)(text[3] - '0');
            var data = Binary(text[4..], pack) ?? Escaped.Read(text[4..]);
            return data.Length == 0 ? Packet([band]) : [.. data.Chunk(MaxBand).SelectMany(part => Packet([band, .. part]))];
        }

        return Packet(
            text.EndsWith("\\c", StringComparison.Ordinal) ? Escaped.Read(text[..^2])
            : text.EndsWith("\\n", StringComparison.Ordinal) ? Escaped.Read(text)
            : [.. Escaped.Read(text), (byte)'\n']
        );
    }

    private static byte[]? Binary(string text, Func<string, byte[]>? pack) =>
        text.StartsWith("hex:", StringComparison.Ordinal) ? Convert.FromHexString(text[4..])
        : !text.StartsWith("pack:", StringComparison.Ordinal) ? null
        : pack?.Invoke(text[5..]) ?? throw new FormatException($"'{text}' names a file where none can be.");
}

/// <summary>A request and its answer.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Target">What follows the repository's URL, such as <c>info/refs?service=git-receive-pack</c>.</param>
/// <param name="Request">The body that the client sends.</param>
/// <param name="Answer">The body that the server sends.</param>
public sealed record TranscriptExchange(string Method, string Target, byte[] Request, byte[] Answer)
{
    /// <summary>The content type of git's answer to such a request (gitprotocol-http).</summary>
    public string ContentType =>
        Method == "GET"
            ? $"application/x-{Target[(Target.IndexOf('=', StringComparison.Ordinal) + 1)..]}-advertisement"
            : $"application/x-{Target}-result";
}
