using MirrorAction.Git.Model;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>Names that the mirror needs for itself, at the source and left over at the destination.</summary>
public sealed class ReservedNameTests
{
    private const string Tag = RefPatternSet.KeptTagName;

    [Fact]
    public async Task Reserved_names_are_not_mirrored_and_named_once_in_a_warning()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.Source.Tag("mirror-kept");
        world.Source.Tag("mirror-part");
        world.Source.Tag("mirror-kept-notes");

        var report = await world.MirrorAsync();

        report.Error.ShouldBeNull();
        report.Verified.ShouldBeTrue();
        world.Destination.ForEachRef().Keys.ShouldBe(["refs/heads/main", "refs/tags/mirror-kept-notes"]);
        var warning = report.Warnings.ShouldHaveSingleItem();
        warning.ShouldContain("refs/tags/mirror-kept, refs/tags/mirror-part");
        warning.ShouldNotContain("mirror-kept-notes");
        world.Log.Count(m => m.Text == warning).ShouldBe(1);
    }

    [Fact]
    public async Task Tips_at_the_source_are_named_up_to_a_number()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        for (var i = 10; i < 40; i++)
            world.Source.Tag($"mirror-kept/x{i}");

        var warning = (await world.MirrorAsync()).Warnings.ShouldHaveSingleItem();

        warning.ShouldContain("refs/tags/mirror-kept/x10");
        warning.ShouldContain("refs/tags/mirror-kept/x29");
        warning.ShouldNotContain("refs/tags/mirror-kept/x30");
        warning.ShouldContain("10 more");
    }

    [Fact]
    public async Task Tag_in_the_place_of_kept_values_at_the_source_holds_no_rewrite_back()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        var old = world.Source.Commit("a", "2\n");
        world.Source.Tag("mirror-kept");
        await world.MirrorAsync();
        world.Source.ResetHard("main", "main^");

        var report = await world.MirrorAsync();

        report.Error.ShouldBeNull();
        world.Kept().Values.ShouldBe([old]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tag_that_an_earlier_version_mirrored_makes_room_and_is_kept_itself(bool isAnnotated)
    {
        await using var world = await RelayWorld.StartAsync();
        var (tag, old) = await LeaveTagAsync(world, isAnnotated);
        world.ClearRequests();

        var report = await world.MirrorWellAsync();

        report.Attempts.ShouldBe(1);
        world.Pushes.Count.ShouldBe(3);
        world.Kept().Single(k => k.Key.EndsWith("/heads/main", StringComparison.Ordinal)).Value.ShouldBe(old);
        world
            .Kept()
            .Single(k =>
                k.Key.EndsWith("/tags/mirror-kept", StringComparison.Ordinal) || k.Key.Contains("/tags/mirror-kept-", StringComparison.Ordinal)
            )
            .Value.ShouldBe(tag);
        world.Destination.ForEachRef().Keys.ShouldNotContain(k => k == Tag || k.StartsWith(Tag + "-", StringComparison.Ordinal));
        var change = report.Changes.Single(c => c.Ref == Tag);
        (change.Kind, change.Old, change.New).ShouldBe((RefChangeKind.Delete, tag, null));
        (await world.MirrorWellAsync()).Status.ShouldBe(RepositoryStatus.Unchanged);
    }

    [Fact]
    public async Task Tag_that_an_earlier_version_mirrored_stays_while_nothing_is_overwritten()
    {
        await using var world = await RelayWorld.StartAsync();
        var (tag, _) = await LeaveTagAsync(world, isAnnotated: true);
        world.Source.ResetHard("main", world.Destination.Resolve("main")!);
        world.Source.Commit("a", "forward\n");

        await world.MirrorAsync();

        world.Destination.Resolve(Tag).ShouldBe(tag);
    }

    /// <summary>
    /// Whatever is refused on the way: no value is lost, nothing is overwritten without its old value, and the run after that one is through.
    /// </summary>
    [Theory]
    [InlineData("refs/tags/mirror-kept-*")]
    [InlineData("refs/tags/mirror-kept")]
    [InlineData("refs/tags/mirror-kept/*")]
    [InlineData("refs/tags/mirror-kept/*/tags/*")]
    [InlineData("refs/tags/mirror-kept/*/heads/*")]
    [InlineData("refs/tags/*")]
    public async Task Making_room_loses_nothing_whatever_is_refused(string refused)
    {
        await using var world = await RelayWorld.StartAsync();
        var (tag, old) = await LeaveTagAsync(world, isAnnotated: true);
        world.Destination.Hook("update", $"case $1 in {refused}) exit 1;; esac");

        var report = await world.MirrorAsync();

        report.Status.ShouldBe(RepositoryStatus.Failed);
        report.Refused.ShouldNotBeEmpty();
        world.Destination.Git("prune", "--expire=now");
        world.Destination.Git("cat-file", "-e", tag);
        world.Destination.Git("cat-file", "-e", old);

        world.Destination.Hook("update", "exit 0");
        await world.MirrorWellAsync();
        world.Destination.Git("prune", "--expire=now");
        world.Destination.Git("cat-file", "-e", tag);
        world.Destination.Git("cat-file", "-e", old);
    }

    /// <summary>The same for a run that ends after any push.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Making_room_loses_nothing_wherever_it_ends(int pushes)
    {
        await using var world = await RelayWorld.StartAsync();
        var (tag, old) = await LeaveTagAsync(world, isAnnotated: true);
        var seen = 0;
        world.DestinationServer.Intercept = Interceptions.On(
            r => r.IsPushPost(),
            (context, next) =>
            {
                if (seen++ < pushes)
                    return next();
                context.Abort();
                return Task.CompletedTask;
            }
        );

        await world.MirrorAsync(new RefOptions { MaxAttempts = 1 });

        world.DestinationServer.Intercept = null;
        world.Destination.Git("prune", "--expire=now");
        world.Destination.Git("cat-file", "-e", tag);
        world.Destination.Git("cat-file", "-e", old);
        await world.MirrorWellAsync();
        world.Destination.Git("prune", "--expire=now");
        world.Destination.Git("cat-file", "-e", tag);
        world.Destination.Git("cat-file", "-e", old);
    }

    /// <summary>A mirror with the tag, and a branch that is to be rewritten.</summary>
    private static async Task<(string Tag, string Old)> LeaveTagAsync(RelayWorld world, bool isAnnotated)
    {
        world.Destination.Configure("transfer.fsckObjects", "true");
        world.Source.Commit("a", "1\n");
        var old = world.Source.Commit("a", "2\n");
        await world.MirrorWellAsync();
        var tag = isAnnotated ? world.Destination.TagAnnotated("mirror-kept", "main") : world.Destination.Commit("own", "1\n", "own", from: old);
        if (!isAnnotated)
        {
            world.Destination.DeleteBranch("own");
            world.Destination.Tag("mirror-kept", tag);
        }

        world.Source.ResetHard("main", "main^");
        return (tag, old);
    }
}
