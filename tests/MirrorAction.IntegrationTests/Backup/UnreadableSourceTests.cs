using MirrorAction.IntegrationTests.Relay;
using MirrorAction.Mirroring.Backup;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Backup;

/// <summary>A source with one branch that it can't read: the chain takes the rest, and the branch when it can be read again.</summary>
public sealed class UnreadableSourceTests
{
    [Theory]
    [InlineData("broken^{tree}", false, 1)]
    [InlineData("broken:b", true, 1)]
    [InlineData("broken~1", false, 1)]
    [InlineData("broken", false, 2)]
    [InlineData("broken", true, 2)]
    public async Task First_backup_takes_the_rest_and_names_the_branch(string what, bool isDamaged, int attempts)
    {
        await using var world = await StartAsync();
        Break(world, what, isDamaged);

        var report = Named(await world.RunAsync());

        report.Attempts.ShouldBe(attempts);
        report.Created.ShouldBeTrue();
        report.Refs.Created.ShouldBe(6);
        var restored = world.Restore(world.Listed);
        restored.ForEachRef().Keys.ShouldBe(world.Source.BranchesAndTags().Keys.Where(name => name != "refs/heads/broken"), ignoreOrder: true);
        restored.Fsck();
        await world.ShouldBeWholeAsync();
    }

    [Fact]
    public async Task A_branch_that_was_in_the_chain_stays_in_it_as_it_was_and_moves_on_when_it_can_be_read()
    {
        await using var world = await StartAsync();
        world.Options = world.Options with { FullEvery = 1, Keep = 1 };
        await world.BackUpAsync();
        var before = world.Source.Resolve("refs/heads/broken");
        world.Source.Commit("b", "more\n", "broken");
        world.Source.Commit("a", "2\n");
        var tree = world.Source.Git("rev-parse", "broken^{tree}");
        var file = Path.Combine(world.Source.Path, "objects", tree[..2], tree[2..]);
        File.Move(file, file + ".away");

        var report = Named(await world.RunAsync());

        // No new chain, and so none dropped: only the old one has all that the source had.
        world.Manifest.Chains.ShouldHaveSingleItem().Files.Select(entry => entry.Kind).ShouldBe([BundleKind.Full, BundleKind.Incremental]);
        report.Changes.Select(c => c.Ref).ShouldBe(["refs/heads/main"]);
        var restored = world.Restore(world.Listed);
        restored.Resolve("refs/heads/broken").ShouldBe(before);
        restored.Resolve("refs/heads/main").ShouldBe(world.Source.Resolve("refs/heads/main"));
        restored.Fsck();

        var files = world.Files;
        Named(await world.RunAsync()).Changes.ShouldBeEmpty();
        world.Files.ShouldBe(files);

        File.Move(file + ".away", file);
        var healed = await world.BackUpAsync();
        healed.Changes.Select(c => (c.Ref, c.Old, c.New)).ShouldBe([("refs/heads/broken", before, world.Source.Resolve("refs/heads/broken"))]);
        world.ShouldRestoreTheSource();
        await world.ShouldBeWholeAsync();
    }

    [Fact]
    public async Task A_source_of_which_nothing_can_be_read_fails_and_writes_nothing()
    {
        await using var world = await BackupWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        FaultyObjects.Lose(world.Source, world.Source.Git("rev-parse", "main^{tree}"));

        var report = (await world.RunAsync()).Repositories.ShouldHaveSingleItem();

        report.Status.ShouldBe(RepositoryStatus.Failed);
        report.Error!.Code.ShouldBe(ErrorCode.Protocol);
        report.Error.Message.ShouldContain("bad tree object");
        world.Files.ShouldBeEmpty();
    }

    private static RepositoryReport Named(RunReport run)
    {
        var report = run.Repositories.ShouldHaveSingleItem();
        report.Status.ShouldBe(RepositoryStatus.Failed);
        report.Verified.ShouldBeFalse();
        report.Error!.Code.ShouldBe(ErrorCode.Protocol);
        report.Error.Message.ShouldContain("refs/heads/broken");
        report.Error.Hint!.ShouldContain("git fsck");
        report.Refused.Single().Ref.ShouldBe("refs/heads/broken");
        run.Result.ShouldBe(RunResult.Failure);
        return report;
    }

    private static async Task<BackupWorld> StartAsync()
    {
        var world = await BackupWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        for (var i = 1; i <= 4; i++)
            world.Source.Commit("a", $"{i}\n", $"b{i}", from: "main");
        world.Source.TagAnnotated("v1", "main");
        world.Source.Commit("sub/c", "x\n", "broken", from: "main");
        world.Source.Commit("b", "broken\n", "broken");
        return world;
    }

    private static void Break(BackupWorld world, string what, bool isDamaged)
    {
        var id = world.Source.Git("rev-parse", what);
        (isDamaged ? FaultyObjects.Damage : (Action<GitRepository, string>)FaultyObjects.Lose)(world.Source, id);
    }
}
