using System.Security.Cryptography;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git;

public sealed class PackCheckTests
{
    [Theory]
    [InlineData("sha1", "--delta-base-offset", 65515)]
    [InlineData("sha1", "--delta-base-offset", 1)]
    [InlineData("sha1", "--no-reuse-delta", 100)]
    [InlineData("sha256", "--delta-base-offset", 999)]
    public async Task Packs_of_git_are_right_however_they_arrive(string format, string option, int packet)
    {
        Assert.SkipUnless(RealGit.IsInstalled, "git is not installed");
        using var temp = new TempFolder();
        var repository = GitPack.History(temp, 20, format);
        var pack = GitPack.Of(repository, option);
        var told = 0L;

        var facts = await PackCheck.ReadAsync(
            GivenSession.Of(pack, format == "sha1" ? ObjectFormat.Sha1 : ObjectFormat.Sha256, packet),
            bytes => told += bytes,
            Wire.Token
        );

        facts.ShouldBe(new PackFacts((uint)repository.CountObjects(), pack.Length));
        told.ShouldBe(pack.Length);
    }

    [Fact]
    public async Task Thin_pack_and_empty_pack_are_right()
    {
        (await CheckAsync(Fixtures.Pack("incremental-thin"))).Objects.ShouldBeGreaterThan(0u);
        (await CheckAsync(new PackBuilder().Build())).ShouldBe(new PackFacts(0, 32));
    }

    [Fact]
    public async Task Number_of_objects_is_read_from_the_header_alone()
    {
        var header = Fixtures.Pack("clone")[..100];

        (await PackCheck.ReadObjectCountAsync(GivenSession.Of(new MemoryStream(header), packet: 60), Wire.Token)).ShouldBe(7u);
        (await PackCheck.ReadObjectCountAsync(GivenSession.Of(new PackBuilder().Build()), Wire.Token)).ShouldBe(0u);
        await Should.ThrowAsync<GitException>(() => PackCheck.ReadObjectCountAsync(GivenSession.Of(header[..9]), Wire.Token));
    }

    [Theory]
    [MemberData(nameof(PackIndexTests.Illegal), MemberType = typeof(PackIndexTests))]
    public async Task Illegal_pack_is_refused(string what, byte[] pack, string message)
    {
        // What only shows when deltas are applied is not seen here.
        if (what.StartsWith("delta", StringComparison.Ordinal) || what is "base that nobody has")
        {
            (await CheckAsync(pack)).Bytes.ShouldBe(pack.Length);
            return;
        }

        var e = await Should.ThrowAsync<GitException>(() => CheckAsync(pack), what);
        e.Service.ShouldBe(GitService.UploadPack);
        e.Message.ShouldContain(Wire.Peer);
        if (pack.Length > 32 && what is not ("no pack" or "fewer objects than promised" or "four billion objects"))
            e.Message.ShouldContain(message);
    }

    [Fact]
    public async Task Every_changed_byte_and_every_cut_is_found()
    {
        var pack = Fixtures.Pack("clone");
        for (var at = 0; at < pack.Length; at++)
        {
            var damaged = pack.ToArray();
            damaged[at] ^= (byte)(1 << (at % 8));
            await Should.ThrowAsync<GitException>(() => CheckAsync(damaged), $"byte {at} of {pack.Length}");
            await Should.ThrowAsync<GitException>(() => CheckAsync(pack[..at]), $"cut after {at} of {pack.Length}");
        }
    }

    [Fact]
    public async Task Base_far_back_is_still_held_to_lie_within_the_pack()
    {
        var builder = new PackBuilder();
        var first = builder.Add(PackObjectType.Blob, [1]);
        for (var i = 0; i < 40_000; i++)
            builder.Add(PackObjectType.Blob, []);
        builder.AddOfsDelta(first, [1, 1, 0x90, 1]);
        (await CheckAsync(builder.Build())).Objects.ShouldBe(40_002u);

        builder.AddOfsDelta(5, [1, 1, 0x90, 1]);
        (await Should.ThrowAsync<GitProtocolException>(() => CheckAsync(builder.Build()))).Message.ShouldContain("base would begin at byte 5");
    }

    [Fact]
    public void Promise_of_a_petabyte_takes_no_memory()
    {
        var builder = new PackBuilder();
        builder.AddRaw([.. PackBuilder.Head(PackObjectType.Blob, 1L << 50), .. PackBuilder.Deflate(new byte[1 << 20])]);
        var pack = builder.Build();
        var before = GC.GetAllocatedBytesForCurrentThread();

        Should
            .Throw<GitProtocolException>(() => CheckAsync(pack).GetAwaiter().GetResult())
            .Message.ShouldContain("promises 1125899906842624 bytes and inflates to 1048576");

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(8 << 20);
    }

    [Fact]
    public async Task Memory_does_not_grow_with_the_pack()
    {
        const int Copies = 130;
        using var temp = new TempFolder();
        var entry = Entry(1 << 20);
        var small = await AllocatedAsync(await WriteAsync(temp["small"], entry, 1));

        var large = await AllocatedAsync(await WriteAsync(temp["large"], entry, Copies));

        new FileInfo(temp["large"]).Length.ShouldBeGreaterThan(100 << 20);
        (large - small).ShouldBeLessThan(4 << 20, "allocated in all: what cannot grow with the pack cannot fill the memory either");
    }

    /// <summary>A large object, half noise and half text.</summary>
    private static byte[] Entry(int size)
    {
        var data = new RandomBytes(1).Take(size * 2);
        for (var i = size; i < data.Length; i++)
            data[i] = (byte)('a' + (data[i] & 15));
        return [.. PackBuilder.Head(PackObjectType.Blob, data.Length), .. PackBuilder.Deflate(data)];
    }

    private static async Task<string> WriteAsync(string path, byte[] entry, int copies)
    {
        await using var file = File.Create(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        foreach (var part in Enumerable.Repeat(entry, copies).Prepend([.. "PACK\0\0\0\u0002\0\0\0"u8, (byte)copies]))
        {
            hash.AppendData(part);
            await file.WriteAsync(part, Wire.Token);
        }

        await file.WriteAsync(hash.GetHashAndReset(), Wire.Token);
        return path;
    }

    private static async Task<long> AllocatedAsync(string path)
    {
        await using var pack = File.OpenRead(path);
        var before = GC.GetAllocatedBytesForCurrentThread();
        // On this thread: the stream never waits.
        var facts = PackCheck.ReadAsync(GivenSession.Of(pack), null, Wire.Token).GetAwaiter().GetResult();
        facts.Bytes.ShouldBe(pack.Length);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static Task<PackFacts> CheckAsync(byte[] pack) => PackCheck.ReadAsync(GivenSession.Of(pack), null, Wire.Token);
}
