using System.Security.Cryptography;
using System.Text;
using FsCheck.Fluent;
using MirrorAction.Git.Bundles;
using MirrorAction.Git.Model;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git;

public sealed class BundleFileTests
{
    private static readonly string s_one = Wire.Id(1).ToString();
    private static readonly string s_two = Wire.Id(2).ToString();
    private static readonly string s_long = new('a', 64);

    private static readonly BundleHeader s_header = new()
    {
        ObjectFormat = ObjectFormat.Sha1,
        Prerequisites = [Wire.Id(3)],
        Refs =
        [
            new(Wire.Branch("main"), Wire.Id(1)),
            new(RefName.FromBytes(Wire.Latin1("refs/tags/caf\u00e9")), Wire.Id(2)),
            new(RefName.FromText("HEAD"), Wire.Id(1)),
        ],
    };

    [Fact]
    public async Task Sha1_is_written_as_version_2_with_names_byte_for_byte()
    {
        var (bytes, _) = await WriteAsync(s_header, Fixtures.Pack("clone"));

        bytes.ShouldBe([
            .. Wire.Latin1($"# v2 git bundle\n-{Wire.Id(3)} \n{s_one} refs/heads/main\n{s_two} refs/tags/caf\u00e9\n{s_one} HEAD\n\n"),
            .. Fixtures.Pack("clone"),
        ]);
    }

    [Fact]
    public async Task Sha256_is_written_as_version_3()
    {
        var id = ObjectId.Parse(s_long);
        var (bytes, facts) = await WriteAsync(
            new BundleHeader
            {
                ObjectFormat = ObjectFormat.Sha256,
                Prerequisites = [id],
                Refs = [new(Wire.Branch("main"), id)],
            },
            null
        );

        Encoding.Latin1.GetString(bytes).ShouldStartWith($"# v3 git bundle\n@object-format=sha256\n-{s_long} \n{s_long} refs/heads/main\n\nPACK");
        facts.Objects.ShouldBe(0u);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(65515)]
    public async Task Facts_are_those_of_the_file(int packet)
    {
        var (bytes, facts) = await WriteAsync(s_header, Fixtures.Pack("clone"), packet);

        facts.ShouldBe(new BundleFacts(bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)), 7));
    }

    [Fact]
    public async Task No_pack_is_the_empty_pack_of_32_bytes()
    {
        var (bytes, facts) = await WriteAsync(s_header, null);

        bytes[^32..].ShouldBe(new PackBuilder().Build());
        facts.ShouldBe(new BundleFacts(bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)), 0));
    }

    [Fact]
    public async Task Header_is_read_back_and_the_stream_stands_at_the_pack()
    {
        // Long enough that it is not read at once, and behind something else.
        var header = s_header with
        {
            Refs = [.. Enumerable.Range(1, 2000).Select(i => new Ref(Wire.Branch($"topic/{i}"), Wire.Id(i))), .. s_header.Refs],
        };
        var (bytes, _) = await WriteAsync(header, Fixtures.Pack("clone"));
        using var stream = new MemoryStream([9, 9, .. bytes]) { Position = 2 };

        var read = await BundleFile.ReadHeaderAsync(stream, Wire.Token);

        read.ObjectFormat.ShouldBe(header.ObjectFormat);
        read.Prerequisites.ShouldBe(header.Prerequisites);
        read.Refs.ShouldBe(header.Refs);
        stream.ToArray()[(int)stream.Position..].ShouldBe(Fixtures.Pack("clone"));
    }

    [Fact]
    public async Task Version_3_of_others_is_read()
    {
        (
            await ReadAsync($"# v3 git bundle\n@object-format=sha1\n-{s_one} A commit's first line\n-{s_two}\n{s_one} refs/heads/main\n\n")
        ).Prerequisites.Count.ShouldBe(2);
        (await ReadAsync("# v3 git bundle\n\n")).ObjectFormat.ShouldBe(ObjectFormat.Sha1);
        (await ReadAsync($"# v3 git bundle\n@object-format=sha256\n{s_long} HEAD\n\n")).Refs.Single().Name.Raw.ShouldBe("HEAD");
    }

    public static TheoryData<string, string> Illegal =>
        new()
        {
            { "", "line 1 of its header: the file ends here" },
            { "PACK\0\0\0\u0002\0\0\0\0\n", "line 1 of its header: '# v2 git bundle' or '# v3 git bundle' was expected and 'PACK" },
            { "# v4 git bundle\n\n", "line 1 of its header: '# v2 git bundle' or" },
            { "# v2 git bundle\r\n\r\n", "line 1 of its header" },
            { "# v2 git bundle", "line 1 of its header: the file ends here" },
            { $"# v2 git bundle\n{s_one} refs/heads/main\n", "line 3 of its header: the file ends here, before the empty line" },
            { "# v2 git bundle\n@object-format=sha1\n\n", "line 2 of its header: '@object-format=sha1' is not expected here" },
            { $"# v3 git bundle\n{s_one} HEAD\n@object-format=sha1\n\n", "line 3 of its header: '@object-format=sha1' is not expected here" },
            { "# v3 git bundle\n@object-format=md5\n\n", "asks for what this program does not know" },
            {
                "# v3 git bundle\n@filter=blob:none\n\n",
                "'@filter=blob:none' says that objects were left out of this bundle; make one without --filter"
            },
            { "# v3 git bundle\n@colour=green\n\n", "line 2 of its header: '@colour=green' asks for what this program does not know" },
            { $"# v3 git bundle\n@object-format=sha256\n{s_one} refs/heads/main\n\n", "line 3 of its header: an object id of sha256" },
            { $"# v2 git bundle\n{s_long} refs/heads/main\n\n", "an object id of sha1, a blank and a ref name were expected" },
            { $"# v2 git bundle\n{s_one}\n\n", "a blank and a ref name were expected" },
            { $"# v2 git bundle\n{s_one} \n\n", "a blank and a ref name were expected" },
            { $"# v2 git bundle\n{s_one} refs/heads/a b\n\n", "a blank and a ref name were expected" },
            { $"# v2 git bundle\n{s_one} ../../config\n\n", "a blank and a ref name were expected" },
            { $"# v2 git bundle\n{s_one} refs/heads/\u001b[31m\n\n", "a blank and a ref name were expected" },
            { $"# v2 git bundle\n-{s_one[1..]} \n\n", "behind '-' where an object id of sha1 was expected" },
            { $"# v2 git bundle\n{s_one} HEAD\n-{s_one} \n\n", "line 3 of its header" },
            { $"# v2 git bundle\n{s_one} HEAD\n{s_two} HEAD\n\n", "line 3 of its header: 'HEAD' is listed twice" },
            { new string('x', 200_000), "this is no bundle" },
            { $"# v2 git bundle\n{s_one} {new string('x', 200_000)}", "line 2 of its header: it is longer than 65536 bytes" },
        };

    [Theory]
    [MemberData(nameof(Illegal))]
    public async Task Illegal_header_is_refused_and_its_line_named(string header, string message)
    {
        var e = await Should.ThrowAsync<GitProtocolException>(() => ReadAsync(header));
        e.Message.ShouldContain(message);
        e.Message.ShouldNotContain(c => char.IsControl(c));
    }

    [Fact]
    public async Task Header_cut_anywhere_is_none()
    {
        var (bytes, _) = await WriteAsync(s_header, null);
        for (var length = 0; length < bytes.Length - 32; length++)
            await Should.ThrowAsync<GitProtocolException>(
                () => BundleFile.ReadHeaderAsync(new MemoryStream(bytes[..length]), Wire.Token),
                $"cut after {length}"
            );
    }

    [Fact]
    public void Any_header_is_read_back_as_it_was_written() =>
        (
            from branches in Gen.Choose(0, 50)
            from prerequisites in Gen.Choose(0, 50)
            from name in Gens.Bytes(20)
            select new BundleHeader
            {
                ObjectFormat = ObjectFormat.Sha1,
                Prerequisites = [.. Enumerable.Range(0, prerequisites).Select(Wire.Id)],
                Refs = [.. Enumerable.Range(0, branches).Select(i => new Ref(Named(name, i), Wire.Id(i)))],
            }
        ).Check(header =>
        {
            var (bytes, _) = WriteAsync(header, null).GetAwaiter().GetResult();
            var read = BundleFile.ReadHeaderAsync(new MemoryStream(bytes), Wire.Token).GetAwaiter().GetResult();
            read.Refs.ShouldBe(header.Refs);
            read.Prerequisites.ShouldBe(header.Prerequisites);
        });

    [Fact]
    public async Task Pack_that_breaks_off_or_is_damaged_leaves_no_whole_bundle()
    {
        var pack = Fixtures.Pack("clone");
        var whole = (await WriteAsync(s_header, pack)).Bytes.Length;
        byte[] flipped = [.. pack[..200], (byte)(pack[200] ^ 1), .. pack[201..]];
        foreach (var broken in new[] { pack[..^1], pack[..100], pack[..5], flipped })
        {
            using var file = new MemoryStream();
            await Should.ThrowAsync<GitException>(() => BundleFile.WriteAsync(file, s_header, GivenSession.Of(broken), null, Wire.Token));
            file.Length.ShouldBeLessThanOrEqualTo(whole - 20, "the checksum is missing");
        }
    }

    [Fact]
    public async Task What_git_could_not_read_is_not_written()
    {
        BundleHeader With(string name) => s_header with { Refs = [new(RefName.FromText(name), Wire.Id(1))] };
        foreach (var name in new[] { "", "main", "refs/heads/a b", "refs/heads/a\nb" })
            (await Should.ThrowAsync<GitProtocolException>(() => WriteAsync(With(name), null))).Message.ShouldContain(
                "git does not accept such a name"
            );

        await Should.ThrowAsync<GitProtocolException>(() => WriteAsync(s_header with { Prerequisites = [ObjectId.Parse(s_long)] }, null));
        await Should.ThrowAsync<GitProtocolException>(() =>
            WriteAsync(new BundleHeader { ObjectFormat = ObjectFormat.Sha256, Refs = [] }, Fixtures.Pack("clone"))
        );
    }

    [Fact]
    public async Task Progress_is_told_and_cancellation_ends_the_writing()
    {
        var told = new List<long>();
        await BundleFile.WriteAsync(Stream.Null, s_header, GivenSession.Of(Fixtures.Pack("clone"), packet: 100), told.Add, Wire.Token);
        told.Sum().ShouldBe(Fixtures.Pack("clone").Length);

        await Should.ThrowAsync<OperationCanceledException>(() =>
            BundleFile.WriteAsync(Stream.Null, s_header, GivenSession.Of(Fixtures.Pack("clone")), null, new CancellationToken(canceled: true))
        );
    }

    /// <summary>A name that git accepts, with whatever bytes of these it accepts.</summary>
    private static RefName Named(byte[] bytes, int number)
    {
        var name = RefName.FromBytes([.. Encoding.ASCII.GetBytes($"refs/heads/{number}-"), .. bytes]);
        return name.IsWellFormed ? name : Wire.Branch($"{number}");
    }

    private static async Task<(byte[] Bytes, BundleFacts Facts)> WriteAsync(BundleHeader header, byte[]? pack, int packet = 65515)
    {
        using var file = new MemoryStream();
        var facts = await BundleFile.WriteAsync(file, header, pack is null ? null : GivenSession.Of(pack, packet: packet), null, Wire.Token);
        return (file.ToArray(), facts);
    }

    private static Task<BundleHeader> ReadAsync(string text) => BundleFile.ReadHeaderAsync(new MemoryStream(Wire.Latin1(text)), Wire.Token);
}
