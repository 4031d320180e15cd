using FsCheck.Fluent;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Relay;
using MirrorAction.Git.Transport;
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
        await using var server = WireServer.Answering(_ => new WireAnswer(
            200,
            "application/x-git-upload-pack-result",
            Wire.Packets("ERR unexpected line: 'filter tree:0'")
        ));

        (await Probe(server).FindFastForwardsAsync([new RefUpdate(Wire.Branch("main"), Wire.Id(1), Wire.Id(2))], Wire.Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Server_that_says_nothing_about_filters_is_asked_once_whether_it_has_any()
    {
        var requests = 0;
        await using var server = WireServer.Answering(_ =>
        {
            requests++;
            return new WireAnswer(200, "application/x-git-upload-pack-result", "");
        });

        var updates = Enumerable.Range(1, 5).Select(i => new RefUpdate(Wire.Branch($"b{i}"), Wire.Id(i), Wire.Id(10 + i))).ToArray();
        (await Probe(server).FindFastForwardsAsync(updates, Wire.Token)).ShouldBeEmpty();

        requests.ShouldBe(2);
    }

    [Fact]
    public async Task Branch_that_the_source_cannot_read_keeps_no_other_from_being_proven()
    {
        var root = _graph.Add();
        var forward = _graph.Add(root);
        var broken = Wire.Id(404);
        await using var server = WireServer.Answering(request =>
            System.Text.Encoding.ASCII.GetString(request.Content).Contains($"want {broken}", StringComparison.Ordinal)
                ? new WireAnswer(
                    200,
                    "application/x-git-upload-pack-result",
                    Wire.Packets(
                        "packfile",
                        @"\x02fatal: bad object 1234\n",
                        @"\x03aborting due to possible repository corruption on the remote side."
                    )
                )
                : _graph.Answer(request)
        );
        RefUpdate[] updates = [new(Wire.Branch("broken"), root, broken), new(Wire.Branch("main"), root, forward)];

        var proven = await Probe(server).FindFastForwardsAsync(updates, Wire.Token);

        proven.Select(u => u.Name.ShortName).ShouldBe(["main"]);
    }

    [Fact]
    public async Task Hostile_pack_proves_nothing_and_fails_nothing()
    {
        var pack = new PackBuilder();
        pack.AddRaw([.. PackBuilder.Head(PackObjectType.Commit, 3), 0x78, 0x20, 1, 2, 3, 4, 5, 6]);
        await using var server = WireServer.Answering(_ => new WireAnswer(
            200,
            "application/x-git-upload-pack-result",
            [.. Wire.Packets("packfile"), .. Transcript.Packet([1, .. pack.Build()]), .. "0000"u8]
        ));

        (await Probe(server).FindFastForwardsAsync([new RefUpdate(Wire.Branch("main"), Wire.Id(1), Wire.Id(2))], Wire.Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Broken_connection_is_worth_another_attempt()
    {
        await using var server = WireServer.Answering(_ => new WireAnswer(
            200,
            "application/x-git-upload-pack-result",
            Wire.Packets("packfile", @"\x01PACK")
        ));

        await Should.ThrowAsync<GitTransportException>(() =>
            Probe(server).FindFastForwardsAsync([new RefUpdate(Wire.Branch("main"), Wire.Id(1), Wire.Id(2))], Wire.Token)
        );
    }

    [Fact]
    public void In_any_history_exactly_the_forward_moves_are_proven() =>
        (
            from parents in Gen.Choose(0, 1000).Two().ListOf().Where(l => l.Count > 1)
            from moves in Gen.Choose(0, 1000).Two().NonEmptyListOf()
            select (parents, moves)
        ).Check(sample =>
        {
            var graph = new CommitGraph();
            var ids = new List<ObjectId>();
            foreach (var (first, second) in sample.parents)
                ids.Add(
                    graph.Add([.. new[] { first, second }.Where(p => p % 10 < ids.Count && ids.Count > 0).Select(p => ids[p % ids.Count]).Distinct()])
                );
            var updates = sample
                .moves.Take(6)
                .Select(m => (Old: ids[m.Item1 % ids.Count], New: ids[m.Item2 % ids.Count]))
                .Where(m => m.Old != m.New)
                .ToArray();

            var (proven, _) = ProbeAsync(updates, graph).GetAwaiter().GetResult();

            proven.ShouldBe(Enumerable.Range(0, updates.Length).Where(i => graph.IsAncestor(updates[i].Old, updates[i].New)).Select(i => $"{i}"));
        });

    [Fact]
    public async Task Tips_of_a_mirror_that_lags_behind_are_part_of_the_history_by_one_request()
    {
        var root = _graph.Add();
        var (main, topic) = (_graph.Add(_graph.Add(root)), _graph.Add(root));

        await ShouldBeForeignAsync([], 1, [root, topic], [main, topic]);
        await ShouldBeForeignAsync([], 0, [main, topic], [main, topic]); // Equal ones are known.
    }

    [Fact]
    public async Task Old_tips_that_hide_each_other_are_asked_for_again_until_nothing_more_is_proven()
    {
        var chain = new List<ObjectId> { _graph.Add() };
        for (var i = 0; i < 5; i++)
            chain.Add(_graph.Add(chain[^1]));

        await ShouldBeForeignAsync([], 5, chain[..5], [chain[5]]);
    }

    [Fact]
    public async Task Tip_that_only_another_history_holds_is_foreign()
    {
        var root = _graph.Add();
        var (mine, theirs) = (_graph.Add(root), _graph.Add(root));

        await ShouldBeForeignAsync([theirs], 1, [theirs], [mine]);
        await ShouldBeForeignAsync([root], 0, [root], []); // A source without branches has no history.
    }

    [Fact]
    public async Task Server_without_filter_proves_equal_tips_only()
    {
        await using var server = WireServer.Answering(_ => new WireAnswer(
            200,
            "application/x-git-upload-pack-result",
            Wire.Packets("ERR unexpected line: 'filter tree:0'")
        ));

        (await Probe(server).FindUnprovenAsync([Wire.Id(1), Wire.Id(2)], [Wire.Id(1), Wire.Id(3)], Wire.Token)).ShouldBe([Wire.Id(2)]);
    }

    [Fact]
    public void In_any_history_something_is_foreign_exactly_when_no_tip_reaches_it() =>
        (
            from parents in Gen.Choose(0, 1000).Two().ListOf().Where(l => l.Count > 1)
            from asked in Gen.Choose(0, 1000).NonEmptyListOf()
            from tips in Gen.Choose(0, 1000).NonEmptyListOf()
            select (parents, asked, tips)
        ).Check(sample =>
        {
            var graph = new CommitGraph();
            var ids = new List<ObjectId>();
            foreach (var (first, second) in sample.parents)
                ids.Add(
                    graph.Add([.. new[] { first, second }.Where(p => p % 10 < ids.Count && ids.Count > 0).Select(p => ids[p % ids.Count]).Distinct()])
                );
            var asked = sample.asked.Select(i => ids[i % ids.Count]).ToHashSet();
            var tips = sample.tips.Take(4).Select(i => ids[i % ids.Count]).ToHashSet();

            var (foreign, _) = ForeignAsync(asked, tips, graph).GetAwaiter().GetResult();

            // What a foreign one hides may be among them: then there is something foreign in any case.
            var beyond = asked.Where(id => !tips.Any(tip => tip == id || graph.IsAncestor(id, tip))).ToHashSet();
            foreign.IsSupersetOf(beyond).ShouldBeTrue();
            (foreign.Count > 0).ShouldBe(beyond.Count > 0);
        });

    private async Task ShouldBeForeignAsync(
        ObjectId[] foreign,
        int requests,
        IReadOnlyCollection<ObjectId> commits,
        IReadOnlyCollection<ObjectId> tips
    )
    {
        var found = await ForeignAsync(commits, tips);

        found.Foreign.ShouldBe(foreign);
        found.Requests.ShouldBe(requests);
    }

    private async Task<(IReadOnlySet<ObjectId> Foreign, int Requests)> ForeignAsync(
        IReadOnlyCollection<ObjectId> commits,
        IReadOnlyCollection<ObjectId> tips,
        CommitGraph? graph = null
    )
    {
        var requests = 0;
        await using var server = WireServer.Answering(request =>
        {
            requests++;
            return (graph ?? _graph).Answer(request);
        });
        return (await Probe(server).FindUnprovenAsync(commits, tips, CancellationToken.None), requests);
    }

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
