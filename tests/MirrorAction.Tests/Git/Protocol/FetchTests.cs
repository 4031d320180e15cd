using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git.Protocol;

public sealed class FetchTests
{
    private static readonly string s_a = Wire.Id(10).ToString();

    public static TheoryData<string[]> LegalOrders =>
        new()
        {
            new[] { "packfile" },
            new[] { @"packfile\c" },
            new[] { "acknowledgments", "NAK", "0001", "packfile" },
            new[] { "acknowledgments", $"ACK {s_a}", "ready", "0001", "packfile" },
            new[] { "wanted-refs", $"{s_a} refs/heads/main", "0001", "packfile" },
            new[] { "packfile-uris", $"{s_a} https://cdn.example/pack", "0001", "packfile" },
            new[]
            {
                "acknowledgments",
                "ready",
                "0001",
                "wanted-refs",
                $"{s_a} refs/heads/main",
                "0001",
                "packfile-uris",
                $"{s_a} https://cdn.example/pack",
                "0001",
                "packfile",
            },
            new[] { "x-section-of-the-future", "some line", "0001", "packfile" },
        };

    [Theory]
    [MemberData(nameof(LegalOrders))]
    public async Task V2_sections_before_the_pack_are_skipped(string[] lines)
    {
        using var reader = Wire.Reader([.. lines, @"\x01pack bytes"]);

        await Fetch.SkipToPackV2Async(reader, Wire.Peer, Wire.Token);

        (await reader.ReadAsync(Wire.Token)).Payload.ToArray().ShouldBe([1, .. "pack bytes"u8]);
    }

    public static TheoryData<string[], string> IllegalOrders =>
        new()
        {
            { ["0000"], "without a pack" },
            { ["0002"], "without a pack" },
            { ["acknowledgments", "NAK", "0000"], "without a pack" },
            { ["acknowledgments", "NAK", "0001", "0000"], "without a pack" },
            { ["shallow-info", $"shallow {s_a}", "0001", "packfile"], "shallow" },
            { ["acknowledgments", "ready", "0001", "shallow-info", "0001", "packfile"], "shallow" },
            { ["raw:<!DOCTYPE html>"], "pkt-line" },
        };

    [Theory]
    [MemberData(nameof(IllegalOrders))]
    public async Task V2_answer_without_a_whole_pack_is_refused(string[] lines, string reason)
    {
        using var reader = Wire.Reader(lines);

        (await Should.ThrowAsync<GitProtocolException>(() => Fetch.SkipToPackV2Async(reader, Wire.Peer, Wire.Token))).Message.ShouldContain(reason);
    }

    [Fact]
    public Task V2_answer_cut_before_the_pack_is_a_broken_connection() =>
        Cuts.NeverPassAsync(
            Wire.Packets("acknowledgments", "NAK", "0001", "packfile"),
            reader => Fetch.SkipToPackV2Async(reader, Wire.Peer, Wire.Token)
        );

    [Fact]
    public Task V0_answer_cut_before_the_pack_is_a_broken_connection() =>
        Cuts.NeverPassAsync(Wire.Packets($"ACK {s_a} common", "NAK", @"\x01P"), reader => Fetch.SkipToPackV0Async(reader, Wire.Peer, Wire.Token));

    [Theory]
    [InlineData("NAK")]
    [InlineData("ACK 000000000000000000000000000000000000000a", "ACK 000000000000000000000000000000000000000b common", "NAK")]
    [InlineData]
    public async Task V0_acknowledgements_before_the_pack_are_skipped(params string[] lines)
    {
        using var reader = Wire.Reader([.. lines, @"\x02Counting\n", @"\x01P"]);

        var first = await Fetch.SkipToPackV0Async(reader, Wire.Peer, Wire.Token);

        first.Payload.Span[0].ShouldBe((byte)2);
    }

    [Theory]
    [InlineData("shallow 000000000000000000000000000000000000000a", "shallow")]
    [InlineData("0000", "a Flush packet")]
    [InlineData("0001", "a Delimiter packet")]
    public async Task V0_answer_without_a_whole_pack_is_refused(string line, string reason)
    {
        using var reader = Wire.Reader(line, "NAK", @"\x01P");

        (await Should.ThrowAsync<GitProtocolException>(() => Fetch.SkipToPackV0Async(reader, Wire.Peer, Wire.Token))).Message.ShouldContain(reason);
    }

    [Fact]
    public async Task Peer_that_never_comes_to_the_pack_is_given_up()
    {
        using var v2 = new PktLineReader(new EndlessStream(Wire.Packets("acknowledgments"), Wire.Packets($"ACK {s_a}")));
        using var v0 = new PktLineReader(new EndlessStream([], Wire.Packets("NAK")));

        (await Should.ThrowAsync<GitProtocolException>(() => Fetch.SkipToPackV2Async(v2, Wire.Peer, Wire.Token))).Message.ShouldContain(
            "100000 lines"
        );
        (await Should.ThrowAsync<GitProtocolException>(() => Fetch.SkipToPackV0Async(v0, Wire.Peer, Wire.Token))).Message.ShouldContain(
            "100000 lines"
        );
    }

    [Fact]
    public async Task Error_line_is_the_servers_refusal()
    {
        using var reader = Wire.Reader(@"ERR upload-pack: not our ref 0a\c");

        var e = await Should.ThrowAsync<GitRemoteException>(() => Fetch.SkipToPackV2Async(reader, Wire.Peer, Wire.Token));

        e.IsNotOurRef.ShouldBeTrue();
    }

    [Fact]
    public void Damage_gives_a_result_or_an_exception_of_git()
    {
        var answer = Wire.Packets("acknowledgments", "NAK", "0001", "packfile");
        Cuts.RandomDamageIsTold(answer, reader => Fetch.SkipToPackV2Async(reader, Wire.Peer, CancellationToken.None));
        Cuts.RandomDamageIsTold(answer, reader => Fetch.SkipToPackV0Async(reader, Wire.Peer, CancellationToken.None));
    }

    [Theory]
    [InlineData(false, false, false, "no-progress\n")]
    [InlineData(true, false, false, "thin-pack\nno-progress\n")]
    [InlineData(true, true, false, "thin-pack\nofs-delta\nno-progress\n")]
    [InlineData(false, false, true, "no-progress\nfilter tree:0\n")]
    public void V2_request_asks_for_what_is_wanted(bool thin, bool ofs, bool commits, string features)
    {
        var request = new FetchRequest
        {
            Wants = [Wire.Id(1)],
            Haves = [Wire.Id(2), Wire.Id(3)],
            ThinPack = thin,
            OfsDelta = ofs,
            Filter = commits ? ObjectFilter.CommitsOnly : ObjectFilter.None,
        };

        var text = System.Text.Encoding.ASCII.GetString(Fetch.RequestV2(request, ObjectFormat.Sha1, "acme").Span);

        var lines = Lines(text);
        string.Concat(lines.Skip(4).TakeWhile(l => !l.StartsWith("want", StringComparison.Ordinal))).ShouldBe(features);
        lines.ShouldContain($"have {Wire.Id(2)}\n");
        lines[^2].ShouldBe("done\n");
        lines[^1].ShouldBe("0000");
    }

    [Theory]
    [InlineData("thin-pack filter agent=git/2", " thin-pack filter agent=acme\n")]
    [InlineData("", "\n")]
    [InlineData("multi_ack_detailed side-band-64k ofs-delta no-progress", " multi_ack_detailed side-band-64k ofs-delta no-progress\n")]
    public void V0_request_asks_on_its_first_line_for_what_the_server_can(string server, string asked)
    {
        var request = new FetchRequest
        {
            Wants = [Wire.Id(1), Wire.Id(2)],
            Haves = [Wire.Id(3)],
            ThinPack = true,
            OfsDelta = true,
            Filter = ObjectFilter.CommitsOnly,
        };

        var lines = Lines(System.Text.Encoding.ASCII.GetString(Fetch.RequestV0(request, Wire.Capabilities(server), "acme").Span));

        lines[0].ShouldBe($"want {Wire.Id(1)}{asked}");
        lines[1].ShouldBe($"want {Wire.Id(2)}\n");
        lines[^1].ShouldBe("done\n");
    }

    private static List<string> Lines(string packets)
    {
        var lines = new List<string>();
        for (var at = 0; at < packets.Length; )
        {
            var length = Convert.ToInt32(packets.Substring(at, 4), 16);
            lines.Add(length < 4 ? packets.Substring(at, 4) : packets[(at + 4)..(at + length)]);
            at += Math.Max(length, 4);
        }

        return lines;
    }
}
