using System.Text;
using MirrorAction.Git.Model;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>Odd names, and which names are mirrored at all.</summary>
public sealed class RefNameTests
{
    public static TheoryData<string> OddNames =>
        new(
            "refs/heads/caf\u00e9", // Latin-1, not UTF-8
            "refs/heads/\u00ff\u00fe\u0080",
            "refs/tags/gr\u00c3\u00b6\u00c3\u009fe", // UTF-8
            "refs/heads/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p",
            "refs/heads/#1",
            "refs/heads/100%",
            "refs/heads/%2F%00",
            "refs/heads/it's",
            "refs/heads/\"quoted\"",
            "refs/heads/$HOME",
            "refs/heads/$(id)",
            "refs/heads/`id`",
            "refs/heads/a&b;c|d",
            "refs/heads/<b>",
            "refs/heads/{0}",
            "refs/heads/-f",
            "refs/heads/a=b,c+d!",
            "refs/heads/@",
            "refs/heads/refs/heads/main",
            "refs/heads/HEAD",
            "refs/tags/x.y-z",
            "refs/tags/v1.0.0+build.7"
        );

    [Theory]
    [MemberData(nameof(OddNames))]
    public async Task Odd_names_are_created_moved_and_deleted(string latin1)
    {
        await using var world = await RelayWorld.StartAsync();
        var name = Encoding.Latin1.GetBytes(latin1);
        var first = world.Source.Commit("a", "1\n");
        world.Source.UpdateRef(name, first);
        await world.MirrorWellAsync();
        world.Destination.ForEachRef()[latin1].ShouldBe(first);

        var second = world.Source.Commit("a", "2\n");
        world.Source.UpdateRef(name, second);
        await world.MirrorWellAsync();
        world.Destination.ForEachRef()[latin1].ShouldBe(second);

        world.Source.UpdateRef(name, new string('0', 40));
        (await world.MirrorWellAsync()).Refs.Deleted.ShouldBe(1);
        var kept = latin1["refs/".Length..];
        world.Kept().Where(k => k.Key.EndsWith(kept, StringComparison.Ordinal)).Select(k => k.Value).ShouldContain(second);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(240)]
    public async Task Long_names_are_mirrored(int length)
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.Source.Branch(new string('x', length));
        world.Source.Branch(string.Join('/', Enumerable.Repeat(new string('y', length), 5)));

        (await world.MirrorWellAsync()).Refs.Created.ShouldBe(3);
    }

    [Fact]
    public async Task A_name_that_the_destination_cannot_store_holds_no_other_back()
    {
        // Packed refs hold names that no file system has room for.
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        var id = world.Source.Resolve("main");
        await File.AppendAllTextAsync(
            Path.Combine(world.Source.Path, "packed-refs"),
            $"{id} refs/heads/{new string('z', 300)}\n",
            TestContext.Current.CancellationToken
        );

        var report = await world.MirrorAsync();

        report.Status.ShouldBe(RepositoryStatus.Failed);
        report.Error!.Code.ShouldBe(ErrorCode.RefRejected);
        report.Refused.Single().Ref.ShouldBe("refs/heads/" + new string('z', 300));
        world.Destination.Resolve("refs/heads/main").ShouldBe(id);
    }

    [Fact]
    public async Task A_ref_line_as_long_as_a_pkt_line_can_be_holds_no_other_back()
    {
        await using var world = await RelayWorld.StartAsync();
        var id = world.Source.Commit("a", "1\n");
        var longest = $"{id} refs/heads/{new string('z', 65516 - 41 - 11 - 1)}\n";
        world.SourceServer.Intercept = Interceptions.Once(
            r => r.IsUploadPackPost(),
            Interceptions.Rewrite(answer => Interceptions.Pkt(longest) + answer)
        );

        var report = await world.MirrorAsync();

        report.Status.ShouldBe(RepositoryStatus.Failed);
        report.Error!.Code.ShouldBe(ErrorCode.RefRejected);
        report.Refused.Single().Ref.Length.ShouldBe(65516 - 42);
        world.Destination.Resolve("refs/heads/main").ShouldBe(id);
    }

    [Fact]
    public async Task Other_namespaces_are_neither_sent_nor_pruned()
    {
        await using var world = await RelayWorld.StartAsync();
        var id = world.Source.Commit("a", "1\n");
        foreach (
            var name in new[]
            {
                "refs/pull/1/head",
                "refs/pull/1/merge",
                "refs/notes/commits",
                "refs/stash",
                "refs/remotes/origin/x",
                "refs/tags/mirror-kept/x",
            }
        )
            world.Source.UpdateRef(name, id);
        await world.MirrorWellAsync();
        world.Destination.UpdateRef("refs/notes/review", id);
        world.Destination.UpdateRef("refs/pull-requests/1/from", id);
        world.Source.Commit("a", "2\n");

        await world.MirrorWellAsync();

        world.Destination.ForEachRef().Keys.ShouldBe(["refs/heads/main", "refs/notes/review", "refs/pull-requests/1/from"], ignoreOrder: true);
    }

    [Fact]
    public async Task Notes_are_mirrored_when_a_pattern_names_them()
    {
        await using var world = await RelayWorld.StartAsync();
        var id = world.Source.Commit("a", "1\n");
        world.Source.UpdateRef("refs/notes/commits", id);
        world.Source.Tag("v1");
        var options = new RefOptions { Patterns = RefPatternSet.Parse("refs/heads/*", "refs/notes/*") };

        (await world.MirrorAsync(options)).Verified.ShouldBeTrue();
        world.Destination.ForEachRef().Keys.ShouldBe(["refs/heads/main", "refs/notes/commits"]);

        world.Source.Git("update-ref", "-d", "refs/notes/commits");
        (await world.MirrorAsync(options)).Refs.Deleted.ShouldBe(1);
        RelayWorld.Mirrored(world.Destination).Keys.ShouldBe(["refs/heads/main"]);
        world.Kept().ShouldHaveSingleItem().Key.ShouldEndWith("/notes/commits");
    }

    [Fact]
    public async Task What_a_negative_pattern_takes_out_is_neither_sent_nor_pruned()
    {
        await using var world = await RelayWorld.StartAsync();
        var id = world.Source.Commit("a", "1\n");
        world.Source.Branch("wip/one");
        var options = new RefOptions { Patterns = RefPatternSet.Parse("refs/heads/*", "^refs/heads/wip/*") };
        await world.MirrorAsync(options);
        world.Destination.Branch("wip/own", id);
        world.Source.Commit("a", "2\n");

        var report = await world.MirrorAsync(options);

        report.Verified.ShouldBeTrue();
        world.Destination.ForEachRef().Keys.ShouldBe(["refs/heads/main", "refs/heads/wip/own"]);
    }

    [Fact]
    public async Task One_named_branch_is_all_that_is_mirrored()
    {
        await using var world = await RelayWorld.StartAsync();
        var id = world.Source.Commit("a", "1\n");
        world.Source.Branch("main2");
        world.Source.Branch("maintenance/x");
        world.Source.Tag("v1");
        world.Destination.Git("fetch", "-q", world.Source.Path, "main");
        world.Destination.UpdateRef("refs/heads/own", id);

        var report = await world.MirrorAsync(new RefOptions { Patterns = RefPatternSet.Parse("refs/heads/main") });

        report.Verified.ShouldBeTrue();
        world.Destination.ForEachRef().Keys.ShouldBe(["refs/heads/main", "refs/heads/own"]);
    }
}
