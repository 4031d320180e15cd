using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Relay;
using MirrorAction.Git.Transport;
using MirrorAction.Mirroring.Refs;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git;

/// <summary>Conversations that were recorded from git, held against this client byte for byte in both directions.</summary>
public sealed class TranscriptTests : IDisposable
{
    private static readonly ObjectId s_main = ObjectId.Parse("143b9a08484d52d898ea20283a70502fbdbafae8");
    private static readonly ObjectId s_next = ObjectId.Parse("36acdad3dac8b8a874b9082f9167e87919ab6bf3");

    private readonly GitHttp _http = new(new GitHttpOptions());

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Listing_gives_names_byte_for_byte_and_tags_unpeeled()
    {
        await using var server = ReplayServer.Start(Kit.Fixtures.Transcript("v2/ls-refs"));

        var refs = await Source(server).ListRefsAsync(RefPatternSet.BranchesAndTags.Prefixes, Wire.Token);

        server.Difference().ShouldBeNull();
        refs.Head.ShouldBe(RefName.Branch("main"));
        refs.Refs.Count.ShouldBe(4);
        refs.Refs[RefName.FromBytes(Wire.Latin1("refs/heads/caf\u00e9"))].ToString().ShouldStartWith("e044ef8e");
        refs.Refs[RefName.FromText("refs/tags/v2")].ToString().ShouldStartWith("be5975da");
    }

    [Fact]
    public async Task Empty_repository_lists_nothing_and_has_no_head()
    {
        await using var server = ReplayServer.Start(Kit.Fixtures.Transcript("v2/clone-empty"));

        var refs = await Source(server).ListRefsAsync(RefPatternSet.BranchesAndTags.Prefixes, Wire.Token);

        server.Difference().ShouldBeNull();
        refs.Refs.ShouldBeEmpty();
        refs.Head.ShouldBeNull();
    }

    [Theory]
    [InlineData("v2/clone", "v0/push-ok", 4, 0)]
    [InlineData("v2/incremental-thin", "v0/push-incremental", 1, 3)]
    public async Task Mirroring_asks_and_sends_what_was_recorded(string fetch, string push, int changed, int unchanged)
    {
        await using var source = ReplayServer.Start(Kit.Fixtures.Transcript(fetch));
        await using var destination = ReplayServer.Start(Kit.Fixtures.Transcript(push));
        var (from, to) = (Source(source), Destination(destination));

        var listed = await from.ListRefsAsync(RefPatternSet.BranchesAndTags.Prefixes, Wire.Token);
        var advertised = await to.DiscoverAsync(Wire.Token);
        var proven = MirrorPlanner.UpdatesToProve(listed.Refs, advertised.Refs, RefPatternSet.BranchesAndTags).ToHashSet();
        var plan = MirrorPlanner.Plan(listed.Refs, advertised.Refs, proven, new RefOptions(), DateTimeOffset.UnixEpoch);
        var results = await new PackRelay(from, listed, to, advertised, new RelayOptions()).RelayAsync(
            [.. plan.Changes.Select(c => c.Update)],
            Wire.Token
        );

        source.Difference().ShouldBeNull();
        destination.Difference().ShouldBeNull();
        results.ShouldAllBe(r => r.Status == RefUpdateStatus.Ok);
        results.Count.ShouldBe(changed);
        plan.Unchanged.ShouldBe(unchanged);
    }

    [Fact]
    public async Task Keep_alives_are_no_part_of_the_pack()
    {
        await using var server = ReplayServer.Start(Kit.Fixtures.Transcript("v2/keepalive"));

        var pack = await FetchAsync(Source(server), Ones);

        server.Difference().ShouldBeNull();
        Convert.ToHexStringLower(pack).ShouldBe("5041434b0000000200000000029d08823bd8a8eab510ad6ac75c823cfd3ed31e");
    }

    [Fact]
    public async Task Wanted_object_that_is_gone_is_a_reason_to_list_again()
    {
        await using var server = ReplayServer.Start(Kit.Fixtures.Transcript("v2/err-line"));

        var e = await Should.ThrowAsync<GitRemoteException>(() => FetchAsync(Source(server), Ones));

        server.Difference().ShouldBeNull();
        e.IsNotOurRef.ShouldBeTrue();
        e.IsTransient.ShouldBeTrue();
        e.Service.ShouldBe(GitService.UploadPack);
        e.RemoteMessage.ShouldBe("upload-pack: not our ref 1111111111111111111111111111111111111111");
    }

    [Fact]
    public async Task Source_that_gives_up_in_the_middle_says_why()
    {
        await using var server = ReplayServer.Start(Kit.Fixtures.Transcript("v2/band3-mid-pack"));

        var e = await Should.ThrowAsync<GitRemoteException>(() => FetchAsync(Source(server), Ones));

        e.RemoteMessage.ShouldBe("aborting due to possible repository corruption on the remote side.");
        e.Message.ShouldContain("fatal: unable to read 5716ca5987cbf97d6bb54920bea6adde242d87e6");
        e.Status.ShouldBeNull();
        e.IsTransient.ShouldBeFalse();
    }

    [Fact]
    public async Task Shallow_source_is_refused_before_a_pack()
    {
        await using var server = ReplayServer.Start(Kit.Fixtures.Transcript("v2/shallow-info"));
        var source = Source(server);
        await source.ListRefsAsync(RefPatternSet.BranchesAndTags.Prefixes, Wire.Token);

        var e = await Should.ThrowAsync<GitProtocolException>(() => FetchAsync(source, [s_next]));

        server.Difference().ShouldBeNull();
        e.Message.ShouldContain("shallow");
        e.IsTransient.ShouldBeFalse();
    }

    [Fact]
    public async Task Source_that_answers_v2_with_nothing_is_asked_in_v0()
    {
        await using var server = ReplayServer.Start(Kit.Fixtures.Transcript("v0/clone"));
        var source = Source(server);

        var refs = await source.ListRefsAsync(RefPatternSet.BranchesAndTags.Prefixes, Wire.Token);
        var pack = await FetchAsync(source, [s_next], [s_main], thin: true);

        server.Difference().ShouldBeNull();
        refs.Head.ShouldBe(RefName.Branch("main"));
        refs.Refs.Count.ShouldBe(4);
        refs.Refs.Keys.ShouldNotContain(RefName.FromText("HEAD"));
        pack.ShouldBe(Kit.Fixtures.Pack("v0-incremental"));
    }

    [Fact]
    public async Task One_refused_ref_of_three_holds_no_other_back()
    {
        await using var server = ReplayServer.Start(Kit.Fixtures.Transcript("v0/push-ng-one-of-three"));

        var report = await PushAsync(server, ["a", "locked", "z"]);

        server.Difference().ShouldBeNull();
        report.Unpack.ShouldBe("ok");
        report.Results.Select(r => r.Status).ShouldBe([RefUpdateStatus.Ok, RefUpdateStatus.RejectedByHook, RefUpdateStatus.Ok]);
        report.Results[1].Reason.ShouldBe("hook declined");
        report.RemoteMessage.ShouldBe("locked for the release error: hook declined to update refs/heads/locked");
        report.DeclinedForAll.ShouldBeNull();
    }

    [Fact]
    public async Task Refused_pack_is_told_with_the_servers_reason()
    {
        await using var server = ReplayServer.Start(Kit.Fixtures.Transcript("v0/push-unpack-failed"));

        var report = await PushAsync(server, ["main"]);

        server.Difference().ShouldBeNull();
        report.IsUnpackError.ShouldBeTrue();
        report.Explain(report.Unpack!).ShouldBe("unpack-objects abnormal exit (remote: fatal: pack exceeds maximum allowed size)");
        report.Results.Single().Status.ShouldBe(RefUpdateStatus.RejectedOther);
    }

    [Fact]
    public async Task Missing_report_leaves_every_ref_unreported()
    {
        await using var server = ReplayServer.Start(Kit.Fixtures.Transcript("v0/no-report"));

        var report = await PushAsync(server, ["main"]);

        server.Difference().ShouldBeNull();
        report.Unpack.ShouldBeNull();
        report.IsUnpackError.ShouldBeFalse();
        report.Results.Single().Status.ShouldBe(RefUpdateStatus.NotReported);
        report.RemoteMessage.ShouldBe("Thank you.");
    }

    [Fact]
    public async Task Pack_that_the_destination_cannot_unpack_is_an_exception_of_the_relay()
    {
        await using var source = ReplayServer.Start(
            Transcript.Parse(
                $"""
                = POST git-upload-pack
                < {s_main} refs/heads/main
                < 0000
                = POST git-upload-pack
                < packfile
                < \x01pack:clone.pack
                < 0000
                = POST git-upload-pack
                < ERR upload-pack: unexpected line: 'filter tree:0'
                """,
                _ => Kit.Fixtures.Pack("clone")
            )
        );
        await using var destination = ReplayServer.Start(Kit.Fixtures.Transcript("v0/push-unpack-failed"));
        var (from, to) = (Source(source), Destination(destination));
        var listed = await from.ListRefsAsync(["refs/heads/"], Wire.Token);
        var advertised = await to.DiscoverAsync(Wire.Token);
        var relay = new PackRelay(from, listed, to, advertised, new RelayOptions());

        var result = (await relay.RelayAsync([new RefUpdate(RefName.Branch("main"), ObjectId.Zero(ObjectFormat.Sha1), s_main)], Wire.Token)).Single();

        result.Status.ShouldBe(RefUpdateStatus.RejectedTooLarge);
        result.Reason.ShouldContain("pack exceeds maximum allowed size");
        result.Reason.ShouldContain("refs/heads/main");
        result.Reason.ShouldContain("the history cannot be divided");
        destination.Difference().ShouldBeNull(); // Nothing to try differently: the first pack was whole already, and it is one ref.
    }

    private static ObjectId[] Ones => [ObjectId.Parse(new string('1', 40))];

    private UploadPackClient Source(ReplayServer server) => new(_http, new GitEndpoint(server.Url), new TransferCounter());

    private ReceivePackClient Destination(ReplayServer server) => new(_http, new GitEndpoint(server.Url), new TransferCounter());

    private static async Task<byte[]> FetchAsync(
        UploadPackClient source,
        IReadOnlyCollection<ObjectId> wants,
        IReadOnlyCollection<ObjectId>? haves = null,
        bool thin = false
    )
    {
        using var session = await source.FetchAsync(
            new FetchRequest
            {
                Wants = wants,
                Haves = haves ?? [],
                ThinPack = thin,
                OfsDelta = true,
            },
            Wire.Token
        );
        var pack = new MemoryStream();
        while (await session.ReadAsync(Wire.Token) is { Length: > 0 } bytes)
            pack.Write(bytes.Span);
        return pack.ToArray();
    }

    private async Task<PushReport> PushAsync(ReplayServer server, string[] branches)
    {
        var client = Destination(server);
        var advertisement = await client.DiscoverAsync(Wire.Token);
        var updates = branches.Select(b => new RefUpdate(RefName.Branch(b), ObjectId.Zero(ObjectFormat.Sha1), s_main)).ToArray();
        return await client.PushAsync(advertisement, updates, new GivenPack(Kit.Fixtures.Pack("clone")), Wire.Token);
    }
}
