using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git.Protocol;

public sealed class ReportStatusTests
{
    private static readonly RefUpdate[] s_updates =
    [
        new(Wire.Branch("a"), Wire.Id(0), Wire.Id(1)),
        new(Wire.Branch("b"), Wire.Id(1), Wire.Id(2)),
        new(Wire.Branch("c"), Wire.Id(1), Wire.Id(0)),
    ];

    public static TheoryData<string[], string?, string> Legal =>
        new()
        {
            { ["unpack ok", "ok refs/heads/a", "ok refs/heads/b", "ok refs/heads/c", "0000"], "ok", "Ok Ok Ok" },
            { [@"unpack ok\c", @"ok refs/heads/c\c", @"ok refs/heads/b\c", @"ok refs/heads/a\c", "0000"], "ok", "Ok Ok Ok" },
            { ["unpack ok", "ok refs/heads/a", "ng refs/heads/b non-fast-forward", "ok refs/heads/c", "0000"], "ok", "Ok RejectedOther Ok" },
            { ["unpack ok", "ng refs/heads/a", "ng refs/heads/b ", "ok refs/heads/c", "0000"], "ok", "RejectedOther RejectedOther Ok" },
            { ["unpack ok", "ok refs/heads/a", "0000"], "ok", "Ok NotReported NotReported" },
            { ["unpack ok", "0000"], "ok", "NotReported NotReported NotReported" },
            { ["0000"], null, "NotReported NotReported NotReported" },
            { [], null, "NotReported NotReported NotReported" },
            { ["ok refs/heads/a", "ok refs/heads/b", "ok refs/heads/c", "0000"], null, "Ok Ok Ok" },
            {
                ["unpack index-pack abnormal exit", "ng refs/heads/a unpacker error", "0000"],
                "index-pack abnormal exit",
                "RejectedOther NotReported NotReported"
            },
            { ["unpack ok", "ok refs/heads/a", "ng refs/heads/a too late", "ok refs/heads/b", "ok refs/heads/c", "0000"], "ok", "Ok Ok Ok" },
            { ["unpack ok", "ng refs/heads/a hook declined", "ok refs/heads/a", "0000"], "ok", "RejectedByHook NotReported NotReported" },
            { ["unpack ok", "unpack something else", "ok refs/heads/a", "0000"], "ok", "Ok NotReported NotReported" },
            { ["unpack ok", "ok refs/heads/unknown", "ok refs/heads/A", "0000"], "ok", "NotReported NotReported NotReported" },
            {
                ["unpack ok", "ok refs/heads/a", "option refname refs/heads/z", "option forced-update", "ok refs/heads/b", "ok refs/heads/c", "0000"],
                "ok",
                "Ok Ok Ok"
            },
            { ["unpack ok", "ok refs/heads/a", "0000", "ok refs/heads/b"], "ok", "Ok NotReported NotReported" },
        };

    [Theory]
    [MemberData(nameof(Legal))]
    public void Each_ref_gets_its_first_verdict_and_what_is_not_said_is_not_known(string[] lines, string? unpack, string statuses)
    {
        var report = ReportStatus.Parse(Wire.Packets(lines), s_updates, "", Wire.Peer);

        report.Unpack.ShouldBe(unpack);
        string.Join(' ', report.Results.Select(r => r.Status)).ShouldBe(statuses);
        report.Results.Select(r => r.Update).ShouldBe(s_updates);
        report.Results.ShouldAllBe(r => r.Status == RefUpdateStatus.Ok == (r.Reason.Length == 0) || r.Update.Name == Wire.Branch("b"));
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("unpacked ok")]
    [InlineData("okrefs/heads/a")]
    [InlineData("NG refs/heads/a no")]
    [InlineData(@"\x01ok")]
    [InlineData("raw:00zz")]
    [InlineData("raw:0003")]
    [InlineData("raw:0004")]
    public void Anything_else_is_refused(string line) =>
        Should
            .Throw<GitProtocolException>(() => ReportStatus.Parse(Wire.Packets("unpack ok", line), s_updates, "", Wire.Peer))
            .IsTransient.ShouldBeFalse();

    [Theory]
    [InlineData("hook declined", RefUpdateStatus.RejectedByHook)]
    [InlineData("pre-receive hook declined", RefUpdateStatus.RejectedByHook)]
    [InlineData("Hook Declined", RefUpdateStatus.RejectedByHook)]
    [InlineData("deletion prohibited", RefUpdateStatus.RejectedNoDelete)]
    [InlineData("deletion of the current branch prohibited", RefUpdateStatus.RejectedNoDelete)]
    [InlineData("failed to update ref", RefUpdateStatus.RejectedRemoteChanged)]
    [InlineData("cannot lock ref 'refs/heads/b': is at 1 but expected 2", RefUpdateStatus.RejectedRemoteChanged)]
    [InlineData("failed to lock", RefUpdateStatus.RejectedRemoteChanged)]
    [InlineData("stale info", RefUpdateStatus.RejectedRemoteChanged)]
    [InlineData("fetch first", RefUpdateStatus.RejectedRemoteChanged)]
    [InlineData("reference already exists", RefUpdateStatus.RejectedRemoteChanged)]
    [InlineData("non-fast-forward", RefUpdateStatus.RejectedOther)]
    [InlineData("missing necessary objects", RefUpdateStatus.RejectedOther)]
    [InlineData("remote does not support deleting refs", RefUpdateStatus.RejectedOther)]
    public void Reasons_are_told_apart(string reason, RefUpdateStatus status)
    {
        var report = ReportStatus.Parse(Wire.Packets("unpack ok", $"ng refs/heads/b {reason}", "0000"), s_updates, "", Wire.Peer);

        report.Results[1].Status.ShouldBe(status);
        report.Results[1].Reason.ShouldBe(reason);
    }

    [Fact]
    public void Reasons_are_fit_for_a_log() =>
        ReportStatus
            .Parse(Wire.Packets(@"ng refs/heads/a \x1b[31m::error::no\r\nmore\x00", "0000"), s_updates, "", Wire.Peer)
            .Results[0]
            .Reason.ShouldBe("::error::no more");

    [Fact]
    public void Names_are_compared_byte_for_byte()
    {
        var update = new RefUpdate(RefName.FromBytes(Wire.Latin1("refs/heads/caf\u00e9")), Wire.Id(0), Wire.Id(1));

        ReportStatus.Parse(Wire.Packets(@"ok refs/heads/caf\xe9", "0000"), [update], "", Wire.Peer).Results[0].Status.ShouldBe(RefUpdateStatus.Ok);
        ReportStatus
            .Parse(Wire.Packets(@"ok refs/heads/caf\xc3\xa9", "0000"), [update], "", Wire.Peer)
            .Results[0]
            .Status.ShouldBe(RefUpdateStatus.NotReported);
    }

    [Fact]
    public void Cut_report_confirms_nothing_that_it_did_not_say()
    {
        var whole = Wire.Packets("unpack ok", "ok refs/heads/a", "ok refs/heads/b", "ok refs/heads/c", "0000");
        for (var length = 0; length < whole.Length; length++)
        {
            var report = ReportStatus.Parse(whole.AsMemory(0, length), s_updates, "", Wire.Peer);
            report.Results.Count(r => r.Status == RefUpdateStatus.Ok).ShouldBe(Math.Max(0, (length - 14) / 20), $"cut after {length} bytes");
            report.Results.Count(r => r.Status == RefUpdateStatus.NotReported).ShouldBe(3 - Math.Max(0, (length - 14) / 20));
        }
    }

    [Fact]
    public void Random_bytes_are_a_report_or_an_exception_of_git() =>
        Gens.Bytes(200)
            .Check(bytes =>
            {
                var e = Record.Exception(() => ReportStatus.Parse(bytes, s_updates, "", Wire.Peer));
                _ = e?.ShouldBeAssignableTo<GitException>();
            });

    [Theory]
    [InlineData(@"\x01000eunpack ok\n0014ok refs/heads/a\n0000", "0000")]
    [InlineData(@"\x01000eunpa", @"\x02busy\n", @"\x01", @"\x01ck ok\n0014ok refs/hea", @"\x01ds/a\n0000", "0000")]
    [InlineData("unpack ok", "ok refs/heads/a", "0000")]
    [InlineData("unpack ok", "ok refs/heads/a")]
    [InlineData("unpack ok", "option refname refs/heads/a", "ok refs/heads/a", "0000")]
    [InlineData(@"\x02bare lines after a band\n", "unpack ok", "ok refs/heads/a", "0000")]
    public async Task Report_is_found_in_the_side_band_and_without_it(params string[] answer)
    {
        var report = await PushAsync(answer);

        report.Unpack.ShouldBe("ok");
        report.Results.Single().Status.ShouldBe(RefUpdateStatus.Ok);
    }

    [Fact]
    public async Task Fatal_band_in_place_of_a_report_is_thrown()
    {
        var e = await Should.ThrowAsync<GitRemoteException>(() => PushAsync(@"\x02remote: over quota\n", @"\x03fatal: no space left"));

        e.RemoteMessage.ShouldBe("fatal: no space left");
        e.Message.ShouldContain("over quota");
        e.Service.ShouldBe(GitService.ReceivePack);
    }

    private static async Task<PushReport> PushAsync(params string[] answer)
    {
        await using var server = WireServer.Answering(_ => new WireAnswer(200, "application/x-git-receive-pack-result", Wire.Packets(answer)));
        using var http = new GitHttp(new GitHttpOptions());
        var client = new ReceivePackClient(http, new GitEndpoint(new Uri(server.Url, "acme/website")), new TransferCounter());
        return await client.PushAsync(Wire.Advertisement(), [s_updates[0]], EmptyPack.Of(ObjectFormat.Sha1), Wire.Token);
    }
}
