using System.Globalization;
using MirrorAction.Git.Model;
using MirrorAction.Git.Relay;
using MirrorAction.Git.Transport;
using MirrorAction.Http;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>What is too large for one push arrives in several, and nothing of the way there is left.</summary>
public sealed class PartedPushTests
{
    private const int Limit = 1 << 20;
    private const string Part = RefPatternSet.PartTagName;

    [Fact]
    public async Task A_line_of_commits_without_tags_is_sent_in_parts()
    {
        await using var world = await RelayWorld.StartAsync();
        Line(world, "main", commits: 30);

        var results = await RelayAsync(world, new RelayOptions { MaxPackBytes = Limit });

        results.ShouldAllBe(r => r.Status == RefUpdateStatus.Ok);
        world.ShouldBeEqual();
        world.Destination.HasRef(Part).ShouldBeFalse();
        Landed(world).ShouldAllBe(r => r.RequestBytes < Limit + 4096);
        Landed(world).Count.ShouldBeInRange(4, 12);
    }

    [Fact]
    public async Task An_expected_size_above_the_limit_wastes_no_transfer()
    {
        await using var world = await RelayWorld.StartAsync();
        Line(world, "main", commits: 30);

        await RelayAsync(world, new RelayOptions { MaxPackBytes = Limit, ExpectedPackBytes = 4_000_000 });

        world.ShouldBeEqual();
        world.SourceServer.Requests.Sum(r => r.ResponseBytes).ShouldBeLessThan(3_500_000);
        world.Pushes.ShouldAllBe(r => r.Status == 200);
    }

    [Fact]
    public async Task An_expected_size_does_not_divide_what_a_filled_destination_lacks()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        await world.MirrorWellAsync();
        Line(world, "main", commits: 3);
        world.ClearRequests();

        await RelayAsync(world, new RelayOptions { MaxPackBytes = Limit, ExpectedPackBytes = 4_000_000 });

        world.ShouldBeEqual();
        world.Pushes.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Many_branches_and_tags_go_by_their_age_without_a_temporary_tag()
    {
        await using var world = await RelayWorld.StartAsync();
        Branches(world, 24);
        var tap = new WireTap(world.DestinationServer);

        await RelayAsync(world, new RelayOptions { MaxPackBytes = Limit });

        world.ShouldBeEqual();
        tap.Pushes.SelectMany(p => p).ShouldNotContain(line => line.EndsWith(Part, StringComparison.Ordinal));
        Landed(world).Count.ShouldBeInRange(3, 12);

        // The oldest commits are in the branches of the highest numbers, and so these come first.
        tap.Pushes[0].ShouldContain(line => line.EndsWith("/b-24", StringComparison.Ordinal));
        tap.Pushes[0].ShouldNotContain(line => line.EndsWith("/b-01", StringComparison.Ordinal));
        tap.Pushes[^1].ShouldContain(line => line.EndsWith("/b-01", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_merge_of_a_long_side_history_is_led_up_to_on_both_lines()
    {
        await using var world = await RelayWorld.StartAsync();
        Line(world, "main", commits: 3);
        Line(world, "side", commits: 20, from: "refs/heads/main");
        using (var import = world.Source.Import())
        {
            import.Commit("main", "Merge\n", [], from: world.Source.Resolve("refs/heads/main"), merge: "refs/heads/side");
            import.Complete();
        }

        world.Source.DeleteBranch("side");

        await RelayAsync(world, new RelayOptions { MaxPackBytes = Limit });

        world.ShouldBeEqual();
        Landed(world).ShouldAllBe(r => r.RequestBytes < Limit + 4096);
    }

    [Fact]
    public async Task One_huge_commit_is_refused_with_ref_and_limit_and_holds_back_only_what_needs_it()
    {
        await using var world = await RelayWorld.StartAsync();
        Line(world, "main", commits: 4);
        using (var import = world.Source.Import())
        {
            import.Reset("refs/heads/main", world.Source.Resolve("refs/heads/main")!);
            import.CommitRandom("main", "huge", 3 * Limit, seed: 77);
            import.Commit("later", "a", "small\n", from: "refs/heads/main");
            import.Commit("other", "a", "small\n");
            import.Complete();
        }

        var results = await RelayAsync(world, new RelayOptions { MaxPackBytes = Limit, ExpectedPackBytes = 3_500_000 });

        var refused = results.Where(r => r.Status != RefUpdateStatus.Ok).ToArray();
        refused.Select(r => r.Update.Name.Raw).ShouldBe(["refs/heads/later", "refs/heads/main"], ignoreOrder: true);
        refused.ShouldAllBe(r => r.Status == RefUpdateStatus.RejectedTooLarge);
        refused.ShouldAllBe(r =>
            r.Reason.Contains(r.Update.Name.Raw, StringComparison.Ordinal) && r.Reason.Contains("more than the 1 MiB that", StringComparison.Ordinal)
        );
        refused.ShouldAllBe(r =>
            r.Reason.Contains("3.338 MiB", StringComparison.Ordinal) && r.Reason.Contains(world.Source.Resolve("main")!, StringComparison.Ordinal)
        );
        world.Destination.ForEachRef().ShouldBe(new Dictionary<string, string> { ["refs/heads/other"] = world.Source.Resolve("other")! }); // What led up to main has been taken back.
        world.Destination.Fsck();
    }

    [Fact]
    public async Task A_destination_that_refuses_by_size_gets_parts_without_being_told_a_limit()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Destination.Configure("receive.maxInputSize", "1000000");
        Line(world, "main", commits: 20);
        Branches(world, 6);
        world.Source.TagAnnotated("v1", "main~5");

        var report = await world.MirrorWellAsync();

        report.Attempts.ShouldBe(1);
        world.Destination.HasRef(Part).ShouldBeFalse();
        Landed(world).Count.ShouldBeLessThan(20);
    }

    [Fact]
    public async Task A_status_413_is_such_a_refusal_too()
    {
        await using var world = await RelayWorld.StartAsync();
        Branches(world, 8);
        world.DestinationServer.Intercept = Interceptions.On(
            r => r.IsPushPost() && r.ContentLength > Limit,
            Interceptions.Answer(413, "Too large.", "text/plain")
        );

        await world.MirrorWellAsync();
    }

    [Fact]
    public async Task A_commit_that_is_refused_by_status_413_is_told_as_its_host_means_that_status()
    {
        await using var world = await RelayWorld.StartAsync();
        using (var import = world.Source.Import())
        {
            import.CommitRandom("main", "huge", 3 * Limit, seed: 77);
            import.Commit("other", "a", "small\n");
            import.Complete();
        }

        world.DestinationServer.Intercept = Interceptions.On(
            r => r.IsPushPost() && r.ContentLength > Limit,
            Interceptions.Answer(413, "Too large.", "text/plain")
        );

        var report = await world.MirrorAsync(change: job =>
            job with
            {
                ExplainDestination = (status, _) => status == 413 ? new HostFailure(HostFailureKind.TooLarge, "Make it smaller.") : null,
            }
        );

        report.Refused.Single().Ref.ShouldBe("refs/heads/main");
        (report.Error!.Code, report.Error.Hint).ShouldBe((ErrorCode.TooLarge, "Make it smaller."));
        report.Refs.Created.ShouldBe(1);
    }

    [Fact]
    public async Task A_source_without_filters_is_divided_by_refs()
    {
        await using var world = await RelayWorld.StartAsync();
        world.SourceServer.Configuration["uploadpack.allowFilter"] = "false";
        Branches(world, 12);

        await RelayAsync(world, new RelayOptions { MaxPackBytes = Limit });

        world.ShouldBeEqual();
    }

    [Fact]
    public async Task A_long_line_of_a_source_without_filters_comes_behind_its_tags()
    {
        await using var world = await RelayWorld.StartAsync();
        world.SourceServer.Configuration["uploadpack.allowFilter"] = "false";
        Line(world, "main", commits: 18);
        world.Source.Tag("v1", "main~12");
        world.Source.Tag("v2", "main~6");

        await RelayAsync(world, new RelayOptions { MaxPackBytes = Limit });

        world.ShouldBeEqual();
    }

    [Fact]
    public async Task A_long_line_of_a_source_without_filters_fails_and_says_why()
    {
        await using var world = await RelayWorld.StartAsync();
        world.SourceServer.Configuration["uploadpack.allowFilter"] = "false";
        Line(world, "main", commits: 15);

        var result = (await RelayAsync(world, new RelayOptions { MaxPackBytes = Limit })).Single();

        result.Status.ShouldBe(RefUpdateStatus.RejectedTooLarge);
        result.Reason.ShouldContain("refs/heads/main");
        result.Reason.ShouldContain("so that the history cannot be divided");
        world.Destination.ForEachRef().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_an_interrupted_run_left_is_gone_on_from_and_removed()
    {
        await using var world = await RelayWorld.StartAsync();
        Line(world, "main", commits: 20);
        var half = world.Source.Git("rev-parse", "main~8");
        await world.Destination.GitAsync("fetch", "--quiet", world.Source.Path, half);
        world.Destination.UpdateRef(Part, half);

        var report = await world.MirrorWellAsync();

        report.Changes.Select(c => (c.Ref, c.Kind)).ShouldBe([("refs/heads/main", RefChangeKind.Create), (Part, RefChangeKind.Delete)]);
        world.Destination.HasRef(Part).ShouldBeFalse();
        world.SourceServer.Requests.Sum(r => r.ResponseBytes).ShouldBeLessThan(9 * 100_000);
    }

    [Fact]
    public async Task A_leftover_beside_equal_refs_is_removed_and_one_at_the_source_is_not_mirrored()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        await world.MirrorWellAsync();
        world.Destination.UpdateRef(Part, world.Destination.Resolve("refs/heads/main")!);

        await world.MirrorWellAsync();
        world.Destination.HasRef(Part).ShouldBeFalse();

        world.Source.UpdateRef(Part, world.Source.Resolve("refs/heads/main")!);
        (await world.MirrorAsync()).Status.ShouldBe(RepositoryStatus.Unchanged);
        world.Destination.HasRef(Part).ShouldBeFalse();
    }

    [Fact]
    public async Task A_connection_that_breaks_between_parts_costs_only_the_part()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Destination.Configure("receive.maxInputSize", "1000000");
        Line(world, "main", commits: 30);
        var pushes = 0;
        world.DestinationServer.Intercept = (context, next) =>
        {
            if (
                context.Request.IsPushPost()
                && context.Request.ContentLength != 4
                && world.Destination.HasRef(Part)
                && Interlocked.Increment(ref pushes) == 2
            )
            {
                context.Abort();
                return Task.CompletedTask;
            }

            return next();
        };

        var report = await world.MirrorWellAsync();

        report.Attempts.ShouldBe(2);
        world.Destination.HasRef(Part).ShouldBeFalse();
    }

    /// <summary>A branch of that many commits, each with 100 kB that no pack can shrink.</summary>
    private static void Line(RelayWorld world, string branch, int commits, string? from = null)
    {
        var start = world.Source.Resolve(from ?? $"refs/heads/{branch}");
        using var import = world.Source.Import();
        if (start is not null)
            import.Reset($"refs/heads/{branch}", start);
        for (var i = 0; i < commits; i++)
            import.CommitRandom(branch, $"{branch}-{i}", 100_000, seed: (ulong)((branch.Length * 1000) + i));
        import.Complete();
    }

    /// <summary>Branches with a commit of 150 kB each, and a tag on each; the older the higher their number.</summary>
    private static void Branches(RelayWorld world, int count)
    {
        using var import = world.Source.Import();
        for (var i = count; i >= 1; i--)
        {
            var mark = import.CommitRandom(string.Create(CultureInfo.InvariantCulture, $"b-{i:00}"), $"file-{i}", 150_000, seed: (ulong)(5000 + i));
            import.Tag($"t-{i}", $":{mark}", "A tag\n");
        }

        import.Complete();
    }

    /// <summary>The pushes that the destination took whole.</summary>
    private static List<RecordedRequest> Landed(RelayWorld world) => [.. world.Pushes.Where(r => r.Status == 200)];

    private static async Task<IReadOnlyList<RefUpdateResult>> RelayAsync(RelayWorld world, RelayOptions options)
    {
        var token = TestContext.Current.CancellationToken;
        using var http = new GitHttp(new GitHttpOptions());
        var source = new UploadPackClient(http, new GitEndpoint(world.SourceUrl), new TransferCounter());
        var destination = new ReceivePackClient(http, new GitEndpoint(world.DestinationUrl), new TransferCounter());
        var refs = await source.ListRefsAsync(["refs/heads/", "refs/tags/"], token);
        var advertisement = await destination.DiscoverAsync(token);
        var plan = MirrorPlanner.Plan(
            refs.Refs,
            advertisement.Refs,
            new HashSet<RefUpdate>(),
            new RefOptions { KeepOverwritten = false },
            DateTimeOffset.UnixEpoch
        );
        return await new PackRelay(source, refs, destination, advertisement, options).RelayAsync([.. plan.Changes.Select(c => c.Update)], token);
    }
}
