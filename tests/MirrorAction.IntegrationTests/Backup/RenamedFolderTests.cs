using MirrorAction.Mirroring.Backup;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Backup;

/// <summary>A renamed repository continues its chain.</summary>
public sealed class RenamedFolderTests
{
    [Fact]
    public async Task Chain_continues_under_the_new_name_and_stock_git_reads_it()
    {
        await using var world = await BackupWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        await world.BackUpAsync();
        world.GitHub.Rename(world.Repository, "site");
        world.Source.Commit("a", "2\n");

        var report = (await world.RunAsync()).Repositories.ShouldHaveSingleItem();

        (report.RenamedFrom, report.Created, report.Error).ShouldBe(("acme/website", false, null));
        world.Said.ShouldContain("acme/website -> acme/site: the folder was moved");
        Directory.Exists(world.Path).ShouldBeFalse();
        var manifest = Manifest(world, "site");
        manifest.Repository.ShouldBe("acme/site");
        manifest.Chains.ShouldHaveSingleItem().Files.Select(file => file.Kind).ShouldBe([BundleKind.Full, BundleKind.Incremental]);
        await world.ShouldBeWholeAsync();
    }

    [Fact]
    public async Task Folder_of_another_server_that_counts_alike_is_left_alone()
    {
        await using var world = await BackupWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        await world.BackUpAsync();
        var theirs = Path.Combine(world.Path, RepositoryFolder.ManifestName);
        var manifest = File.ReadAllText(theirs).Replace("\"github.com\"", "\"git.example.com\"", StringComparison.Ordinal);
        File.WriteAllText(theirs, manifest);
        world.GitHub.Rename(world.Repository, "site");

        (await world.RunAsync()).Repositories.ShouldHaveSingleItem().RenamedFrom.ShouldBeNull();

        File.ReadAllText(theirs).ShouldBe(manifest);
        world.GitHub.Rename(world.Repository, "website");
        var refused = (await world.RunAsync()).Repositories.ShouldHaveSingleItem();
        refused.Error!.Code.ShouldBe(ErrorCode.NameCollision);
        File.ReadAllText(theirs).ShouldBe(manifest);
    }

    [Fact]
    public async Task Names_that_were_swapped_and_used_again_keep_their_chains_apart()
    {
        await using var world = await BackupWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        var (api, docs) = (world.GitHub.AddRepository("acme", "api"), world.GitHub.AddRepository("acme", "docs"));
        api.Git.Commit("a", "of api\n");
        docs.Git.Commit("a", "of docs\n");
        await world.RunAsync();
        world.GitHub.Rename(api, "between");
        world.GitHub.Rename(docs, "api");
        world.GitHub.Rename(api, "docs");
        world.GitHub.Rename(world.Repository, "website-old");
        var newcomer = world.GitHub.AddRepository("acme", "website");
        newcomer.Git.Commit("a", "of another\n");

        var report = await world.RunAsync();

        report.Repositories.ShouldAllBe(r => r.Error == null && r.Warnings.Count == 0);
        report
            .Repositories.ToDictionary(r => r.Source, r => r.RenamedFrom)
            .ShouldBe(
                new Dictionary<string, string?>
                {
                    ["acme/api"] = "acme/docs",
                    ["acme/docs"] = "acme/api",
                    ["acme/website"] = null,
                    ["acme/website-old"] = "acme/website",
                },
                ignoreOrder: true
            );
        foreach (var repository in new[] { api, docs, world.Repository, newcomer })
            Manifest(world, repository.Name).Id.ShouldBe($"{repository.Id}");
        await world.ShouldBeWholeAsync();
    }

    [Fact]
    public async Task Folder_that_can_not_be_moved_stays_and_the_new_chain_is_told()
    {
        await using var world = await BackupWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        await world.BackUpAsync();
        world.GitHub.Rename(world.Repository, "site");
        var inTheWay = Directory.CreateDirectory(Path.Combine(world.Options.Folder, "acme", "site"));
        File.WriteAllText(Path.Combine(inTheWay.FullName, "notes"), "");

        var report = (await world.RunAsync()).Repositories.ShouldHaveSingleItem();

        (report.Created, report.RenamedFrom).ShouldBe((true, null));
        report.Warnings.ShouldHaveSingleItem().ShouldContain("acme/website holds the backup of acme/site under its former name");
        world.Manifest.Chains.ShouldHaveSingleItem();
    }

    private static BackupManifest Manifest(BackupWorld world, string name) =>
        RepositoryFolder.ReadManifest(Path.Combine(world.Options.Folder, "acme", name)).ShouldNotBeNull();
}
