using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git.Protocol;

public sealed class PktLineTests
{
    [Theory]
    [InlineData("0000", "Flush", "", 4)]
    [InlineData("0001", "Delimiter", "", 4)]
    [InlineData("0002", "ResponseEnd", "", 4)]
    [InlineData("0004", "Data", "", 4)]
    [InlineData("0006a\nrest", "Data", "a\n", 6)]
    [InlineData("000Bfoobar\n", "Data", "foobar\n", 11)]
    [InlineData("0008\0\u00ff  ", "Data", "\0\u00ff  ", 8)]
    public void Legal_lines_are_read(string bytes, string kind, string payload, int consumed)
    {
        PktLine.TryParse(Wire.Latin1(bytes), out var line, out var used).ShouldBeTrue();

        line.Kind.ToString().ShouldBe(kind);
        line.Payload.ToArray().ShouldBe(Wire.Latin1(payload));
        used.ShouldBe(consumed);
    }

    [Theory]
    [InlineData("0003")]
    [InlineData("fff1")]
    [InlineData("ffff")]
    [InlineData("+005a")]
    [InlineData(" 005a")]
    [InlineData("0x05a")]
    [InlineData("zzzz")]
    [InlineData("-001")]
    [InlineData("HTTP/1.1 200 OK")]
    public void Illegal_lengths_are_refused_and_quoted(string bytes)
    {
        var e = Should.Throw<GitProtocolException>(() => PktLine.TryParse(Wire.Latin1(bytes), out _, out _));

        e.IsTransient.ShouldBeFalse();
        e.Message.ShouldContain("pkt-line");
    }

    [Fact]
    public async Task Longest_line_is_read_and_one_byte_more_is_not()
    {
        var longest = new byte[PktLine.MaxPayload];
        using var reader = Wire.Reader([.. "fff0"u8, .. longest, .. "0000"u8], 7, 4096);

        (await reader.ReadAsync(Wire.Token)).Payload.Length.ShouldBe(65516);
        (await reader.ReadAsync(Wire.Token)).Kind.ShouldBe(PktLineKind.Flush);
        (await reader.ReadAsync(Wire.Token)).Kind.ShouldBe(PktLineKind.EndOfStream);
        Should.Throw<ArgumentException>(() => new PktLineWriter().Line(new byte[PktLine.MaxPayload + 1]));
        Should.Throw<ArgumentException>(() => new PktLineWriter().Line([]));
    }

    [Fact]
    public async Task Stream_may_end_between_lines_only()
    {
        var bytes = Wire.Packets("hello", "0001", "world", "0000");
        var boundaries = new HashSet<int> { 0, 10, 14, 24, 28 };
        for (var length = 0; length <= bytes.Length; length++)
        {
            using var reader = new PktLineReader(new ChunkedStream(bytes.AsMemory(0, length)));
            var e = await Record.ExceptionAsync(async () =>
            {
                while ((await reader.ReadAsync(Wire.Token)).Kind != PktLineKind.EndOfStream)
                {
                    // On to the end.
                }
            });

            (e is null).ShouldBe(boundaries.Contains(length), $"cut after {length} bytes");
            _ = e?.ShouldBeOfType<GitTransportException>();
        }
    }

    [Theory]
    [InlineData("line\n", "line")]
    [InlineData("line", "line")]
    [InlineData("line\n\n", "line\n")]
    [InlineData("line\r\n", "line\r")]
    public void One_line_feed_at_the_end_is_not_part_of_the_line(string payload, string line) =>
        new PktLine(PktLineKind.Data, Wire.Latin1(payload)).Line.ToArray().ShouldBe(Wire.Latin1(line));

    [Fact]
    public void Error_line_becomes_the_peers_words_without_control_characters()
    {
        PktLine.TryParse(Wire.Packets(@"ERR \x1b[31maccess denied\x07\n"), out var line, out _).ShouldBeTrue();

        var e = Should.Throw<GitRemoteException>(() => line.ThrowIfError(Wire.Peer));

        e.RemoteMessage.ShouldBe("access denied");
        e.Message.ShouldBe("git.example answered with an error: access denied");
        e.Status.ShouldBeNull();
        e.IsTransient.ShouldBeFalse();
    }

    [Fact]
    public void Quoting_shows_eighty_bytes_and_nothing_unprintable()
    {
        PktLine.Quote(Wire.Latin1("\u001b[31m\u00e9 ok")).ShouldBe(@"'\x1b[31m\xe9 ok'");
        PktLine.Quote(new byte[81]).ShouldBe("'" + string.Concat(Enumerable.Repeat(@"\x00", 80)) + "…'");
    }

    [Fact]
    public async Task Cancellation_reaches_the_stream()
    {
        using var reader = Wire.Reader("hello");

        await Should.ThrowAsync<OperationCanceledException>(async () => await reader.ReadAsync(new CancellationToken(canceled: true)));
    }
}
