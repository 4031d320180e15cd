using MirrorAction.Git.Bundles;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Protocol;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git;

public sealed class BareRepositoryTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("sha1", null, "ref: refs/heads/main\n")]
    [InlineData("sha1", "refs/heads/trunk", "ref: refs/heads/trunk\n")]
    [InlineData("sha1", "refs/../../../etc/passwd", "ref: refs/heads/main\n")]
    [InlineData("sha256", "refs/heads/main", "ref: refs/heads/main\n")]
    public async Task Stock_git_opens_it_and_finds_nothing_wrong(string format, string? head, string written)
    {
        Assert.SkipUnless(RealGit.IsInstalled, "git is not installed");
        var source = GitPack.History(_temp, 10, format);
        source.Branch("trunk", "main^");
        source.UpdateRef([.. "refs/heads/caf"u8, 0xe9], source.Resolve("main")!);
        var objectFormat = format == "sha1" ? ObjectFormat.Sha1 : ObjectFormat.Sha256;
        var refs = source.ForEachRef().ToDictionary(r => RefName.FromBytes(Wire.Latin1(r.Key)), r => ObjectId.Parse(r.Value));
        var listed = new RemoteRefs(refs, head is null ? null : RefName.FromText(head), objectFormat, null);

        var index = await BareRepository.WriteAsync(
            _temp["copy"],
            listed,
            refs.Select(r => new Ref(r.Key, r.Value)),
            GivenSession.Of(GitPack.Of(source), objectFormat),
            null,
            Wire.Token
        );

        var copy = GitRepository.Open(_temp["copy"]);
        copy.ForEachRef().ShouldBe(source.ForEachRef(), ignoreOrder: true);
        copy.Fsck();
        copy.Git("verify-pack", Directory.GetFiles(_temp["copy/objects/pack"], "*.idx").Single());
        index.Count.ShouldBe(source.CountObjects());
        (await File.ReadAllTextAsync(_temp["copy/HEAD"], Wire.Token)).ShouldBe(written);
        Directory.GetFiles(_temp["copy/objects/pack"], "tmp_*").ShouldBeEmpty();
        copy.Git("rev-parse", "--is-bare-repository").ShouldBe("true");
    }

    [Fact]
    public async Task Ref_whose_object_is_not_in_the_pack_is_told_and_leaves_no_repository()
    {
        var wanted = new Ref(Wire.Branch("main"), Wire.Id(7));

        var e = await Should.ThrowAsync<GitProtocolException>(() => WriteAsync(Fixtures.Pack("clone"), wanted));

        e.Message.ShouldBe($"The pack from {Wire.Peer} lacks {Wire.Id(7)}, to which 'refs/heads/main' points.");
        File.Exists(_temp["copy/HEAD"]).ShouldBeFalse();
    }

    [Fact]
    public async Task Damaged_pack_leaves_neither_pack_nor_repository()
    {
        var pack = Fixtures.Pack("clone");
        for (var at = 0; at < pack.Length; at += 13)
        {
            var damaged = pack.ToArray();
            damaged[at] ^= 4;
            await Should.ThrowAsync<GitException>(() => WriteAsync(damaged), $"byte {at}");
            Directory.GetFiles(_temp["copy"], "*", SearchOption.AllDirectories).ShouldBeEmpty();
            Directory.Delete(_temp["copy"], recursive: true);
        }
    }

    [Fact]
    public async Task Name_that_git_does_not_accept_is_refused()
    {
        var id = PackReader.ReadAll(Fixtures.Pack("clone"), ObjectFormat.Sha1).First().Id;
        await Should.ThrowAsync<GitProtocolException>(() => WriteAsync(Fixtures.Pack("clone"), new Ref(RefName.FromText("refs/heads/a\nb"), id)));
        File.Exists(_temp["copy/HEAD"]).ShouldBeFalse();
    }

    [Fact]
    public async Task Folder_that_holds_anything_is_left_alone()
    {
        _temp.CreateFolder("copy");
        await File.WriteAllTextAsync(_temp["copy/mine"], "x", Wire.Token);

        (await Should.ThrowAsync<IOException>(() => WriteAsync(Fixtures.Pack("clone")))).Message.ShouldContain("is not empty");

        Directory.GetFileSystemEntries(_temp["copy"]).Length.ShouldBe(1);
    }

    private Task<PackIndex> WriteAsync(byte[] pack, params Ref[] wanted) =>
        BareRepository.WriteAsync(
            _temp["copy"],
            new RemoteRefs(new Dictionary<RefName, ObjectId>(), null, ObjectFormat.Sha1, null),
            wanted,
            GivenSession.Of(pack),
            null,
            Wire.Token
        );
}
