using System.Text;
using MirrorAction.Git.Bundles;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Relay;
using MirrorAction.Git.Transport;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git;

/// <summary>A chain of bundles answers as upload-pack does; git is the judge of its packs.</summary>
public sealed class BundleRepositoryTests
{
    private static readonly RefName s_main = RefName.Branch("main");

    [Theory]
    [InlineData("sha1")]
    [InlineData("sha256")]
    public async Task Everything_of_a_chain_comes_in_one_pack_that_git_finds_whole(string format)
    {
        using var temp = NeedGit();
        var (repository, chain) = Chain(temp, format);

        var pack = await FetchAsync(chain, new FetchRequest { Wants = Tips(repository), OfsDelta = true });

        var target = Receive(temp, pack, format);
        target.UpdateRef("refs/heads/main", repository.Resolve("main")!);
        target.UpdateRef("refs/tags/v1", repository.Resolve("refs/tags/v1")!);
        target.Fsck();
        target.CountObjects().ShouldBe(repository.CountObjects());
    }

    [Fact]
    public async Task Receiver_gets_only_what_it_lacks_and_deltas_stand_on_what_it_has()
    {
        using var temp = NeedGit();
        var (repository, chain) = Chain(temp);
        var old = repository.Resolve("main~4")!;
        var target = Receive(temp, await FetchAsync(chain, new FetchRequest { Wants = [ObjectId.Parse(old)] }));
        target.UpdateRef("refs/heads/main", old);
        target.Fsck();
        FetchRequest Rest(bool thin) =>
            new()
            {
                Wants = [ObjectId.Parse(repository.Resolve("main")!)],
                Haves = [ObjectId.Parse(old), Wire.Id(7)],
                ThinPack = thin,
                OfsDelta = true,
            };

        var thin = await FetchAsync(chain, Rest(thin: true));
        var whole = await FetchAsync(chain, Rest(thin: false));

        thin.Length.ShouldBeLessThan(whole.Length);
        Count(whole).ShouldBe(16L); // Four commits of two trees and a file each.
        Receive(temp, whole).CountObjects().ShouldBe(16);
        RealGit.Try(target.Path, ["index-pack", "--stdin", "--fix-thin", "--strict"], thin).EnsureSuccess();
        target.UpdateRef("refs/heads/main", repository.Resolve("main")!);
        target.Fsck();
    }

    [Fact]
    public async Task Objects_that_no_ref_reaches_stay_behind_and_deltas_on_them_become_whole()
    {
        using var temp = NeedGit();
        var (repository, chain) = Chain(temp);
        var old = repository.Resolve("main~9")!;

        var target = Receive(temp, await FetchAsync(chain, new FetchRequest { Wants = [ObjectId.Parse(old)], OfsDelta = true }));

        target.UpdateRef("refs/heads/main", old);
        target.Fsck();
        target.CountObjects().ShouldBe(repository.Git("rev-list", "--objects", old).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData(ObjectFilter.CommitsOnly, "tree:0")]
    [InlineData(ObjectFilter.NoBlobs, "blob:none")]
    [InlineData(ObjectFilter.SmallBlobs, "blob:limit=1024")]
    [InlineData(ObjectFilter.None, "blob:limit=1g")]
    public async Task Filters_leave_out_what_git_leaves_out(ObjectFilter filter, string name)
    {
        using var temp = NeedGit();
        var (repository, chain) = Chain(temp);
        ObjectId[] wants = [ObjectId.Parse(repository.Resolve("main")!)];
        ObjectId[] haves = [ObjectId.Parse(repository.Resolve("main~4")!)];
        long GitCounts(params string[] of) =>
            repository.Git(["rev-list", "--objects", $"--filter={name}", .. of]).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;

        Count(await FetchAsync(chain, new FetchRequest { Wants = wants, Filter = filter })).ShouldBe(GitCounts("main"));
        Count(
                await FetchAsync(
                    chain,
                    new FetchRequest
                    {
                        Wants = wants,
                        Haves = haves,
                        Filter = filter,
                    }
                )
            )
            .ShouldBe(GitCounts("main", "^main~4"));
    }

    [Fact]
    public async Task Object_that_two_bundles_bring_goes_once()
    {
        using var temp = NeedGit();
        var repository = GitPack.History(temp, 6);
        var packs = new List<PackFile>();
        Add(packs, GitPack.Of(repository, "--delta-base-offset"));
        Add(packs, GitPack.Of(repository, "--no-reuse-delta", "--delta-base-offset"));

        var target = Receive(temp, await FetchAsync(Open(packs, repository), new FetchRequest { Wants = Tips(repository), OfsDelta = true }));

        target.CountObjects().ShouldBe(repository.CountObjects());
    }

    [Fact]
    public async Task Ancestry_is_told_out_of_the_bundles()
    {
        using var temp = NeedGit();
        var (repository, chain) = Chain(temp);
        var (old, now) = (ObjectId.Parse(repository.Resolve("main~3")!), ObjectId.Parse(repository.Resolve("main")!));
        var forward = new RefUpdate(s_main, old, now);
        var back = new RefUpdate(RefName.Branch("other"), now, old);

        var proven = await new AncestryProbe(chain).FindFastForwardsAsync([forward, back], Wire.Token);

        proven.ShouldBe([forward]);
    }

    [Fact]
    public async Task Unknown_object_is_refused_in_the_words_of_git()
    {
        using var temp = NeedGit();
        var (_, chain) = Chain(temp);

        var found = await new ObjectProbe(chain).AskAsync([Wire.Id(7)], [], Wire.Token);

        found.ShouldBe(new Dictionary<ObjectId, bool> { [Wire.Id(7)] = false });
    }

    [Fact]
    public async Task Missing_object_is_a_fault_of_the_refs_that_need_it()
    {
        using var temp = NeedGit();
        var repository = GitPack.History(temp, 3);
        var packs = new List<PackFile>();
        var tree = repository.Resolve("main:docs")!;
        Add(packs, GitPack.OfRevisions(repository, $"main\nv1\n^{repository.Resolve("main:docs/README.md")}\n"));

        var refusal = await Should.ThrowAsync<GitRemoteException>(() =>
            FetchAsync(Open(packs, repository), new FetchRequest { Wants = Tips(repository) })
        );

        SourceFault.IsPlain(refusal).ShouldBeTrue();
        refusal.Message.ShouldContain($"missing blob {repository.Resolve("main:docs/README.md")}, which {tree} needs");
    }

    [Fact]
    public async Task Refs_are_those_of_the_last_bundle_as_far_as_they_are_asked_for()
    {
        using var temp = NeedGit();
        var (repository, chain) = Chain(temp);

        var branches = await chain.ListRefsAsync(["refs/heads/"], Wire.Token);

        branches.Refs.ShouldHaveSingleItem().Value.ShouldBe(ObjectId.Parse(repository.Resolve("main")!));
        branches.Head.ShouldBe(s_main);
    }

    private static TempFolder NeedGit()
    {
        Assert.SkipUnless(RealGit.IsInstalled, "git is not installed");
        return new TempFolder();
    }

    /// <summary>A full pack and three thin ones that follow it.</summary>
    private static (GitRepository Repository, BundleRepository Chain) Chain(TempFolder temp, string format = "sha1")
    {
        var repository = GitPack.History(temp, 5, format);
        var packs = new List<PackFile>();
        for (var (tip, step) = ("", 0); step < 4; step++)
        {
            Add(packs, GitPack.OfRevisions(repository, tip == "" ? "main\nv1\n" : $"main\n^{tip}\n", "--thin", "--delta-base-offset"), format);
            tip = repository.Resolve("main")!;
            if (step < 3)
                GitPack.Extend(repository, 5 + (step * 3), 3);
        }

        packs[1].Index.ForeignBases.ShouldNotBeEmpty("or nothing of this is about thin packs");
        return (repository, Open(packs, repository, format));
    }

    private static void Add(List<PackFile> packs, byte[] pack, string format = "sha1")
    {
        var index = PackIndex.Build(new MemoryStream(pack), FormatOf(format), packs, default);
        packs.Add(new PackFile(new MemoryStream([1, 2, 3, .. pack]), 3, index));
    }

    private static BundleRepository Open(IReadOnlyList<PackFile> packs, GitRepository repository, string format = "sha1")
    {
        var header = new BundleHeader
        {
            ObjectFormat = FormatOf(format),
            Refs = [.. repository.ForEachRef().Select(r => new Ref(RefName.FromText(r.Key), ObjectId.Parse(r.Value)))],
        };
        return new BundleRepository("the backup of acme/website", header, s_main, packs, new GitHttpOptions());
    }

    private static ObjectFormat FormatOf(string format) => format == "sha1" ? ObjectFormat.Sha1 : ObjectFormat.Sha256;

    private static ObjectId[] Tips(GitRepository repository) => [.. repository.ForEachRef().Values.Select(ObjectId.Parse)];

    private static long Count(byte[] pack) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(pack.AsSpan(8));

    private static async Task<byte[]> FetchAsync(BundleRepository chain, FetchRequest request)
    {
        using var session = await chain.FetchAsync(request, Wire.Token);
        using var reader = new ValidatingPackReader(session, progress: null);
        using var pack = new MemoryStream();
        while (await reader.ReadAsync(Wire.Token) is { Length: > 0 } bytes)
            pack.Write(bytes.Span);
        return pack.ToArray();
    }

    /// <summary>A repository that has just this pack.</summary>
    private static GitRepository Receive(TempFolder temp, byte[] pack, string format = "sha1")
    {
        var target = GitRepository.Init(temp[Guid.NewGuid().ToString("n")], objectFormat: format);
        RealGit.Try(target.Path, ["index-pack", "--stdin"], pack).EnsureSuccess();
        return target;
    }
}
