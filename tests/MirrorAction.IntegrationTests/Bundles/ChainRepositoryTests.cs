using MirrorAction.Git.Bundles;
using MirrorAction.Git.Packs;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Bundles;

/// <summary>A chain that is brought back without git is what git finds sound, at each of its moments.</summary>
public sealed class ChainRepositoryTests
{
    [Theory]
    [InlineData("sha1")]
    [InlineData("sha256")]
    public async Task Each_moment_of_a_chain_is_a_repository_that_stock_git_finds_sound(string format)
    {
        await using var source = await BundleSource.StartAsync(format);
        var restored = source.Temp["restored.git"];
        var chain = new ChainRepository(restored);
        List<PackFile> packs = [];
        List<Git.Model.Ref> known = [];
        foreach (var moment in Enumerable.Range(0, 4))
        {
            Change(source.Repository, moment);
            var path = source.Temp[$"{moment}.bundle"];
            await source.WriteAsync(path, known);
            packs.Add(await BundleSource.IndexAsync(path, packs));
            await using var file = File.OpenRead(path);
            var header = await BundleFile.ReadHeaderAsync(file, TestContext.Current.CancellationToken);
            known = [.. header.Refs.Where(r => r.Name.Raw != "HEAD")];

            chain.Add(header, packs, TestContext.Current.CancellationToken);

            var git = GitRepository.Open(restored);
            git.Fsck();
            git.ForEachRef().ShouldBe(source.Repository.ForEachRef(), ignoreOrder: true);
        }

        // Or nothing of this was about thin packs.
        packs[0].Index.ForeignBases.ShouldBeEmpty();
        packs[1].Index.ForeignBases.ShouldNotBeEmpty();
        packs[^1].Index.Count.ShouldBe(0);
    }

    private static void Change(GitRepository git, int moment)
    {
        if (moment == 3)
        {
            git.Branch("another", "main~3");
            return;
        }

        for (var i = 0; i < 10; i++)
        {
            git.Commit($"file-{i % 3}", string.Join('\n', Enumerable.Range(moment * 10 + i, 300)));
        }

        if (moment == 1)
        {
            git.TagAnnotated("v1", "main");
        }
    }
}
