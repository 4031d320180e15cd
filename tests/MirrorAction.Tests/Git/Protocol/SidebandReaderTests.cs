using FsCheck.Fluent;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Http;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git.Protocol;

public sealed class SidebandReaderTests
{
    public static TheoryData<string[], string, string> Legal =>
        new()
        {
            { ["0000"], "", "" },
            { ["0002"], "", "" },
            { [@"\x01data", "0000"], "data", "" },
            { [@"\x01da", @"\x01ta", "0000"], "data", "" },
            { [@"\x01", @"\x01data", @"\x01", @"\x02", "0000"], "data", "" },
            { ["raw:0004", @"\x01data", "0000"], "data", "" },
            { [@"\x02Counting: 1%\rCounting: 2%\r", @"\x01data", @"\x02done\n", "0000"], "data", "Counting: 1% Counting: 2% done" },
            { [@"\x01\x02\x03", "0000"], "\u0002\u0003", "" },
            { [@"\x01data", "0000", @"\x01behind the end"], "data", "" },
        };

    [Theory]
    [MemberData(nameof(Legal))]
    public async Task Bands_are_taken_apart(string[] lines, string data, string message)
    {
        using var reader = Wire.Reader(lines);
        var sideband = new SidebandReader(reader, Wire.Peer);

        (await ReadAsync(sideband)).ShouldBe(Wire.Latin1(data));

        sideband.RemoteMessage.ShouldBe(message);
        (await sideband.ReadAsync(Wire.Token)).Length.ShouldBe(0); // Reading on after the end stays at the end.
    }

    [Theory]
    [InlineData("0001", "Delimiter")]
    [InlineData(@"\x04data\c", @"'\x04data'")]
    [InlineData("NAK", "'NAK")]
    [InlineData("PACK", "'PACK")]
    [InlineData(@"\0\c", @"'\x00'")]
    public async Task Packet_of_no_band_is_refused(string line, string quoted)
    {
        using var reader = Wire.Reader(@"\x01data", line, "0000");

        (await Should.ThrowAsync<GitProtocolException>(() => ReadAsync(new SidebandReader(reader, Wire.Peer)))).Message.ShouldContain(quoted);
    }

    [Fact]
    public async Task Error_line_among_bands_is_the_servers_refusal()
    {
        using var reader = Wire.Reader(@"\x01data", "ERR out of memory", "0000");

        (await Should.ThrowAsync<GitRemoteException>(() => ReadAsync(new SidebandReader(reader, Wire.Peer)))).RemoteMessage.ShouldBe("out of memory");
    }

    [Fact]
    public Task Answer_without_its_end_is_a_broken_connection() =>
        Cuts.NeverPassAsync(
            Wire.Packets(@"\x01data", @"\x02text\n", @"\x01more", "0000"),
            reader => ReadAsync(new SidebandReader(reader, Wire.Peer))
        );

    [Fact]
    public async Task Broken_answer_tells_what_the_server_said_before()
    {
        using var reader = Wire.Reader(@"\x02fatal: out of memory\n");

        (await Should.ThrowAsync<GitTransportException>(() => ReadAsync(new SidebandReader(reader, Wire.Peer)))).Message.ShouldContain(
            "fatal: out of memory"
        );
    }

    [Fact]
    public async Task Chatter_without_end_keeps_its_last_four_kibibytes()
    {
        var lines = Enumerable.Range(0, 50_000).Select(i => $@"\x02line {i}\n").Append("0000").ToArray();
        using var reader = Wire.Reader(lines);
        var sideband = new SidebandReader(reader, Wire.Peer);

        await ReadAsync(sideband);

        sideband.RemoteMessage.Length.ShouldBeLessThanOrEqualTo(TextSanitizer.MaxRemote);
        sideband.RemoteMessage.ShouldEndWith("line 49998 line 49999");
    }

    [Fact]
    public void What_is_put_into_bands_comes_out_in_any_chunking() =>
        (
            from data in Gens.ManyBytes(150_000)
            from size in Gen.Choose(1, 65515)
            from noise in Gen.Choose(0, 3)
            from chunks in Gens.Chunks
            select (data, size, noise, chunks)
        ).Check(sample =>
        {
            var packets = sample
                .data.Chunk(sample.size)
                .SelectMany(part =>
                    (byte[])
                        [
                            .. Transcript.Packet([1, .. part]),
                            .. Enumerable.Repeat(Wire.Packets(@"\x02noise\n", @"\x01").ToArray(), sample.noise).SelectMany(n => n),
                        ]
                )
                .Concat("0000"u8.ToArray())
                .ToArray();
            using var reader = Wire.Reader(packets, sample.chunks);

            var read = ReadAsync(new SidebandReader(reader, Wire.Peer)).GetAwaiter().GetResult();

            read.AsSpan().SequenceEqual(sample.data).ShouldBeTrue();
        });

    [Fact]
    public void Damage_gives_a_result_or_an_exception_of_git() =>
        Cuts.RandomDamageIsTold(
            Wire.Packets(@"\x01data", @"\x02text\n", @"\x01more", "0000"),
            reader => ReadAsync(new SidebandReader(reader, Wire.Peer))
        );

    private static async Task<byte[]> ReadAsync(SidebandReader sideband)
    {
        var data = new MemoryStream();
        while (await sideband.ReadAsync(CancellationToken.None) is { Length: > 0 } bytes)
            data.Write(bytes.Span);
        return data.ToArray();
    }
}
