using FsCheck.Fluent;
using MirrorAction.Git;
using MirrorAction.Git.Http;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git;

public sealed class AncestryProbeTests : IDisposable
{
    private readonly GitHttp _http = new(new GitHttpOptions());
    private readonly CommitGraph _graph = new();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Forward_moves_are_proven_with_one_request()
    {
        var root = _graph.Add();
        var (a, b) = (_graph.Add(_graph.Add(root)), _graph.Add(root));

        var (proven, requests) = await ProbeAsync([(root, a), (root, b)]);

        proven.ShouldBe(["0", "1"]);
        requests.ShouldBe(1);
    }

    [Fact]
    public async Task Rewritten_branch_is_not_proven_though_its_old_value_is_a_parent_elsewhere()
    {
        var root = _graph.Add();
        var old = _graph.Add(root);
        var forward = _graph.Add(old);
        var rewritten = _graph.Add(root);

        var (proven, requests) = await ProbeAsync([(old, forward), (old, rewritten)]);

        proven.ShouldBe(["0"]);
        requests.ShouldBe(2); // Together, then the unproven one alone.
    }

    [Fact]
    public async Task Forward_move_through_a_merge_is_proven()
    {
        var root = _graph.Add();
        var (left, right) = (_graph.Add(root), _graph.Add(root));
        var merge = _graph.Add(left, right);

        (await ProbeAsync([(left, merge)])).Proven.ShouldBe(["0"]);
        (await ProbeAsync([(right, merge)])).Proven.ShouldBe(["0"]);
        (await ProbeAsync([(merge, left)])).Proven.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_to_prove_asks_nothing() => (await ProbeAsync([])).Requests.ShouldBe(0);

    [Fact]
    public async Task Single_requests_are_limited()
    {
        var root = _graph.Add();
        var updates = Enumerable.Range(0, 70).Select(_ => (_graph.Add(root), _graph.Add(root))).ToArray();

        var (proven, requests) = await ProbeAsync(updates);

        proven.ShouldBeEmpty();
        requests.ShouldBe(65);
    }

    [Fact]
    public async Task Server_without_filter_proves_nothing_and_fails_nothing()
    {
        await using var server = WireServer.Answering(_ => new WireAnswer(200, "application/x-git-upload-pack-result", Wire.Packets("ERR unexpected line: 'filter tree:0'")));

        (await Probe(server).FindFastForwardsAsync([new RefUpdate(Wire.Branch("main"), Wire.Id(1), Wire.Id(2))], Wire.Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Hostile_pack_proves_nothing_and_fails_nothing()
    {
        var pack = new PackBuilder();
        pack.AddRaw([.. PackBuilder.Head(MirrorAction.Git.Protocol.PackObjectType.Commit, 3), 0x78, 0x20, 1, 2, 3, 4, 5, 6]);
        await using var server = WireServer.Answering(_ => new WireAnswer(
            200, "application/x-git-upload-pack-result", [.. Wire.Packets("packfile"), .. Transcript.Packet([1, .. pack.Build()]), .. "0000"u8]));

        (await Probe(server).FindFastForwardsAsync([new RefUpdate(Wire.Branch("main"), Wire.Id(1), Wire.Id(2))], Wire.Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Broken_connection_is_worth_another_attempt()
    {
        await using var server = WireServer.Answering(_ => new WireAnswer(200, "application/x-git-upload-pack-result", Wire.Packets("packfile", @"\x01PACK")));

        await Should.ThrowAsync<GitTransportException>(() => Probe(server).FindFastForwardsAsync([new RefUpdate(Wire.Branch("main"), Wire.Id(1), Wire.Id(2))], Wire.Token));
    }

    [Fact]
    public void In_any_history_exactly_the_forward_moves_are_proven() => (
        from parents in Gen.Choose(0, 1000).Two().ListOf().Where(l => l.Count > 1)
        from moves in Gen.Choose(0, 1000).Two().NonEmptyListOf()
        select (parents, moves)).Check(sample =>
    {
        var graph = new CommitGraph();
        var ids = new List<ObjectId>();
        foreach (var (first, second) in sample.parents)
            ids.Add(graph.Add([.. new[] { first, second }.Where(p => p % 10 < ids.Count && ids.Count > 0).Select(p => ids[p % ids.Count]).Distinct()]));
        var updates = sample.moves.Take(6).Select(m => (Old: ids[m.Item1 % ids.Count], New: ids[m.Item2 % ids.Count])).Where(m => m.Old != m.New).ToArray();

        var (proven, _) = ProbeAsync(updates, graph).GetAwaiter().GetResult();

        proven.ShouldBe(Enumerable.Range(0, updates.Length).Where(i => graph.IsAncestor(updates[i].Old, updates[i].New)).Select(i => $"{i}"));
    });

    private async Task<(string[] Proven, int Requests)> ProbeAsync((ObjectId Old, ObjectId New)[] moves, CommitGraph? graph = null)
    {
        var requests = 0;
        await using var server = WireServer.Answering(request =>
        {
            requests++;
            return (graph ?? _graph).Answer(request);
        });
        var updates = moves.Select((m, i) => new RefUpdate(Wire.Branch($"{i}"), m.Old, m.New)).ToArray();
        var proven = await Probe(server).FindFastForwardsAsync(updates, CancellationToken.None);
        return ([.. proven.Select(u => u.Name.ShortName).Order(StringComparer.Ordinal)], requests);
    }

    private AncestryProbe Probe(WireServer server) => new(new UploadPackClient(_http, new GitEndpoint(server.Url), new TransferCounter()));
}
