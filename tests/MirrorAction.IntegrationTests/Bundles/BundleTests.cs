using System.Globalization;
using MirrorAction.Git.Bundles;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Protocol;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Bundles;

/// <summary>Bundles of what a real server sends, read by stock git.</summary>
public sealed class BundleTests
{
    [Theory]
    [InlineData("sha1")]
    [InlineData("sha256")]
    public async Task Each_bundle_of_a_chain_of_ten_brings_a_clone_to_the_state_of_the_source(string format)
    {
        await using var source = await BundleSource.StartAsync(format);
        Fill(source.Repository);
        await source.WriteAsync(source.Temp["full.bundle"], []);
        var clone = await GitRepository.CloneAsync(source.Temp["full.bundle"], source.Temp["clone"], "--mirror");
        ShouldEqual(clone, source.Repository);
        clone.Head.ShouldBe("main");
        var chain = new List<PackFile> { await BundleSource.IndexAsync(source.Temp["full.bundle"], []) };
        for (var step = 1; step < 10; step++)
        {
            var known = (await source.ListAsync()).Refs.Refs.Select(r => new Ref(r.Key, r.Value)).ToArray();
            Change(source.Repository, step);
            var path = source.Temp[$"incr-{step}.bundle"];

            var facts = await source.WriteAsync(path, known);

            new FileInfo(path).Length.ShouldBe(facts.Bytes);
            clone.Git("bundle", "verify", path).ShouldContain("bundle");
            clone.Git("fetch", "--prune", path, "+refs/*:refs/*");
            ShouldEqual(clone, source.Repository);
            chain.Add(await BundleSource.IndexAsync(path, chain));
        }

        // Steps 3 and 4 moved refs to what was there, and deleted some: their packs are empty.
        chain.Select(p => p.Index.Count).Count(objects => objects == 0).ShouldBe(2);
        chain[1].Index.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Deep_chains_of_deltas_are_bundled_and_indexed_as_git_does()
    {
        await using var source = await BundleSource.StartAsync();
        var lines = Enumerable.Range(0, 300).Select(i => $"line {i * 7919 % 10007}").ToArray();
        using (var import = source.Repository.Import())
        {
            for (var i = 0; i < 300; i++)
            {
                lines[i] = $"changed {i}";
                import.Commit("main", "a", string.Join('\n', lines));
            }

            import.Complete();
        }

        source.Repository.Git("repack", "-adfq", "--depth=250", "--window=10");
        source.Repository.Git("verify-pack", "-v", Pack(source.Repository)).ShouldContain("chain length = 2");

        await source.WriteAsync(source.Temp["full.bundle"], []);

        var pack = await BundleSource.IndexAsync(source.Temp["full.bundle"], []);
        pack.Index.Count.ShouldBe(900);
        source.Repository.Git("bundle", "verify", source.Temp["full.bundle"]).ShouldContain("complete history");
        (await GitRepository.CloneAsync(source.Temp["full.bundle"], source.Temp["clone"], "--bare")).Fsck();
    }

    [Fact]
    public async Task Source_that_breaks_off_leaves_a_file_that_neither_git_nor_the_index_takes()
    {
        await using var source = await BundleSource.StartAsync();
        source.Repository.FillWithNoise(1 << 20);
        var whole = await source.WriteAsync(source.Temp["whole.bundle"], []);
        var bytes = await File.ReadAllBytesAsync(source.Temp["whole.bundle"], TestContext.Current.CancellationToken);
        foreach (var length in new[] { whole.Bytes - 1, whole.Bytes - 20, whole.Bytes / 2 })
        {
            await File.WriteAllBytesAsync(source.Temp["cut.bundle"], bytes[..(int)length], TestContext.Current.CancellationToken);

            await Should.ThrowAsync<GitProtocolException>(() => BundleSource.IndexAsync(source.Temp["cut.bundle"], []));
            (await RealGit.TryAsync(source.Temp.Path, ["clone", "--bare", "cut.bundle", "none"])).ExitCode.ShouldNotBe(0);
        }
    }

    [Theory]
    [InlineData("sha1")]
    [InlineData("sha256")]
    public async Task Bare_repository_is_what_a_clone_would_be(string format)
    {
        await using var source = await BundleSource.StartAsync(format);
        Fill(source.Repository);
        var (client, refs) = await source.ListAsync();
        using var session = await client.FetchAsync(
            new FetchRequest { Wants = refs.Refs.Values.ToHashSet(), OfsDelta = true },
            TestContext.Current.CancellationToken
        );
        var told = 0L;

        var index = await BareRepository.WriteAsync(
            source.Temp["copy"],
            refs,
            refs.Refs.Select(r => new Ref(r.Key, r.Value)),
            session,
            bytes => told += bytes,
            TestContext.Current.CancellationToken
        );

        var copy = GitRepository.Open(source.Temp["copy"]);
        ShouldEqual(copy, source.Repository);
        copy.Head.ShouldBe("main");
        index.Count.ShouldBe(source.Repository.CountObjects());
        told.ShouldBe(new FileInfo(Pack(copy)).Length);
        copy.Git("verify-pack", Pack(copy));
        (await GitRepository.CloneAsync(copy.Path, source.Temp["work"])).Resolve("HEAD").ShouldBe(source.Repository.Resolve("main"));
    }

    [Fact]
    public async Task Checked_pack_has_as_many_objects_as_its_header_and_the_repository()
    {
        await using var source = await BundleSource.StartAsync();
        Fill(source.Repository);
        var (client, refs) = await source.ListAsync();
        var request = new FetchRequest { Wants = refs.Refs.Values.ToHashSet(), OfsDelta = true };
        using var whole = await client.FetchAsync(request, TestContext.Current.CancellationToken);
        using var header = await client.FetchAsync(request, TestContext.Current.CancellationToken);

        var facts = await PackCheck.ReadAsync(whole, null, TestContext.Current.CancellationToken);

        facts.Objects.ShouldBe((uint)source.Repository.CountObjects());
        (await PackCheck.ReadObjectCountAsync(header, TestContext.Current.CancellationToken)).ShouldBe(facts.Objects);
    }

    private static void Fill(GitRepository repository)
    {
        repository.Commit("docs/README.md", Text(0));
        repository.Commit("src/a.c", "int a;\n");
        repository.TagAnnotated("v1", "main");
        repository.Tag("light", "main^");
        repository.Tag("of-a-file", "main:src/a.c");
        repository.Branch("topic/x", "main^");
        repository.UpdateRef([.. "refs/heads/caf"u8, 0xe9], repository.Resolve("main")!);
        repository.UpdateRef("refs/heads/größe", repository.Resolve("main")!);
    }

    private static void Change(GitRepository repository, int step)
    {
        switch (step)
        {
            case 3:
                repository.Branch("topic/y", "main^");
                repository.Tag("light", "main");
                break;
            case 4:
                repository.DeleteBranch("topic/x");
                break;
            case 5:
                repository.Commit("docs/README.md", Text(step));
                repository.TagAnnotated("v2", "main");
                break;
            case 6:
                // Rewritten: what it was is in no ref any more.
                repository.Branch("topic/y", repository.Git("commit-tree", "-p", "main^", "-m", "rewritten", "main^{tree}"));
                break;
            default:
                repository.Commit(step == 1 ? "README" : "docs/README.md", Text(step));
                break;
        }
    }

    private static string Text(int step) =>
        string.Join(
            '\n',
            Enumerable.Range(0, 500).Select(i => i == step * 7 ? $"changed {step}" : (i * 7919 % 10007).ToString(CultureInfo.InvariantCulture))
        );

    private static string Pack(GitRepository repository) => Directory.GetFiles(Path.Combine(repository.Path, "objects", "pack"), "*.pack").Single();

    private static void ShouldEqual(GitRepository copy, GitRepository source)
    {
        copy.ForEachRef().ShouldBe(source.ForEachRef(), ignoreOrder: true);
        copy.Fsck();
    }
}
