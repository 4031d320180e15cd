using MirrorAction.Git.Model;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>Rule 6: what does not say that it is this mirror is it only when every branch of it is part of the source's history.</summary>
public sealed class OwnershipTests
{
    [Fact]
    public async Task A_foreign_repository_is_left_alone_unless_adopted()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.Destination.Commit("own", "work\n");
        world.Destination.Commit("own", "work\n", "more");
        var before = world.Destination.ForEachRef();

        var report = await world.MirrorAsync(change: job => job with { Ownership = Ownership.Unproven });

        report.Error!.Code.ShouldBe(ErrorCode.NotAMirror);
        report.Error.Hint.ShouldNotBeNull().ShouldContain("adopt");
        world.Pushes.ShouldBeEmpty();
        world.Destination.ForEachRef().ShouldBe(before);

        var adopted = await world.MirrorAsync(new RefOptions { Adopt = true }, job => job with { Ownership = Ownership.Unproven });

        adopted.Error.ShouldBeNull();
        world.ShouldBeEqual();
        world.Kept().Values.ShouldBe(before.Values, ignoreOrder: true);
    }

    [Fact]
    public async Task A_repository_whose_branches_are_all_part_of_the_history_is_taken_for_a_mirror()
    {
        await using var world = await RelayWorld.StartAsync();
        for (var i = 0; i < 4; i++)
        {
            world.Source.Commit("a", $"{i}\n");
            world.Source.Branch($"merged-{i}");
        }

        world.Source.TagAnnotated("v1");
        await world.MirrorWellAsync();
        world.Source.Commit("a", "more\n");
        for (var i = 0; i < 4; i++)
            world.Source.DeleteBranch($"merged-{i}");

        var report = await world.MirrorAsync(change: job => job with { Ownership = Ownership.Unproven });

        report.Error.ShouldBeNull();
        (report.Refs.Updated, report.Refs.Deleted).ShouldBe((1, 4));
        world.ShouldBeEqual();
    }

    [Theory]
    [InlineData("tag")]
    [InlineData("branch")]
    [InlineData("root")]
    [InlineData("ahead")]
    public async Task One_shared_value_does_not_make_a_foreign_repository_ours(string shared)
    {
        await using var world = await RelayWorld.StartAsync();
        var common = world.Source.Commit("a", "1\n");
        world.Source.Tag("v1");
        world.Source.Branch("stable");
        world.Source.Commit("a", "2\n");
        world.Destination.Git("fetch", "--quiet", world.Source.Path, "+refs/*:refs/heads-of-source/*");
        world.Destination.Commit("own", "work\n", from: shared is "root" or "ahead" ? common : null);
        for (var i = 0; i < 4 && shared != "ahead"; i++)
            world.Destination.Commit("own", $"topic {i}\n", $"topic-{i}");
        if (shared == "tag")
            world.Destination.UpdateRef("refs/tags/v1", common);
        if (shared == "branch")
            world.Destination.UpdateRef("refs/heads/stable", common);
        foreach (var name in world.Destination.ForEachRef("refs/heads-of-source/").Keys)
            world.Destination.Git("update-ref", "-d", name);
        var before = world.Destination.ForEachRef();

        var report = await world.MirrorAsync(change: job => job with { Ownership = Ownership.Unproven });

        report.Error!.Code.ShouldBe(ErrorCode.NotAMirror);
        report.Error.Message.ShouldContain("'main'");
        world.Pushes.ShouldBeEmpty();
        world.Destination.ForEachRef().ShouldBe(before);
    }

    [Fact]
    public async Task Tags_without_any_branch_prove_nothing()
    {
        await using var world = await RelayWorld.StartAsync();
        var id = world.Source.Commit("a", "1\n");
        world.Source.Tag("v1");
        await world.MirrorWellAsync();
        world.Destination.DeleteBranch("main");

        var report = await world.MirrorAsync(change: job => job with { Ownership = Ownership.Unproven });

        report.Error!.Code.ShouldBe(ErrorCode.NotAMirror);
        world.Destination.ForEachRef().ShouldBe(new Dictionary<string, string> { ["refs/tags/v1"] = id });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Branches_that_are_not_mirrored_tell_whose_a_repository_is_all_the_same(bool isOurs)
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.Source.Branch("release/1");
        await world.MirrorWellAsync();
        world.Source.Commit("a", "2\n", "release/1");
        world.Source.Commit("a", "3\n");
        if (!isOurs)
            world.Destination.Commit("own", "work\n");
        var options = new RefOptions { Patterns = RefPatternSet.Parse("refs/heads/release/*") };

        var report = await world.MirrorAsync(options, job => job with { Ownership = Ownership.Unproven });

        report.Error?.Code.ShouldBe(ErrorCode.NotAMirror);
        (report.Error is null).ShouldBe(isOurs);
        report.Verified.ShouldBe(isOurs);
    }

    [Fact]
    public async Task What_a_source_without_filters_cannot_prove_is_not_ours_until_it_is_adopted()
    {
        await using var world = await RelayWorld.StartAsync();
        world.SourceServer.Configuration["uploadpack.allowFilter"] = "false";
        world.Source.Commit("a", "1\n");
        await world.MirrorWellAsync();
        (await world.MirrorAsync(change: job => job with { Ownership = Ownership.Unproven })).Verified.ShouldBeTrue(); // Equal needs no proof.
        world.Source.Commit("a", "2\n");

        (await world.MirrorAsync(change: job => job with { Ownership = Ownership.Unproven })).Error!.Code.ShouldBe(ErrorCode.NotAMirror);
        (await world.MirrorAsync(new RefOptions { Adopt = true }, job => job with { Ownership = Ownership.Unproven })).Verified.ShouldBeTrue();
    }

    [Fact]
    public async Task A_source_that_breaks_off_while_it_is_asked_for_the_proof_is_asked_again()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.Source.Branch("gone");
        await world.MirrorWellAsync();
        world.Source.Commit("a", "2\n");
        world.Source.DeleteBranch("gone");
        var asked = 0;
        world.SourceServer.Intercept = async (context, next) =>
        {
            // Listing, and then the proofs: of what moved forward, of what is part of the history.
            if (context.Request.Path.Value!.EndsWith("/git-upload-pack", StringComparison.Ordinal) && Interlocked.Increment(ref asked) == 3)
            {
                context.Abort();
                return;
            }

            await next();
        };

        var report = await world.MirrorAsync(change: job => job with { Ownership = Ownership.Unproven });

        report.Error.ShouldBeNull();
        report.Attempts.ShouldBe(2);
        world.ShouldBeEqual();
    }

    [Fact]
    public async Task The_mirror_of_another_repository_is_refused_though_all_its_branches_are_equal()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        await world.MirrorWellAsync();

        var report = await world.MirrorAsync(change: job =>
            job with
            {
                Ownership = Ownership.Unproven,
                Identity = "github.com/acme/website (id 2)",
                MirrorOf = "ghe.example/acme/website (id 2)",
            }
        );

        report.Error!.Code.ShouldBe(ErrorCode.NotAMirror);
        report.Error.Message.ShouldContain("ghe.example/acme/website (id 2)");
    }

    [Fact]
    public async Task An_empty_foreign_repository_is_filled()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");

        (await world.MirrorAsync(change: job => job with { Ownership = Ownership.Unproven })).Error.ShouldBeNull();

        world.ShouldBeEqual();
    }
}
