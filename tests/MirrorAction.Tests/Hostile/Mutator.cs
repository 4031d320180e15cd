using System.Globalization;
using System.Text;
using MirrorAction.Git.Protocol;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hostile;

/// <summary>Makes broken messages out of good ones. The same random numbers give the same message, on any machine.</summary>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> seeds)
{
    /// <summary>Two of the longest pkt-lines.</summary>
    private const int MaxLength = 128 << 10;

    /// <summary>What has a meaning to one decoder or another, and what lies at the edge of one.</summary>
    private static readonly byte[][] s_words =
    [
        .. new[]
        {
            "0000",
            "0001",
            "0002",
            "0003",
            "0004",
            "0005",
            "fff0",
            "fff1",
            "ffff",
            "-001",
            "0x10",
            "ERR ",
            "ERR ::error::x\n",
            "\u0001",
            "\u0002",
            "\u0003",
            "PACK",
            "packfile\n",
            "shallow-info\n",
            "acknowledgments\n",
            "NAK\n",
            "ACK ",
            "shallow ",
            "unpack ok\n",
            "unpack ",
            "ok ",
            "ng ",
            "option ",
            "version 1\n",
            "version 2\n",
            "# service=git-receive-pack\n",
            "refs/heads/",
            "refs/tags/",
            "HEAD",
            "^{}",
            ".have",
            "capabilities^{}",
            "unborn ",
            "symref-target:",
            "peeled:",
            "object-format=sha256",
            "object-format=md5",
            "symref=HEAD:",
            "\0",
            "\n",
            "\r",
            "\t",
            " ",
            "  ",
            "\u001b[31m",
            "\u001b]0;t\u0007",
            "\u001b",
            "::error::",
            "##[error]",
            "\u00c3\u0028",
            "\u00f0\u009f\u0098\u0080",
            "\u00e2\u0080\u00ae",
            "\u00ed\u00a0\u0080",
            "\u00ff\u00fe",
            "{",
            "}",
            "[",
            "]",
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
            ",",
            ":",
            "\"",
            "\\",
            "null",
            "true",
            "-1",
            "0",
            "1e999",
            "9223372036854775808",
            "18446744073709551616",
            "\\ud800",
            "\\u0000",
            "\\u202e",
            "\"id\":",
            "\"name\":\"..\"",
            "\"slug\":\".\"",
            "\"detail\":",
            "\"fields\":{\"a\":[\"b\"]}",
            "\"next\":\"http://[\"",
            "<",
            ">",
            "<script",
            "</script>",
            "<style",
            "&#",
            "&lt;",
            "; rel=\"next\"",
            "<https://evil.example/>; rel=next",
            "//evil.example/",
            "http://u:p@127.0.0.1/",
            "http://[",
            "*",
            "^",
            "..",
            "@{",
            "/",
            ".lock",
            "~",
            "?",
            new string('0', 40),
            new string('f', 40),
            new string('0', 64),
            new string('a', 300),
        }.Select(Encoding.Latin1.GetBytes),
        [0x80],
        [0xff, 0xff, 0xff, 0x7f],
        [0x9f, 0xff, 0xff, 0xff, 0x0f],
        [0x78, 0x9c, 0x03, 0, 0, 0, 0, 1],
        [0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
    ];

    /// <summary>The next message.</summary>
    internal byte[] Next()
    {
        var message = Pick(seeds);

        // Half of the time whole packets change and the framing stays right, so that what lies behind the framing is reached.
        if (random.Next(2) == 0 && TryTakeApart(message, out var packets))
        {
            for (var rounds = random.Next(1, 4); rounds > 0; rounds--)
                ChangePackets(packets);
            message = [.. packets.SelectMany(packet => packet)];
        }
        else
        {
            for (var rounds = 1 << random.Next(6); rounds > 0; rounds--)
                message = Change(message);
        }

        return message.Length <= MaxLength ? message : message[..MaxLength];
    }

    private void ChangePackets(List<byte[]> packets)
    {
        if (packets.Count == 0)
        {
            packets.Add("0000"u8.ToArray());
            return;
        }

        var at = random.Next(packets.Count);
        switch (random.Next(7))
        {
            case 0:
                packets.RemoveAt(at);
                break;
            case 1:
                packets.Insert(random.Next(packets.Count), packets[at]);
                break;
            case 2:
                packets.Insert(at, Encoding.ASCII.GetBytes(random.Next(4).ToString("x4", CultureInfo.InvariantCulture)));
                break;
            case 3 when TryTakeApart(Pick(seeds), out var others) && others.Count > 0:
                packets.Insert(at, Pick(others));
                break;
            default:
                var payload = Change(packets[at].Length > PktLine.PrefixLength ? packets[at][PktLine.PrefixLength..] : []);
                packets[at] = Transcript.Packet(payload.Length <= PktLine.MaxPayload ? payload : payload[..PktLine.MaxPayload]);
                break;
        }
    }

    private byte[] Change(byte[] message)
    {
        var at = random.Next(message.Length + 1);
        var length = Math.Min(message.Length - at, 1 << random.Next(10));
        switch (random.Next(9))
        {
            case 0 when message.Length > 0: // A bit flips.
                message = [.. message];
                message[random.Next(message.Length)] ^= (byte)(1 << random.Next(8));
                return message;
            case 1 when message.Length > 0: // A byte is another.
                message = [.. message];
                message[random.Next(message.Length)] = (byte)random.Next(256);
                return message;
            case 2: // The end is missing.
                return message[..at];
            case 3: // A part is missing.
                return [.. message[..at], .. message[(at + length)..]];
            case 4: // A part comes twice.
                return [.. message[..(at + length)], .. message[at..]];
            case 5: // The end of another message.
                var other = Pick(seeds);
                return [.. message[..at], .. other[random.Next(other.Length + 1)..]];
            case 6: // Something that means something, put in.
                return [.. message[..at], .. Pick(s_words), .. message[at..]];
            case 7: // The same, in place of what was there.
                var word = Pick(s_words);
                return [.. message[..at], .. word, .. message[Math.Min(message.Length, at + word.Length)..]];
            default: // A part many times over.
                return length is 0 or > 64
                    ? message
                    :
                    [
                        .. message[..at],
                        .. Enumerable.Repeat(message[at..(at + length)], random.Next(2, 200)).SelectMany(part => part),
                        .. message[at..],
                    ];
        }
    }

    private T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    private static bool TryTakeApart(byte[] message, out List<byte[]> packets)
    {
        packets = [];
        ReadOnlyMemory<byte> rest = message;
        try
        {
            for (; PktLine.TryParse(rest, out _, out var consumed); rest = rest[consumed..])
                packets.Add(rest[..consumed].ToArray());
        }
        catch (MirrorAction.Git.Model.GitProtocolException)
        {
            return false;
        }

        return rest.IsEmpty;
    }
}
