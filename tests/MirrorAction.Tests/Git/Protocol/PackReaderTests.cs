using System.Text;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git.Protocol;

public sealed class PackReaderTests
{
    [Theory]
    [InlineData("sha1", "--delta-base-offset")]
    [InlineData("sha1", "--no-reuse-delta")]
    [InlineData("sha256", "--delta-base-offset")]
    public void Packs_of_git_are_read_with_their_deltas(string format, string option)
    {
        Assert.SkipUnless(RealGit.IsInstalled, "git is not installed");
        using var temp = new TempFolder();
        var repository = GitRepository.Init(temp["source"], objectFormat: format);
        var text = string.Concat(Enumerable.Range(0, 400).Select(i => $"line {i}\n"));
        using (var import = repository.Import())
        {
            for (var i = 0; i < 8; i++)
                import.Commit("main", "README.md", $"{text}version {i}\n");
            import.Complete();
        }

        var ids = repository.Git("rev-list", "--objects", "--all").Split('\n').Select(line => line.Split(' ')[0]).ToArray();
        var pack = RealGit
            .Try(
                repository.Path,
                ["pack-objects", "--stdout", "--quiet", "--no-reuse-object", "--window=20", "--depth=20", option],
                Encoding.ASCII.GetBytes(string.Join('\n', ids) + "\n")
            )
            .EnsureSuccess()
            .Output;

        var objects = PackReader.ReadAll(pack, format == "sha1" ? ObjectFormat.Sha1 : ObjectFormat.Sha256).ToArray();

        objects.Select(o => o.Id.ToString()).ShouldBe(ids, ignoreOrder: true);
        objects.Count(o => o.Type == PackObjectType.Commit).ShouldBe(8);
        objects.Where(o => o.Type == PackObjectType.Blob).ShouldAllBe(o => o.Data.Length > 3000);
        pack.Length.ShouldBeLessThan(8000); // Eight blobs of 3 KB: without deltas it would be no test.
        var tip = objects.Single(o => o.Id.ToString() == repository.Resolve("main"));
        PackReader.ParentsOf(tip.Data).Single().ToString().ShouldBe(repository.Resolve("main^"));
    }

    [Fact]
    public void Recorded_pack_is_read()
    {
        var objects = PackReader.ReadAll(Fixtures.Pack("clone"), ObjectFormat.Sha1).ToArray();

        objects.Length.ShouldBe(7);
        objects.Count(o => o.Type == PackObjectType.Tag).ShouldBe(1);
        objects.Select(o => o.Id.ToString()).ShouldContain("143b9a08484d52d898ea20283a70502fbdbafae8");
    }

    [Fact]
    public void Delta_may_name_its_base_by_id_and_build_on_a_delta()
    {
        var builder = new PackBuilder();
        byte[] data = Encoding.ASCII.GetBytes("0123456789");
        builder.Add(PackObjectType.Blob, data);
        var second = builder.AddRefDelta(PackBuilder.IdOf("blob", data), [10, 3, 0x90, 3]);
        builder.AddOfsDelta(second, [3, 2, 0x90, 2]);

        var objects = PackReader.ReadAll(builder.Build(), ObjectFormat.Sha1).ToArray();

        objects.Select(o => Encoding.ASCII.GetString(o.Data)).ShouldBe(["0123456789", "012", "01"]);
        objects.ShouldAllBe(o => o.Type == PackObjectType.Blob);
        objects[2].Id.ShouldBe(PackBuilder.IdOf("blob", "01"u8.ToArray()));
    }

    public static TheoryData<string, byte[]> Illegal =>
        new()
        {
            { "base that is no entry", With(b => b.AddOfsDelta(13, [10, 3, 0x90, 3])) },
            {
                "base before the pack",
                With(b => b.AddRaw([.. PackBuilder.Head(PackObjectType.OfsDelta, 4), 0xff, 0x7f, .. PackBuilder.Deflate([10, 3, 0x90, 3])]))
            },
            { "base at the very start of the file", With(b => b.AddOfsDelta(0, [10, 3, 0x90, 3])) },
            {
                "base that is itself",
                With(b => b.AddRaw([.. PackBuilder.Head(PackObjectType.OfsDelta, 4), 0, .. PackBuilder.Deflate([10, 3, 0x90, 3])]))
            },
            { "offset without end", With(b => b.AddRaw([.. PackBuilder.Head(PackObjectType.OfsDelta, 4), .. Enumerable.Repeat((byte)0xff, 30)])) },
            { "base that is not in the pack", With(b => b.AddRefDelta(Wire.Id(1), [10, 3, 0x90, 3])) },
            { "type 0", With(b => b.AddRaw([0x00, .. PackBuilder.Deflate([])])) },
            { "type 5", With(b => b.AddRaw([0x50, .. PackBuilder.Deflate([])])) },
            { "size without end", With(b => b.AddRaw([.. Enumerable.Repeat((byte)0xbf, 30)])) },
            { "size too small", With(b => b.AddRaw([.. PackBuilder.Head(PackObjectType.Blob, 3), .. PackBuilder.Deflate([1, 2, 3, 4])])) },
            { "size too large", With(b => b.AddRaw([.. PackBuilder.Head(PackObjectType.Blob, 5), .. PackBuilder.Deflate([1, 2, 3, 4])])) },
            {
                "size beyond the limit",
                With(b => b.AddRaw([.. PackBuilder.Head(PackObjectType.Blob, PackReader.MaxObjectBytes + 1L), .. PackBuilder.Deflate([1])]))
            },
            { "no zlib", With(b => b.AddRaw([.. PackBuilder.Head(PackObjectType.Blob, 3), 1, 2, 3, 4, 5, 6, 7, 8])) },
            { "zlib with a dictionary", With(b => b.AddRaw([.. PackBuilder.Head(PackObjectType.Blob, 3), 0x78, 0x20, 1, 2, 3, 4, 5, 6])) },
            { "more objects than there are", With(b => b.Add(PackObjectType.Blob, [1]), count: 4) },
            { "four billion objects", With(b => b.Add(PackObjectType.Blob, [1]), count: -1) },
            { "half a header", "PACK\0\0"u8.ToArray() },
            { "nothing", [] },
        };

    [Theory]
    [MemberData(nameof(Illegal))]
    public void Illegal_pack_is_refused_for_good(string what, byte[] pack) =>
        Should.Throw<GitProtocolException>(() => PackReader.ReadAll(pack, ObjectFormat.Sha1).ToArray(), what).IsTransient.ShouldBeFalse();

    [Fact]
    public void Pack_cut_anywhere_never_gives_all_its_objects()
    {
        var pack = Fixtures.Pack("clone");
        for (var length = 0; length < pack.Length - 40; length += 3)
            Should.Throw<GitProtocolException>(() => PackReader.ReadAll(pack[..length], ObjectFormat.Sha1).ToArray(), $"cut after {length} bytes");
    }

    [Fact]
    public void Random_entries_are_objects_or_an_exception_of_the_protocol() =>
        Gens.Bytes(60)
            .Check(noise =>
            {
                var e = Record.Exception(() => PackReader.ReadAll(With(b => b.AddRaw(noise)), ObjectFormat.Sha1).ToArray());
                _ = e?.ShouldBeOfType<GitProtocolException>();
            });

    [Fact]
    public void Changed_byte_gives_objects_or_an_exception_of_the_protocol()
    {
        var pack = Fixtures.Pack("clone");
        for (var i = 12; i < pack.Length; i++)
        {
            var damaged = pack.ToArray();
            damaged[i] ^= (byte)(1 << (i % 8));
            var e = Record.Exception(() => PackReader.ReadAll(damaged, ObjectFormat.Sha1).ToArray());
            _ = e?.ShouldBeOfType<GitProtocolException>($"byte {i}");
        }
    }

    [Fact]
    public void Parents_are_those_of_the_head_and_not_of_the_message()
    {
        var commit = PackBuilder.Commit($"Merge\n\nparent {Wire.Id(9)}", Wire.Id(1), Wire.Id(2));

        PackReader.ParentsOf(commit).ShouldBe([Wire.Id(1), Wire.Id(2)]);
        PackReader.ParentsOf(PackBuilder.Commit("Root")).ShouldBeEmpty();
        PackReader.ParentsOf([]).ShouldBeEmpty();
        PackReader.ParentsOf("tree x\nparent nonsense\n"u8.ToArray()).ShouldBeEmpty();
    }

    private static byte[] With(Action<PackBuilder> add, int? count = null)
    {
        var builder = new PackBuilder();
        builder.Add(PackObjectType.Blob, Encoding.ASCII.GetBytes("0123456789"));
        add(builder);
        return builder.Build(count);
    }
}
