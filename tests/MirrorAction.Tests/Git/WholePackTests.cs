using System.Buffers;
using System.Text;
using MirrorAction.Git.Lfs;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Relay;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git;

/// <summary>What a pack that is at hand tells, and what it leaves open.</summary>
public sealed class WholePackTests
{
    private static readonly byte[] s_root = PackBuilder.Commit("Root");
    private static readonly byte[] s_child = PackBuilder.Commit("Child", PackBuilder.IdOf("commit", s_root));
    private static readonly byte[] s_pointer = Encoding.ASCII.GetBytes(SandboxLfs.PointerTo([1]));
    private static readonly ObjectId s_rootId = PackBuilder.IdOf("commit", s_root);
    private static readonly ObjectId s_childId = PackBuilder.IdOf("commit", s_child);

    [Fact]
    public void Commit_leads_to_a_parent_that_is_not_in_the_pack()
    {
        var pack = new PackBuilder();
        pack.Add(PackObjectType.Commit, s_child);

        CommitHistory.Of(Whole(pack)).Reaches(s_childId, s_rootId).ShouldBeTrue();
    }

    [Fact]
    public void Commit_that_is_a_delta_is_read_where_its_base_is_in_the_pack()
    {
        var grandchild = PackBuilder.Commit("Grandchild", s_childId);
        var other = PackBuilder.Commit("Other", s_childId);
        var pack = new PackBuilder();
        var offset = pack.Add(PackObjectType.Commit, s_child);
        pack.AddOfsDelta(offset, Delta(s_child, grandchild));
        pack.AddRefDelta(s_childId, Delta(s_child, other));

        var history = CommitHistory.Of(Whole(pack));
        history.Reaches(PackBuilder.IdOf("commit", grandchild), s_rootId).ShouldBeTrue();
        history.Reaches(PackBuilder.IdOf("commit", other), s_rootId).ShouldBeTrue();
    }

    [Fact]
    public void Commit_whose_base_only_the_receiver_has_proves_nothing()
    {
        var pack = new PackBuilder();
        pack.AddRefDelta(s_rootId, Delta(s_root, s_child));

        CommitHistory.Of(Whole(pack)).Contains(s_childId).ShouldBeFalse();
    }

    [Fact]
    public void Commit_is_known_by_what_was_there_and_not_by_what_was_asked_for()
    {
        var forged = PackBuilder.Commit("Child, forged", s_rootId);
        var pack = new PackBuilder();
        pack.Add(PackObjectType.Commit, forged);

        CommitHistory.Of(Whole(pack)).Reaches(s_childId, s_rootId).ShouldBeFalse();
    }

    [Fact]
    public void Pack_that_makes_no_sense_tells_nothing()
    {
        var pack = new PackBuilder();
        pack.Add(PackObjectType.Commit, s_child);
        var bytes = pack.Build();
        for (var length = ObjectFormat.Sha1.ByteLength(); length < bytes.Length; length++)
        {
            var cut = new WholePack(new ReadOnlySequence<byte>(bytes.AsMemory(0, length)), ObjectFormat.Sha1);

            CommitHistory.Of(cut).Contains(s_childId).ShouldBeFalse();
            LfsPointerSearch.FindIn(cut).ShouldBeNull();
        }
    }

    [Fact]
    public void Pointers_are_found_or_there_are_none()
    {
        var pack = new PackBuilder();
        pack.Add(PackObjectType.Blob, "no pointer\n"u8.ToArray());
        LfsPointerSearch.FindIn(Whole(pack)).ShouldNotBeNull().ShouldBeEmpty();

        pack.Add(PackObjectType.Blob, s_pointer);
        LfsPointerSearch.FindIn(Whole(pack)).ShouldNotBeNull().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Delta_that_spells_a_pointer_against_something_elsewhere_leaves_it_open(bool isById)
    {
        var elsewhere = new byte[300];
        var pack = new PackBuilder();
        var offset = pack.AddRefDelta(PackBuilder.IdOf("blob", elsewhere), Delta(elsewhere, new byte[2000]));
        _ = isById
            ? pack.AddRefDelta(PackBuilder.IdOf("blob", elsewhere), Delta(elsewhere, s_pointer))
            : pack.AddOfsDelta(offset, Delta(new byte[2000], s_pointer));

        LfsPointerSearch.FindIn(Whole(pack)).ShouldBeNull();
    }

    [Fact]
    public void Delta_with_room_for_an_oid_may_make_a_pointer_with_extensions()
    {
        // A new oid, and long lines of extensions that are its base's: git makes such deltas, far shorter than half of the file.
        byte[] delta = [.. Size(600), .. Size(600), 70, .. new byte[70], 0xb0, 0x12, 0x02];
        var pack = new PackBuilder();
        pack.AddRefDelta(PackBuilder.IdOf("blob", new byte[600]), delta);

        LfsPointerSearch.FindIn(Whole(pack)).ShouldBeNull();
    }

    [Fact]
    public void Delta_without_room_for_an_oid_is_no_pointer()
    {
        // All but the first bytes are its base's.
        byte[] delta = [.. Size(300), .. Size(200), 4, 1, 2, 3, 4, 0x90, 196];
        var pack = new PackBuilder();
        pack.AddRefDelta(PackBuilder.IdOf("tree", new byte[300]), delta);

        LfsPointerSearch.FindIn(Whole(pack)).ShouldNotBeNull().ShouldBeEmpty();
    }

    private static WholePack Whole(PackBuilder pack) => new(new ReadOnlySequence<byte>(pack.Build()), ObjectFormat.Sha1);

    /// <summary>A delta that takes nothing of its base.</summary>
    private static byte[] Delta(byte[] of, byte[] to) =>
        [.. Size(of.Length), .. Size(to.Length), .. to.Chunk(100).SelectMany(part => (byte[])[(byte)part.Length, .. part])];

    private static byte[] Size(int size) => size < 128 ? [(byte)size] : [(byte)(size | 0x80), (byte)(size >> 7)];
}
