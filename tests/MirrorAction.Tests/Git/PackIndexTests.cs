using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

#pragma warning disable CA5350 // git's object names and checksums are SHA-1.

namespace MirrorAction.Tests.Git;

public sealed class PackIndexTests
{
    private static readonly byte[] s_text = Encoding.ASCII.GetBytes("0123456789");

    [Theory]
    [InlineData("sha1", "--delta-base-offset", 8)]
    [InlineData("sha1", "--no-reuse-delta", 8)]
    [InlineData("sha256", "--delta-base-offset", 8)]
    [InlineData("sha256", "--no-reuse-delta", 8)]
    [InlineData("sha1", "--depth=250", 300)]
    public void Index_is_byte_for_byte_what_git_writes(string format, string option, int commits)
    {
        using var temp = NeedGit();
        var repository = GitPack.History(temp, commits, format);
        var pack = GitPack.Of(repository, "--no-reuse-delta", option);

        var index = Build(pack, FormatOf(format));

        Written(index).ShouldBe(GitPack.IndexOf(pack, temp, format));
        index.Count.ShouldBe(repository.CountObjects());
        index.Contains(ObjectId.Parse(repository.Resolve("refs/tags/v1")!)).ShouldBeTrue();
        index.Contains(Wire.Id(7)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_000)]
    public void Index_is_the_same_when_hardly_anything_is_kept_in_memory(long cacheBytes)
    {
        using var temp = NeedGit();
        var pack = GitPack.Of(GitPack.History(temp, 120), "--depth=50", "--delta-base-offset");
        var entries = PackEntries.Read(new MemoryStream(pack), ObjectFormat.Sha1, default);

        new DeltaResolver(new PackObjects(new MemoryStream(pack), 0, ObjectFormat.Sha1), entries, [], default, cacheBytes).Resolve();

        Written(entries.ToIndex()).ShouldBe(Written(Build(pack)));
    }

    [Theory]
    [InlineData("sha1")]
    [InlineData("sha256")]
    public void Thin_packs_of_a_chain_find_their_bases_in_earlier_ones(string format)
    {
        using var temp = NeedGit();
        var repository = GitPack.History(temp, 5, format);
        var chain = new List<PackFile>();
        var objects = 0;
        for (var (tip, step) = ("", 0); step < 4; step++)
        {
            var pack = GitPack.OfRevisions(repository, tip == "" ? "main\nv1\n" : $"main\n^{tip}\n", "--thin", "--delta-base-offset");
            var index = PackIndex.Build(new MemoryStream(pack), FormatOf(format), chain, default);
            // The pack lies behind something, as in a bundle.
            chain.Add(new PackFile(new MemoryStream([1, 2, 3, .. pack]), 3, index));
            objects += index.Count;
            tip = repository.Resolve("main")!;
            GitPack.Extend(repository, 5 + (step * 3), 3);
            if (step > 0)
                Should
                    .Throw<GitProtocolException>(() => Build(pack, FormatOf(format)))
                    .Message.ShouldMatch("object [0-9]+ of [0-9]+, at byte [0-9]+, is a delta against .* which neither this pack");
        }

        objects.ShouldBe(repository.CountObjects() - 12, "the last three commits, of four objects each, are in no pack");
    }

    [Fact]
    public void Deltas_by_id_may_come_before_their_base_and_build_on_one_another()
    {
        var builder = new PackBuilder();
        builder.AddRefDelta(PackBuilder.IdOf("blob", "012"u8.ToArray()), [3, 2, 0x90, 2]);
        builder.AddRefDelta(PackBuilder.IdOf("blob", s_text), [10, 3, 0x90, 3]);
        builder.Add(PackObjectType.Blob, s_text);

        var index = Build(builder.Build());

        foreach (var text in new[] { "0123456789", "012", "01" })
            index.Contains(PackBuilder.IdOf("blob", Encoding.ASCII.GetBytes(text))).ShouldBeTrue();
    }

    [Fact]
    public void Chain_of_ten_thousand_deltas_needs_no_deep_stack()
    {
        var builder = new PackBuilder();
        var at = builder.Add(PackObjectType.Blob, s_text);
        for (var i = 0; i < 10_000; i++)
            at = builder.AddOfsDelta(at, [10, 10, 0x90, 10]);

        Build(builder.Build()).Count.ShouldBe(10_001);
    }

    [Fact]
    public void Same_object_twice_is_indexed_twice_as_git_does()
    {
        using var temp = NeedGit();
        var builder = new PackBuilder();
        builder.Add(PackObjectType.Blob, s_text);
        builder.AddRefDelta(PackBuilder.IdOf("blob", s_text), [10, 3, 0x90, 3]);
        builder.Add(PackObjectType.Blob, s_text);

        Build(builder.Build()).Count.ShouldBe(3);
    }

    [Fact]
    public void Empty_pack_has_an_index()
    {
        using var temp = NeedGit();
        Written(Build(new PackBuilder().Build())).ShouldBe(GitPack.IndexOf(new PackBuilder().Build(), temp));
    }

    [Fact]
    public void Offsets_of_two_gibibytes_and_more_go_into_their_own_table()
    {
        long[] offsets = [12, int.MaxValue, 1L << 31, 5L << 32];
        var ids = Enumerable.Range(0, 4).SelectMany(i => Enumerable.Repeat((byte)(i * 60), 20)).ToArray();
        using var idx = new MemoryStream();

        PackIndexFormat.Write(idx, ObjectFormat.Sha1, ids, [1, 2, 3, 4], offsets, new byte[20]);

        var bytes = idx.ToArray();
        var small = 8 + 1024 + 80 + 16;
        bytes.Length.ShouldBe(small + 16 + 16 + 40);
        Enumerable
            .Range(0, 4)
            .Select(i => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(small + (i * 4))))
            .ShouldBe([12u, 0x7fff_ffff, 0x8000_0000, 0x8000_0001]);
        BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(small + 16)).ShouldBe(1L << 31);
        BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(small + 24)).ShouldBe(5L << 32);
        BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(8 + (59 * 4))).ShouldBe(1u);
        bytes[^20..].ShouldBe(SHA1.HashData(bytes.AsSpan(0, bytes.Length - 20)));
    }

    public static TheoryData<string, byte[], string> Illegal =>
        new()
        {
            {
                "base that is no entry",
                With(b => b.AddOfsDelta(13, [10, 3, 0x90, 3])),
                "object 2 of 2, at byte 31, is a delta whose base would begin at byte 13"
            },
            {
                "base that is itself",
                With(b => b.AddRaw([.. PackBuilder.Head(PackObjectType.OfsDelta, 4), 0, .. PackBuilder.Deflate([10, 3, 0x90, 3])])),
                "names itself"
            },
            {
                "base before the pack",
                With(b => b.AddRaw([.. PackBuilder.Head(PackObjectType.OfsDelta, 4), .. Enumerable.Repeat((byte)0xff, 30)])),
                "before the pack"
            },
            { "base that nobody has", With(b => b.AddRefDelta(Wire.Id(1), [10, 3, 0x90, 3])), $"is a delta against {Wire.Id(1)}, which neither" },
            {
                "deltas on one another",
                With(b =>
                {
                    b.AddRefDelta(Wire.Id(1), [3, 3, 0x90, 3]);
                    b.AddOfsDelta(31, [3, 3, 0x90, 3]);
                }),
                "object 2 of 3"
            },
            { "delta for another base", With(b => b.AddOfsDelta(12, [11, 3, 0x90, 3])), "does not fit its base" },
            {
                "delta that makes too much",
                With(b => b.AddOfsDelta(12, [10, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x90, 3])),
                "does not fit its base, or makes more than 512 MiB"
            },
            { "type 0", With(b => b.AddRaw([0x00, .. PackBuilder.Deflate([])])), "has the type 0" },
            { "type 5", With(b => b.AddRaw([0x50, .. PackBuilder.Deflate([])])), "has the type 5" },
            { "size without end", With(b => b.AddRaw([.. Enumerable.Repeat((byte)0xbf, 30)])), "a size that cannot be" },
            {
                "size too small",
                With(b => b.AddRaw([.. PackBuilder.Head(PackObjectType.Blob, 3), .. PackBuilder.Deflate([1, 2, 3, 4])])),
                "promises 3 bytes and inflates to"
            },
            {
                "size too large",
                With(b => b.AddRaw([.. PackBuilder.Head(PackObjectType.Blob, 5), .. PackBuilder.Deflate([1, 2, 3, 4])])),
                "promises 5 bytes and inflates to 4"
            },
            { "no zlib", With(b => b.AddRaw([.. PackBuilder.Head(PackObjectType.Blob, 3), 1, 2, 3, 4, 5, 6, 7, 8])), "cannot be inflated" },
            { "fewer objects than promised", With(b => b.Add(PackObjectType.Blob, [1]), count: 4), "object 3 of 4" },
            { "more objects than promised", With(b => b.Add(PackObjectType.Blob, [1]), count: 1), "behind the last of its 1 objects" },
            { "four billion objects", With(b => b.Add(PackObjectType.Blob, [1]), count: -1), "object 3 of 4294967295" },
            { "no pack", "PUCK\0\0\0\u0002\0\0\0\0aaaaaaaaaaaaaaaaaaaa"u8.ToArray(), "'PACK' and version 2 or 3 were expected" },
            { "half a header", "PACK\0\0"u8.ToArray(), "6 bytes" },
            { "nothing", [], "0 bytes" },
        };

    [Theory]
    [MemberData(nameof(Illegal))]
    public void Illegal_pack_is_refused_and_its_fault_named(string what, byte[] pack, string message) =>
        Should.Throw<GitProtocolException>(() => Build(pack), what).Message.ShouldContain(message);

    [Fact]
    public void Every_changed_byte_is_found()
    {
        // Entries of every kind: whole ones, deltas by offset and by id.
        var builder = new PackBuilder();
        var first = builder.Add(PackObjectType.Blob, s_text);
        builder.AddOfsDelta(first, [10, 3, 0x90, 3]);
        builder.AddRefDelta(PackBuilder.IdOf("blob", s_text), [10, 4, 0x90, 4]);
        builder.Add(PackObjectType.Commit, PackBuilder.Commit("x"));
        var pack = builder.Build();
        foreach (var damaged in Fixtures.Pack("clone") is var clone ? Damages(pack).Concat(Damages(clone)) : [])
            Should.Throw<GitProtocolException>(() => Build(damaged.Pack), damaged.What);

        static IEnumerable<(string What, byte[] Pack)> Damages(byte[] pack)
        {
            for (var at = 0; at < pack.Length; at++)
            {
                foreach (var flip in new byte[] { 1, 0x80, 0xff })
                {
                    var damaged = pack.ToArray();
                    damaged[at] ^= flip;
                    yield return ($"byte {at} of {pack.Length}, {flip:x2}", damaged);
                }
            }
        }
    }

    [Fact]
    public void Changed_byte_under_a_right_checksum_is_found_or_makes_another_object()
    {
        var pack = Fixtures.Pack("clone");
        for (var at = 8; at < pack.Length - 20; at++)
        {
            var damaged = pack.ToArray();
            damaged[at] ^= 0x10;
            SHA1.HashData(damaged.AsSpan(0, damaged.Length - 20)).CopyTo(damaged.AsSpan(damaged.Length - 20));
            try
            {
                // A type may change without zlib's checksums or the sizes telling: then it is another object, under another name.
                var index = Build(damaged);
                PackReader.ReadAll(damaged, ObjectFormat.Sha1).ShouldAllBe(o => index.Contains(o.Id), $"byte {at}");
            }
            catch (GitProtocolException) { }
        }
    }

    [Fact]
    public void Pack_cut_anywhere_has_no_index()
    {
        var pack = Fixtures.Pack("clone");
        for (var length = 0; length < pack.Length; length++)
            Should.Throw<GitProtocolException>(() => Build(pack[..length]), $"cut after {length} bytes");
    }

    [Fact]
    public void Pack_with_something_behind_it_has_no_index() => Should.Throw<GitProtocolException>(() => Build([.. Fixtures.Pack("clone"), 0]));

    [Fact]
    public void Cancelled_reading_ends() =>
        Should.Throw<OperationCanceledException>(() =>
            PackIndex.Build(new MemoryStream(Fixtures.Pack("clone")), ObjectFormat.Sha1, [], new CancellationToken(canceled: true))
        );

    private static TempFolder NeedGit()
    {
        Assert.SkipUnless(RealGit.IsInstalled, "git is not installed");
        return new TempFolder();
    }

    private static ObjectFormat FormatOf(string name) => name == "sha1" ? ObjectFormat.Sha1 : ObjectFormat.Sha256;

    private static PackIndex Build(byte[] pack, ObjectFormat format = ObjectFormat.Sha1) =>
        PackIndex.Build(new MemoryStream(pack), format, [], Wire.Token);

    private static byte[] Written(PackIndex index)
    {
        using var idx = new MemoryStream();
        index.WriteTo(idx);
        return idx.ToArray();
    }

    private static byte[] With(Action<PackBuilder> add, int? count = null)
    {
        var builder = new PackBuilder();
        builder.Add(PackObjectType.Blob, s_text);
        add(builder);
        return builder.Build(count);
    }
}
