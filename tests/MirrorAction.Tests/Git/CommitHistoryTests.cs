using System.Text;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Relay;
using MirrorAction.Git.Transport;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git;

public sealed class CommitHistoryTests
{
    private static readonly byte[] s_root = Encoding.ASCII.GetBytes(
        $"tree {Wire.Id(9)}\nauthor A <a@b> 1700000000 +0000\ncommitter A <a@b> 1700000060 +0000\n\ncommitter x 1\n"
    );

    [Fact]
    public async Task Commits_have_parents_and_times_and_a_tag_is_a_child_of_what_it_points_to()
    {
        var root = PackBuilder.IdOf("commit", s_root);
        var child = PackBuilder.Commit("Child", root, Wire.Id(7));
        var tag = Encoding.ASCII.GetBytes($"object {root}\ntype commit\ntag v1\ntagger A <a@b> 1700000120 -0130\n\nv1\n");
        var old = Encoding.ASCII.GetBytes($"object {root}\ntype commit\ntag v0\n\ntagger A <a@b> 5 +0000\n");

        var history = await ReadAsync(
            (PackObjectType.Commit, s_root),
            (PackObjectType.Commit, child),
            (PackObjectType.Tag, tag),
            (PackObjectType.Tag, old),
            (PackObjectType.Blob, "x"u8.ToArray())
        );

        history.TimeOf(root).ShouldBe(1700000060);
        history.ParentsOf(root).ShouldBeEmpty();
        history.ParentsOf(PackBuilder.IdOf("commit", child)).ShouldBe([root, Wire.Id(7)]);
        var tagId = PackBuilder.IdOf("tag", tag);
        (history.TimeOf(tagId), history.ParentsOf(tagId)[0]).ShouldBe((1700000120, root));
        history.TimeOf(PackBuilder.IdOf("tag", old)).ShouldBe(0);
        history.Contains(PackBuilder.IdOf("blob", "x"u8.ToArray())).ShouldBeFalse();
        history.TimeOf(Wire.Id(1)).ShouldBe(long.MaxValue);
    }

    [Fact]
    public async Task A_line_of_commits_has_every_parent_before_its_children()
    {
        var root = PackBuilder.IdOf("commit", s_root);
        var left = PackBuilder.Commit("Left", root);
        var right = PackBuilder.Commit("Right", root);
        var merge = PackBuilder.Commit("Merge", PackBuilder.IdOf("commit", left), PackBuilder.IdOf("commit", right));
        var (leftId, rightId, mergeId) = (PackBuilder.IdOf("commit", left), PackBuilder.IdOf("commit", right), PackBuilder.IdOf("commit", merge));

        var history = await ReadAsync(
            (PackObjectType.Commit, merge),
            (PackObjectType.Commit, left),
            (PackObjectType.Commit, s_root),
            (PackObjectType.Commit, right)
        );

        var line = history.ParentsFirst([mergeId]);
        line.ShouldBe([root, leftId, rightId, mergeId], ignoreOrder: true);
        (line[0], line[3]).ShouldBe((root, mergeId));
        history.ParentsFirst([leftId]).ShouldBe([root, leftId]);
        history.ParentsFirst([Wire.Id(77)]).ShouldBeEmpty();
        history.Reaches(mergeId, root).ShouldBeTrue();
        history.Reaches(leftId, rightId).ShouldBeFalse();
        history.Reaches(leftId, leftId).ShouldBeTrue();
    }

    private static async Task<CommitHistory> ReadAsync(params (PackObjectType Type, byte[] Data)[] objects)
    {
        var pack = new PackBuilder();
        foreach (var (type, data) in objects)
            pack.Add(type, data);
        await using var server = WireServer.Answering(_ => new WireAnswer(
            200,
            "application/x-git-upload-pack-result",
            [.. Wire.Packets("packfile"), .. Transcript.Packet([1, .. pack.Build()]), .. "0000"u8]
        ));
        using var http = new GitHttp(new GitHttpOptions());
        var source = new UploadPackClient(http, new GitEndpoint(server.Url), new TransferCounter());
        return (await CommitHistory.ReadAsync(source, [Wire.Id(1)], [], Wire.Token))!;
    }
}
