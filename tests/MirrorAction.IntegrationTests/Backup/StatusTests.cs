using System.Globalization;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Selection;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Backup;

/// <summary>What a backup says of repositories and folders that are not as usual.</summary>
public sealed class StatusTests
{
    [Fact]
    public async Task Empty_source_is_skipped_and_leaves_no_folder()
    {
        await using var world = await BackupWorld.StartAsync();

        var report = await world.BackUpAsync();

        (report.Status, report.Reason).ShouldBe((RepositoryStatus.Skipped, SkipReason.Empty));
        Directory.Exists(world.Path).ShouldBeFalse();
    }

    [Fact]
    public async Task Source_that_lists_no_refs_any_more_costs_no_bundle()
    {
        await using var world = await BackupWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        await world.BackUpAsync();
        var files = world.Files;
        world.Source.DeleteBranch("main");

        var report = await world.BackUpAsync();

        report.Reason.ShouldBe(SkipReason.Empty);
        report.Warnings.ShouldHaveSingleItem().ShouldContain("left as it is");
        world.Files.ShouldBe(files);
    }

    [Fact]
    public async Task Disabled_and_vanished_sources_are_skipped_and_the_others_go_on()
    {
        await using var world = await BackupWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.GitHub.AddRepository("acme", "off").Disabled = true;
        var gone = world.GitHub.AddRepository("acme", "gone");
        world.GitHub.Intercept = (context, next) =>
        {
            if (context.Request.Path.Value!.Contains("/gone", StringComparison.Ordinal) && world.GitHub.Find("acme", "gone") is not null)
                world.GitHub.Remove(gone);
            return next();
        };

        var report = await world.RunAsync();

        report
            .Repositories.Select(r => (r.Source, r.Status, r.Reason))
            .ShouldBe(
                [
                    ("acme/gone", RepositoryStatus.Skipped, SkipReason.Vanished),
                    ("acme/off", RepositoryStatus.Skipped, SkipReason.Disabled),
                    ("acme/website", RepositoryStatus.Mirrored, (SkipReason?)null),
                ],
                ignoreOrder: true
            );
        report.Result.ShouldBe(RunResult.Success);
        (report.Mode, report.Destination.Host, report.Destination.Workspace).ShouldBe(("backup", "folder", world.Options.Folder));
    }

    [Fact]
    public async Task Rules_leave_repositories_out_and_choose_refs()
    {
        await using var world = await BackupWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.Source.Branch("topic", "main");
        world.Source.UpdateRef("refs/pull/1/head", world.Source.Resolve("main")!);
        world.Source.UpdateRef("refs/tags/mirror-kept/20260101T000000Z/heads/old", world.Source.Resolve("main")!);
        world.GitHub.AddRepository("acme", "left-out").Git.Commit("a", "1\n");
        NamePattern.TryParse("website", out var website, out _).ShouldBeTrue();
        NamePattern.TryParse("left-*", out var leftOut, out _).ShouldBeTrue();
        world.Mirror = world.Mirror with
        {
            Rules =
            [
                new RepositoryRule
                {
                    Match = [website!],
                    Origin = "mirror.yml:1:1",
                    Refs = MirrorAction.Git.Model.RefPatternSet.Parse("refs/heads/main", "refs/tags/*"),
                },
                new RepositoryRule
                {
                    Match = [leftOut!],
                    Origin = "mirror.yml:2:1",
                    Skip = true,
                },
            ],
        };

        (await world.BackUpAsync()).Refs.Created.ShouldBe(1);

        world.Restore(world.Listed).ForEachRef().Keys.ShouldBe(["refs/heads/main"]);
        Directory.Exists(System.IO.Path.Combine(world.Options.Folder, "acme", "left-out")).ShouldBeFalse();
    }

    [Fact]
    public async Task File_in_the_way_of_a_repository_fails_that_one_and_names_the_path()
    {
        await using var world = await BackupWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.GitHub.AddRepository("acme", "other").Git.Commit("a", "1\n");
        Directory.CreateDirectory(System.IO.Path.Combine(world.Options.Folder, "acme"));
        await File.WriteAllTextAsync(world.Path, "in the way", TestContext.Current.CancellationToken);

        var report = await world.RunAsync();

        var error = report.Repositories.Single(r => r.Source == "acme/website").Error!;
        error.Message.ShouldContain(world.Path);
        error.Hint.ShouldNotBeNullOrEmpty();
        report.Repositories.Single(r => r.Source == "acme/other").Status.ShouldBe(RepositoryStatus.Mirrored);
        report.Result.ShouldBe(RunResult.Partial);
    }

    [Fact]
    public async Task File_in_the_way_of_the_folder_is_told_once_before_any_host_is_asked()
    {
        await using var world = await BackupWorld.StartAsync();
        await File.WriteAllTextAsync(world.Options.Folder, "in the way", TestContext.Current.CancellationToken);

        var report = await world.RunAsync();

        report.Error!.Message.ShouldContain(world.Options.Folder);
        report.Repositories.ShouldBeEmpty();
        world.GitHub.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Second_backup_into_the_same_folder_is_refused_while_the_first_is_at_work()
    {
        await using var world = await BackupWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        await world.BackUpAsync();
        world.Source.Commit("a", "2\n");
        var files = world.Files;
        using (MirrorAction.Mirroring.Backup.RepositoryFolder.Open(world.Path))
        {
            var error = (await world.RunAsync()).Repositories.ShouldHaveSingleItem().Error!;
            error.Message.ShouldContain("another backup is at work");
            error.Message.ShouldContain(world.Path);
            (await world.CheckAsync()).Repositories.ShouldHaveSingleItem().Error!.Message.ShouldContain("another backup is at work");
        }

        world.Files.ShouldBe(files);
        (await world.BackUpAsync()).Status.ShouldBe(RepositoryStatus.Mirrored);
        world.ShouldRestoreTheSource();
    }

    [Fact]
    public async Task Repository_made_again_under_its_name_begins_a_new_chain_and_loses_nothing()
    {
        await using var world = await BackupWorld.StartAsync();
        world.Options = world.Options with { Keep = 1 };
        world.Source.Commit("a", "the old one\n");
        await world.BackUpAsync();
        var old = world.Source.BranchesAndTags();
        world.GitHub.Remove(world.Repository);
        var another = world.GitHub.AddRepository("acme", "website");
        another.Git.Commit("a", "another one\n");

        var report = await world.BackUpAsync();

        report.Warnings.ShouldHaveSingleItem().ShouldContain("another repository");
        world.Manifest.Id.ShouldBe(another.Id.ToString(CultureInfo.InvariantCulture));
        world.Manifest.Chains.Count.ShouldBe(2);
        world.Restore([world.Listed[0]]).ForEachRef().ShouldBe(old);
        world.Restore([world.Listed[1]]).ForEachRef().ShouldBe(another.Git.BranchesAndTags());

        another.Git.Commit("a", "moved on\n");
        await world.BackUpAsync();
        world.Manifest.Chains.Select(chain => chain.Files.Count).ShouldBe([1, 2]);
        world.Restore([world.Listed[0]]).ForEachRef().ShouldBe(old);
    }

    [Fact]
    public async Task Folder_of_another_host_is_refused()
    {
        await using var world = await BackupWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        await world.BackUpAsync();
        var manifest = world["manifest.json"];
        await File.WriteAllTextAsync(
            manifest,
            (await File.ReadAllTextAsync(manifest, TestContext.Current.CancellationToken)).Replace(
                "\"github\"",
                "\"bitbucket\"",
                StringComparison.Ordinal
            ),
            TestContext.Current.CancellationToken
        );
        var files = world.Files;

        var error = (await world.RunAsync()).Repositories.ShouldHaveSingleItem().Error!;

        error.Code.ShouldBe(ErrorCode.NameCollision);
        error.Message.ShouldContain("of bitbucket");
        world.Files.ShouldBe(files);
    }
}
