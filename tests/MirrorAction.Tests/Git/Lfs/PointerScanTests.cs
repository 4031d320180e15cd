using System.Text;
using MirrorAction.Git.Lfs;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git.Lfs;

public sealed class PointerScanTests
{
    private static readonly byte[] s_one = Encoding.ASCII.GetBytes(SandboxLfs.PointerTo([1]));
    private static readonly byte[] s_two = Encoding.ASCII.GetBytes(SandboxLfs.PointerTo([2]));

    [Fact]
    public async Task Pointers_are_found_among_other_objects()
    {
        var pack = new PackBuilder();
        pack.Add(PackObjectType.Commit, PackBuilder.Commit("x"));
        pack.Add(PackObjectType.Blob, s_one);
        pack.Add(PackObjectType.Blob, "no pointer\n"u8.ToArray());
        pack.Add(PackObjectType.Blob, [.. s_two, .. new byte[2000]]);
        pack.Add(PackObjectType.Tag, s_two);
        pack.Add(PackObjectType.Blob, s_one);

        (await ScanAsync(pack)).ShouldBe([new FoundPointer(PackBuilder.IdOf("blob", s_one), Parsed(s_one))]);
    }

    [Fact]
    public async Task Pointer_is_found_behind_deltas_of_either_kind()
    {
        var pack = new PackBuilder();
        var three = Encoding.ASCII.GetBytes(SandboxLfs.PointerTo([3]));
        pack.AddRefDelta(PackBuilder.IdOf("blob", s_two), Whole(s_two, three)); // Its base is a delta itself, and comes later.
        var offset = pack.Add(PackObjectType.Blob, s_one);
        pack.AddOfsDelta(offset, Whole(s_one, s_two));
        pack.AddRefDelta(PackBuilder.IdOf("blob", "elsewhere"u8.ToArray()), Whole(s_one, s_two));

        (await ScanAsync(pack)).Select(f => f.Pointer).ShouldBe([Parsed(s_one), Parsed(s_two), Parsed(three)], ignoreOrder: true);
    }

    [Fact]
    public async Task Deltas_that_make_no_sense_end_nothing()
    {
        var pack = new PackBuilder();
        var offset = pack.Add(PackObjectType.Blob, s_one);
        pack.AddOfsDelta(offset, [1, 2, 3]);
        pack.AddOfsDelta(offset, []);
        pack.AddRefDelta(PackBuilder.IdOf("blob", s_one), [0xff, 0xff]);

        (await ScanAsync(pack)).Count.ShouldBe(1);
    }

    private static async Task<IReadOnlyCollection<FoundPointer>> ScanAsync(PackBuilder pack)
    {
        using var session = GivenSession.Of(pack.Build());
        using var scan = new PointerScan(ObjectFormat.Sha1);
        await PackCheck.ScanAsync(session, scan, progress: null, TestContext.Current.CancellationToken);
        return scan.Complete();
    }

    private static LfsPointer Parsed(byte[] file) => LfsPointer.TryParse(file, out var pointer) ? pointer : throw new FormatException();

    /// <summary>A delta that takes nothing of its base.</summary>
    private static byte[] Whole(byte[] of, byte[] to) =>
        [.. Size(of.Length), .. Size(to.Length), .. to.Chunk(100).SelectMany(part => (byte[])[(byte)part.Length, .. part])];

    private static byte[] Size(int size) => size < 128 ? [(byte)size] : [(byte)(size | 0x80), (byte)(size >> 7)];
}
