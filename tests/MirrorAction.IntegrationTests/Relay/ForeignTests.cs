using System.Text;
using MirrorAction.Git.Model;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>Values at the mirror that the source has never had, and those that it has only let go of: rule 17 of the mirror.</summary>
public sealed class ForeignTests
{
    [Fact]
    public async Task Commit_pushed_to_the_mirror_is_told_as_foreign_and_kept_and_never_called_a_rewrite()
    {
        await using var world = await StartAsync();
        var theirs = world.Destination.Commit("theirs", "1\n");

        var report = await world.MirrorWellAsync();

        var change = report.Changes.Single(c => c.Kind == RefChangeKind.Force);
        (change.Ref, change.Old, change.Foreign).ShouldBe(("refs/heads/main", theirs, true));
        var kept = world.Kept().ShouldHaveSingleItem();
        kept.Value.ShouldBe(theirs);
        report.Changes.Single(c => c.Kind == RefChangeKind.Keep).Foreign.ShouldBeFalse();
        var warning = report.Warnings.Single(w => w.Contains(theirs, StringComparison.Ordinal));
        warning.ShouldContain("refs/heads/main");
        warning.ShouldContain(kept.Key);
        world.Log.ShouldContain(m => m.Level == MessageLevel.Warning && m.Text == warning);
        report.Warnings.ShouldAllBe(w => !w.Contains("rewritten at the source", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Branch_that_only_the_mirror_has_is_foreign_by_its_commits_and_not_by_its_name()
    {
        await using var world = await StartAsync();
        world.Destination.Commit("theirs", "1\n", "theirs", from: world.Source.Resolve("main"));
        world.Destination.Branch("copy", world.Source.Resolve("main^")!);

        var report = await world.MirrorWellAsync();

        report
            .Changes.Where(c => c.Kind == RefChangeKind.Delete)
            .Select(c => (c.Ref, c.Foreign))
            .ShouldBe([("refs/heads/copy", false), ("refs/heads/theirs", true)]);
        report.Warnings.ShouldHaveSingleItem().ShouldNotContain("refs/heads/copy");
    }

    [Fact]
    public async Task What_the_source_has_rewritten_or_deleted_is_not_foreign()
    {
        await using var world = await StartAsync();
        world.Source.Commit("gone", "1\n", "gone", from: world.Source.Resolve("main"));
        world.Source.TagAnnotated("v1");
        await world.MirrorWellAsync();
        world.RewriteMain();
        world.Source.DeleteBranch("gone");
        world.Source.TagAnnotated("v1", "main", "Another");
        world.Destination.UpdateRef("refs/tags/mirror-kept/20200101T000000Z/heads/main", world.Destination.Resolve("main")!);

        var report = await world.MirrorWellAsync();

        report.Refs.ShouldBe(
            new RefCounts
            {
                Forced = 2,
                Deleted = 2,
                Kept = 3,
            }
        );
        report.Changes.ShouldAllBe(c => !c.Foreign);
        report.Warnings.ShouldHaveSingleItem().ShouldContain("rewritten at the source");
    }

    [Fact]
    public async Task Several_foreign_values_among_others_are_each_found_by_a_request()
    {
        await using var world = await StartAsync();
        var main = world.Source.Resolve("main")!;
        var theirs = Enumerable.Range(0, 3).Select(i => world.Destination.Commit("theirs", $"{i}\n", $"theirs{i}", from: main)).ToArray();
        world.Source.Commit("gone", "1\n", "gone", from: main);
        world.Source.Commit("forward", "1\n", "forward", from: main);
        world.Source.Tag("moved", "gone");
        await world.MirrorAsync(new RefOptions { Prune = false });
        world.Source.DeleteBranch("gone");
        world.Source.DeleteTag("moved");
        world.ClearRequests();

        var report = await world.MirrorWellAsync();

        report.Changes.Where(c => c.Foreign).Select(c => c.Old).ShouldBe(theirs);
        report.Changes.Count(c => c.Kind == RefChangeKind.Delete).ShouldBe(5);
        world.SourceServer.Requests.Count(r => r.IsFetch).ShouldBe(1 + 3 + 1); // The listing; one for each that is missing, and one for the rest.
    }

    [Fact]
    public async Task Questions_come_to_an_end_where_there_are_many_foreign_values_and_the_rest_stays_open()
    {
        await using var world = await StartAsync();
        using (var import = world.Destination.Import())
        {
            for (var i = 0; i < 40; i++)
                import.Commit($"theirs{i}", "theirs", $"{i}\n");
            import.Complete();
        }

        world.ClearRequests();

        var report = await world.MirrorWellAsync(new RefOptions { PruneLimit = PruneLimit.Percent(100) });

        report.Changes.Count(c => c.Foreign).ShouldBe(32);
        report.Refs.Deleted.ShouldBe(40);
        world.SourceServer.Requests.Count(r => r.IsFetch).ShouldBe(1 + 32);
        report.Warnings.ShouldHaveSingleItem().ShouldContain("12 more");
    }

    [Fact]
    public async Task Nobody_is_asked_where_nothing_is_overwritten_or_its_value_is_listed()
    {
        await using var world = await StartAsync();
        world.Source.Branch("old");
        await world.MirrorWellAsync();
        world.Source.Branch("new", "old");
        world.Source.DeleteBranch("old");
        world.ClearRequests();

        (await world.MirrorWellAsync()).Refs.Deleted.ShouldBe(1);

        world.SourceServer.Requests.Count(r => r.IsFetch).ShouldBe(1);
    }

    [Fact]
    public async Task What_the_source_has_forgotten_is_known_from_an_earlier_report()
    {
        await using var world = await StartAsync();
        var old = world.Source.Resolve("main")!;
        Forget(world);

        (await world.MirrorAsync(change: job => job with { IsPlan = true }))
            .Changes.Single(c => c.Kind == RefChangeKind.Force)
            .Foreign.ShouldBeTrue();
        var report = await world.MirrorWellAsync(change: job => job with { KnownBefore = new HashSet<string> { old } });

        report.Changes.ShouldAllBe(c => !c.Foreign);
    }

    [Theory]
    [InlineData("an old protocol")]
    [InlineData("a refusal in other words")]
    [InlineData("a broken connection")]
    [InlineData("a server in trouble")]
    public async Task What_the_source_does_not_answer_is_neither_foreign_nor_a_rewrite(string what)
    {
        await using var world = await StartAsync();
        var theirs = world.Destination.Commit("theirs", "1\n");
        world.SourceServer.Intercept = async (context, next) =>
        {
            if (what == "an old protocol")
            {
                context.Request.Headers.Remove("Git-Protocol");
                await next();
                return;
            }

            var request = new MemoryStream();
            await context.Request.Body.CopyToAsync(request, context.RequestAborted);
            request.Position = 0;
            context.Request.Body = request;
            var body = Encoding.Latin1.GetString(request.ToArray());
            if (!body.Contains($"want {theirs}", StringComparison.Ordinal))
                await next();
            else if (what == "a broken connection")
                context.Abort();
            else if (what == "a server in trouble")
                await Interceptions.Answer(502, "Bad gateway", "text/html")(context, next);
            else
                await Interceptions.Answer(200, Interceptions.Pkt("ERR want not valid"), "application/x-git-upload-pack-result")(context, next);
        };

        var report = await world.MirrorWellAsync();

        report.Attempts.ShouldBe(1);
        report.Changes.ShouldAllBe(c => !c.Foreign);
        var warning = report.Warnings.ShouldHaveSingleItem();
        warning.ShouldNotContain("rewritten at the source");
        warning.ShouldContain("source was rewritten or");
        world.Kept().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Foreign_value_that_could_not_be_kept_is_left_and_named_all_the_same()
    {
        await using var world = await StartAsync();
        var theirs = world.Destination.Commit("theirs", "1\n");
        world.Destination.Hook("update", "case $1 in refs/tags/mirror-kept/*) exit 1;; esac");

        var report = await world.MirrorAsync();

        report.Refused.Single().Ref.ShouldBe("refs/heads/main");
        report.Warnings.ShouldHaveSingleItem().ShouldContain($"refs/heads/main ({theirs})");
        world.Destination.Resolve("main").ShouldBe(theirs);
    }

    [Fact]
    public async Task Plan_tells_foreign_values()
    {
        await using var world = await StartAsync();
        var theirs = world.Destination.Commit("theirs", "1\n");

        var report = await world.MirrorAsync(change: job => job with { IsPlan = true });

        report.Changes.Single(c => c.Foreign).Old.ShouldBe(theirs);
        report.Warnings.ShouldHaveSingleItem().ShouldContain(theirs);
    }

    private static Task<RelayWorld> StartAsync() =>
        RelayWorld.StartMirroredAsync(world =>
        {
            world.Source.Commit("a", "1\n");
            world.Source.Commit("a", "2\n");
        });

    /// <summary>Rewrites the branch, and deletes its old commit for good.</summary>
    private static void Forget(RelayWorld world)
    {
        world.RewriteMain();
        world.Source.Git("reflog", "expire", "--expire=now", "--all");
        world.Source.Git("repack", "-a", "-d", "-q");
        world.Source.Git("prune", "--expire=now");
    }
}
