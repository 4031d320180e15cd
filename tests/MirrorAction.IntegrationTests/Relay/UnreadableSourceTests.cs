using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>A source that lost an object, or can't read one: everything that does not need it moves.</summary>
public sealed class UnreadableSourceTests
{
    /// <summary>
    /// What is lost or damaged, and whether git says so at once. What it does not say plainly is only believed when repetition brings the same.
    /// </summary>
    public static TheoryData<string, bool, bool> Faults =>
        new()
        {
            { "broken^{tree}", false, true },
            { "broken~1:sub", false, true },
            { "broken:b", false, true },
            { "broken~1", false, true },
            { "broken:b", true, true },
            { "broken~1", true, true },
            { "broken", false, false }, // not our ref
            { "broken", true, false }, // The server's program dies without a word.
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task One_branch_that_cannot_be_read_is_named_and_the_others_arrive(string what, bool isDamaged, bool isPlain)
    {
        await using var world = await StartAsync();
        Break(world, what, isDamaged);

        var report = await world.MirrorAsync(new RefOptions { MaxAttempts = 2 });

        report.Status.ShouldBe(RepositoryStatus.Failed);
        report.Error!.Code.ShouldBe(ErrorCode.Protocol);
        report.Error.Message.ShouldContain("The source could not send 1 of the refs: refs/heads/broken");
        report.Error.Hint!.ShouldContain("git fsck");
        report.Refused.Single().Ref.ShouldBe("refs/heads/broken");
        report.Attempts.ShouldBe(isPlain ? 1 : 2);
        report.Refs.Created.ShouldBe(10);
        Arrived(world);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_branch_that_was_mirrored_before_stays_as_it_was(string what, bool isDamaged, bool isPlain)
    {
        await using var world = await StartAsync(isBrokenMirrored: true);
        var before = world.Destination.Resolve("refs/heads/broken")!;
        Break(world, what, isDamaged);
        world.Source.DeleteBranch("b1");

        var report = await world.MirrorAsync(new RefOptions { MaxAttempts = 2 });

        report.Refused.Select(r => r.Ref).ShouldBe(isPlain ? ["refs/heads/broken"] : ["refs/heads/b1", "refs/heads/broken"], ignoreOrder: true);
        report.Attempts.ShouldBe(isPlain ? 1 : 2);
        world.Destination.Resolve("refs/heads/broken").ShouldBe(before);
        report.Changes.ShouldNotContain(c => c.Ref == "refs/heads/broken" || (c.Kind == RefChangeKind.Force && c.Ref != "refs/heads/broken"));
        report.Changes.ShouldContain(c => c.Ref == "refs/heads/main" && c.Kind == RefChangeKind.Update);

        // A source that says what it can't read has answered for the rest; one that breaks off has not.
        report.Changes.Any(c => c.Ref == "refs/heads/b1" && c.Kind == RefChangeKind.Delete).ShouldBe(isPlain);
        (world.Destination.Resolve("refs/heads/b1") is null).ShouldBe(isPlain);
        world.Kept().Keys.ShouldAllBe(name => name.EndsWith("/b1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_branch_that_can_be_read_again_arrives()
    {
        await using var world = await StartAsync();
        var tree = world.Source.Git("rev-parse", "broken^{tree}");
        var file = Path.Combine(world.Source.Path, "objects", tree[..2], tree[2..]);
        File.Move(file, file + ".away");
        (await world.MirrorAsync()).Status.ShouldBe(RepositoryStatus.Failed);
        File.Move(file + ".away", file);

        (await world.MirrorWellAsync()).Refs.Created.ShouldBe(1);
    }

    [Fact]
    public async Task Every_ref_that_needs_the_lost_object_is_named()
    {
        await using var world = await StartAsync();
        world.Source.Tag("v1", "broken");
        world.Source.Commit("b", "more\n", "broken");
        Break(world, "refs/tags/v1:sub", isDamaged: false);

        var report = await world.MirrorAsync();

        report.Refused.Select(r => r.Ref).ShouldBe(["refs/heads/broken", "refs/tags/v1"], ignoreOrder: true);
        Arrived(world, "refs/heads/broken", "refs/tags/v1");
    }

    [Fact]
    public async Task A_connection_to_the_source_that_breaks_is_narrowed_for_no_ref()
    {
        await using var world = await StartAsync();
        world.SourceServer.Intercept = Interceptions.On(
            r => r.IsUploadPackPost() && world.SourceServer.Requests.Count > 1,
            async (context, next) =>
            {
                context.Response.ContentType = "application/x-git-upload-pack-result";
                await context.Response.StartAsync();
                context.Abort();
            }
        );

        var report = await world.MirrorAsync(new RefOptions { MaxAttempts = 2 });

        report.Error!.Code.ShouldBe(ErrorCode.Network);
        report.Attempts.ShouldBe(2);
        report.Refused.ShouldBeEmpty();
        world.Destination.ForEachRef().ShouldBeEmpty();
    }

    /// <summary>Main and nine branches that can be read, and one that is going to be broken, in small objects of their own.</summary>
    private static async Task<RelayWorld> StartAsync(bool isBrokenMirrored = false)
    {
        var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        for (var i = 1; i <= 9; i++)
            world.Source.Commit("a", $"{i}\n", $"b{i}", from: "main");
        if (isBrokenMirrored)
        {
            world.Source.Branch("broken", "main");
            await world.MirrorWellAsync();
            world.Source.Commit("a", "2\n");
        }

        world.Source.Commit("sub/c", "x\n", "broken", from: world.Source.Resolve("broken") ?? "main");
        world.Source.Commit("b", "broken\n", "broken");
        return world;
    }

    private static void Break(RelayWorld world, string what, bool isDamaged)
    {
        var id = world.Source.Git("rev-parse", what);
        (isDamaged ? FaultyObjects.Damage : (Action<TestKit.GitRepository, string>)FaultyObjects.Lose)(world.Source, id);
    }

    private static void Arrived(RelayWorld world, params string[] but)
    {
        but = but.Length == 0 ? ["refs/heads/broken"] : but;
        var there = RelayWorld.Mirrored(world.Destination);
        there.Keys.ShouldNotContain(but[0]);
        there.Count.ShouldBe(10);
        world.Destination.Fsck();
    }
}
