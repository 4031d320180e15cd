using MirrorAction.Mirroring.Backup;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Backup;

/// <summary>Chains of bundles, and what stock git makes of them.</summary>
public sealed class ChainTests
{
    [Fact]
    public async Task Chain_of_ten_brings_back_every_state_with_stock_git()
    {
        await using var world = await BackupWorld.StartAsync();
        var source = world.Source;
        var states = new List<IReadOnlyDictionary<string, string>>();
        foreach (var change in Changes(source))
        {
            change();
            var report = await world.BackUpAsync();

            report.Status.ShouldBe(RepositoryStatus.Mirrored);
            report.Verified.ShouldBeTrue();
            report.Created.ShouldBe(states.Count == 0);
            report.Destination.ShouldBe($"acme/website/{world.Listed[^1]}");
            states.Add(source.BranchesAndTags());
            for (var i = 1; i <= states.Count; i++)
            {
                var restored = world.Restore(world.Listed.Take(i));
                restored.ForEachRef().ShouldBe(states[i - 1], ignoreOrder: true, $"state {i} of {states.Count}");
                restored.Fsck();
            }
        }

        var chain = world.Manifest.Chains.ShouldHaveSingleItem();
        chain.Files.Count.ShouldBe(10);
        chain.Files.Select(entry => entry.Kind).ShouldBe([BundleKind.Full, .. Enumerable.Repeat(BundleKind.Incremental, 9)]);
        chain.Files.Skip(1).ShouldAllBe(entry => entry.Bytes < chain.Files[0].Bytes);
        await world.ShouldBeWholeAsync();
    }

    [Fact]
    public async Task Clone_of_a_full_bundle_checks_out_the_default_branch()
    {
        await using var world = await BackupWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.Source.Commit("b", "1\n", "develop");
        world.Repository.DefaultBranch = "develop";
        await world.BackUpAsync();

        RealGit.Run(world.Path, "clone", "--quiet", world.Listed[0], "checked-out");

        File.Exists(world["checked-out/b"]).ShouldBeTrue();
        RealGit.Run(world["checked-out"], "symbolic-ref", "--short", "HEAD").ShouldBe("develop");
        world.Manifest.DefaultBranch.ShouldBe("develop");
    }

    [Fact]
    public async Task Nothing_changed_is_one_request_of_git_and_no_new_file()
    {
        await using var world = await BackupWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.Source.TagAnnotated("v1", "main");
        await world.BackUpAsync();
        var files = world.Files.ToDictionary(file => file, file => File.ReadAllBytes(world[file]));

        var report = await world.BackUpAsync();

        report.Status.ShouldBe(RepositoryStatus.Unchanged);
        report.Verified.ShouldBeFalse();
        report.Refs.Unchanged.ShouldBe(2);
        report.Requests.ShouldBe(1);
        report.Destination.ShouldBe($"acme/website/{world.Listed[0]}");
        world.GitHub.GitRequests.Count().ShouldBe(1);
        world.Files.ShouldBe(files.Keys, ignoreOrder: true);
        foreach (var (file, bytes) in files)
            File.ReadAllBytes(world[file]).ShouldBe(bytes);
    }

    [Fact]
    public async Task New_description_alone_changes_the_manifest_alone()
    {
        await using var world = await BackupWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        await world.BackUpAsync();
        world.Repository.Description = "Now with words";
        world.Repository.Private = true;

        (await world.BackUpAsync()).Status.ShouldBe(RepositoryStatus.Unchanged);

        world.Manifest.Description.ShouldBe("Now with words");
        world.Manifest.Private.ShouldBeTrue();
        world.Listed.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Counts_and_changes_are_those_since_the_last_bundle()
    {
        await using var world = await BackupWorld.StartAsync();
        var first = world.Source.Commit("a", "1\n");
        world.Source.Branch("gone", "main");
        world.Source.Branch("still", "main");
        await world.BackUpAsync();
        var second = world.Source.Commit("a", "2\n");
        world.Source.Branch("new", "main");
        world.Source.DeleteBranch("gone");

        var report = await world.BackUpAsync();

        report.Changes.ShouldBe([
            new RefChange("refs/heads/main", RefChangeKind.Update, first, second),
            new RefChange("refs/heads/new", RefChangeKind.Create, null, second),
            new RefChange("refs/heads/gone", RefChangeKind.Delete, first, null),
        ]);
        report.Refs.ShouldBe(
            new RefCounts
            {
                Created = 1,
                Updated = 1,
                Deleted = 1,
                Unchanged = 1,
            }
        );
        world.Transferred.ShouldBeGreaterThan(0);
        report.BytesReceived.ShouldBeGreaterThan(0);
        report.Requests.ShouldBe(3);
    }

    [Fact]
    public async Task Refs_that_moved_to_known_objects_are_a_bundle_without_objects_and_without_a_fetch()
    {
        await using var world = await BackupWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.Source.Commit("b", "1\n", "topic", from: "refs/heads/main");
        await world.BackUpAsync();
        world.Source.Branch("main", "topic");

        (await world.BackUpAsync()).Requests.ShouldBe(1);

        world.Manifest.Chains[0].Files[1].Objects.ShouldBe(0);
        world.ShouldRestoreTheSource();
        await world.ShouldBeWholeAsync();
    }

    [Fact]
    public async Task Default_branch_that_is_renamed_and_moved_on_is_sent_thin()
    {
        await using var world = await BackupWorld.StartAsync();
        world.Source.FillWithNoise(1 << 20, "master");
        world.Repository.DefaultBranch = "master";
        await world.BackUpAsync();
        world.Source.Branch("main", "master");
        world.Source.DeleteBranch("master");
        world.Source.Commit("a", "1\n");
        world.Repository.DefaultBranch = "main";

        await world.BackUpAsync();

        world.Manifest.Files.Last().Bytes.ShouldBeLessThan(10_000);
        world.ShouldRestoreTheSource();
    }

    [Fact]
    public async Task State_without_branches_is_followed_by_a_pack_that_stands_alone()
    {
        await using var world = await BackupWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.Source.TagAnnotated("v1", "main");
        world.Source.DeleteBranch("main");
        await world.BackUpAsync();
        world.Source.Commit("a", "2\n", from: world.Source.Git("rev-parse", "v1^{commit}"));

        await world.BackUpAsync();

        var last = world.Manifest.Files.Last();
        (last.Kind, last.Prerequisites).ShouldBe((BundleKind.Incremental, 0));
        world.ShouldRestoreTheSource();
        await world.ShouldBeWholeAsync();
    }

    [Fact]
    public async Task Repository_that_names_objects_by_sha256_is_backed_up_too()
    {
        await using var world = await BackupWorld.StartAsync();
        Directory.Delete(world.Source.Path, recursive: true);
        var source = GitRepository.Init(world.Source.Path, objectFormat: "sha256");
        source.Commit("a", "1\n");
        await world.BackUpAsync();
        source.Commit("a", "2\n");
        await world.BackUpAsync();

        world.Manifest.ObjectFormat.ShouldBe("sha256");
        world.ShouldRestoreTheSource();
        await world.ShouldBeWholeAsync();
    }

    [Fact]
    public async Task New_chain_begins_when_the_object_format_changes()
    {
        await using var world = await BackupWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        await world.BackUpAsync();
        Directory.Delete(world.Source.Path, recursive: true);
        GitRepository.Init(world.Source.Path, objectFormat: "sha256").Commit("a", "1\n");

        var report = await world.BackUpAsync();

        report.Warnings.ShouldHaveSingleItem().ShouldContain("sha256");
        world.Manifest.Chains.Count.ShouldBe(2);
        world.ShouldRestoreTheSource();
        await world.ShouldBeWholeAsync();
    }

    [Fact]
    public async Task New_chain_begins_after_so_many_bundles_and_the_oldest_one_goes()
    {
        await using var world = await BackupWorld.StartAsync();
        world.Options = world.Options with { FullEvery = 2, Keep = 2 };
        for (var i = 1; i <= 4; i++)
        {
            world.Source.Commit("a", $"{i}\n");
            await world.BackUpAsync();
        }

        world.Manifest.Chains.Select(chain => chain.Files.Count).ShouldBe([2, 2]);
        var before = world.Listed;
        world.Source.Commit("a", "5\n");
        (await world.BackUpAsync()).Created.ShouldBeFalse();

        world.Manifest.Chains.Select(chain => chain.Files.Count).ShouldBe([2, 1]);
        world.Listed.Take(2).ShouldBe(before.Skip(2));
        world.Files.ShouldBe([.. world.Listed, "manifest.json"], ignoreOrder: true);
        world.Restore(world.Listed.Take(2)).Git("log", "-1", "--format=%T", "main").ShouldBe(world.Source.Git("log", "-1", "--format=%T", "main~1"));
        world.ShouldRestoreTheSource();
        await world.ShouldBeWholeAsync();
    }

    [Fact]
    public async Task All_chains_stay_where_nothing_is_to_be_dropped()
    {
        await using var world = await BackupWorld.StartAsync();
        world.Options = world.Options with { FullEvery = 1, Keep = null };
        for (var i = 1; i <= 4; i++)
        {
            world.Source.Commit("a", $"{i}\n");
            await world.BackUpAsync();
        }

        world.Manifest.Chains.Count.ShouldBe(4);
        await world.ShouldBeWholeAsync();
    }

    /// <summary>What people do to a repository, in ten steps.</summary>
    private static Action[] Changes(GitRepository source) =>
        [
            () =>
            {
                using (var import = source.Import())
                {
                    for (var i = 1; i <= 150; i++)
                        import.Commit("main", $"file-{i}", $"{i}\n");
                    import.CommitRandom("main", "noise", 50_000, 1);
                    import.Complete();
                }

                source.Commit("t", "1\n", "topic", from: "refs/heads/main");
                source.Branch("x", "main");
                source.TagAnnotated("v1", "main");
            },
            () => source.Commit("file-1", "changed\n"),
            () => source.Commit("t", "rewritten\n", "topic", from: "refs/heads/main~3"),
            () => source.DeleteBranch("topic"),
            () =>
            {
                source.TagAnnotated("v2", "main");
                source.Tag("light", "main~1");
                source.Tag("blob", "main:file-2");
            },
            () => source.Branch("again", "main~10"),
            () => source.TagAnnotated("v1", "main~1", "Moved"),
            () =>
            {
                source.DeleteBranch("x");
                source.Branch("x/y", "main");
                source.Commit("y", "1\n", "x/y");
            },
            () =>
            {
                source.Branch("trunk", "main");
                source.Commit("file-3", "on trunk\n", "trunk");
                source.DeleteBranch("main");
                source.Head = "trunk";
            },
            () =>
            {
                var tip = source.Resolve("trunk");
                using (var import = source.Import())
                {
                    for (var i = 1; i <= 150; i++)
                        import.Commit("trunk", $"file-{i}", $"{i} again\n", from: i == 1 ? tip : null);
                    import.Complete();
                }

                source.DeleteTag("v2");
                source.DeleteBranch("again");
            },
        ];
}
