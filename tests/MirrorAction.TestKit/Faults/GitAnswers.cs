using System.Globalization;
using System.Text;

namespace MirrorAction.TestKit;

/// <summary>What can go wrong inside an answer of git that is good HTTP.</summary>
public static class GitAnswers
{
    /// <summary>The length of a packet in the middle is no number.</summary>
    public static byte[] WithBadLength(byte[] body)
    {
        if (body.Length == 0)
            return body;
        var packets = Split(body);
        var middle = packets.Count / 2;
        packets[middle] = [.. "00zz"u8, .. packets[middle].Skip(4)];
        return Join(packets);
    }

    /// <summary>The pack stops halfway, and the server says why it gave up.</summary>
    public static byte[] WithBandThree(byte[] body) =>
        WithPack(body, pack => [.. Band(1, pack[..(pack.Length / 2)]), .. Band(3, "fatal: \u001b[31mout of memory, malloc failed"u8.ToArray())]);

    /// <summary>The pack's checksum is wrong.</summary>
    public static byte[] WithFlippedTrailer(byte[] body) => WithPack(body, pack => Band(1, [.. pack[..^1], (byte)(pack[^1] ^ 1)]));

    /// <summary>The pack stops halfway, as if that were all.</summary>
    public static byte[] WithHalfAPack(byte[] body) => WithPack(body, pack => Band(1, pack[..(pack.Length / 2)]));

    /// <summary>Nothing but keep-alive packets for some time before the answer is a matter of timing; these are the packets.</summary>
    public static byte[] KeepAlive { get; } = "0005\u0001"u8.ToArray();

    /// <summary>Every line of a report twice.</summary>
    public static byte[] WithDoubleReport(byte[] body) => WithReport(body, lines => [.. lines.SelectMany(line => (byte[][])[line, line])]);

    /// <summary>The report without what it says of the last ref.</summary>
    public static byte[] WithoutLastVerdict(byte[] body) => WithReport(body, lines => [.. lines.SkipLast(2), lines[^1]]);

    /// <summary>The packets of an answer, each with its length in front.</summary>
    public static List<byte[]> Split(byte[] body)
    {
        var packets = new List<byte[]>();
        for (var at = 0; at < body.Length; )
        {
            var length = int.Parse(Encoding.ASCII.GetString(body, at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            packets.Add(body[at..(at + Math.Max(4, length))]);
            at += Math.Max(4, length);
        }

        return packets;
    }

    private static byte[] WithReport(byte[] body, Func<List<byte[]>, byte[][]> change) =>
        WithPack(body, report => Band(1, Join(change(Split(report)))));

    private static byte[] WithPack(byte[] body, Func<byte[], byte[]> change)
    {
        var packets = Split(body);
        var first = packets.FindIndex(IsBandOne);
        if (first < 0)
            return body;
        var content = packets.Where(IsBandOne).SelectMany(p => p[5..]).ToArray();
        return [.. Join(packets[..first]), .. change(content), .. "0000"u8];
    }

    private static bool IsBandOne(byte[] packet) => packet.Length > 4 && packet[4] == 1;

    private static byte[] Band(byte band, byte[] content) => [.. content.Chunk(60_000).SelectMany(part => Transcript.Packet([band, .. part]))];

    private static byte[] Join(IEnumerable<byte[]> packets) => [.. packets.SelectMany(p => p)];
}
