using System.Globalization;
using MirrorAction.Git.Model;
using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>A destination that checks objects (<c>receive.fsckObjects</c>) and a source that has one which it refuses.</summary>
public sealed class RefusedObjectTests
{
    public static TheoryData<string, string> Faults => [.. from kind in FaultyObjects.Kinds from limit in new[] { "100", "1" } select (kind, limit)];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task One_object_that_is_refused_holds_back_only_the_refs_that_need_it(string kind, string unpackLimit)
    {
        await using var world = await StartAsync(unpackLimit);
        for (var i = 0; i < 6; i++)
            world.Source.Commit("a", $"{i}\n", $"b{i}", from: "main");
        FaultyObjects.Add(world.Source, kind, "faulty");
        var faulty = world.Source.HasRef("refs/tags/faulty") ? "refs/tags/faulty" : "refs/heads/faulty";
        var tap = new WireTap(world.DestinationServer);

        var report = await world.MirrorAsync();

        report.Status.ShouldBe(RepositoryStatus.Failed);
        report.Attempts.ShouldBe(1);
        report.Error!.Code.ShouldBe(ErrorCode.RefRejected);
        report.Error.Hint!.ShouldContain("git fsck");
        report.Refused.Single().Ref.ShouldBe(faulty);
        report.Refused.Single().Reason.ShouldContain(kind == "badTag" ? "missingSpaceBeforeEmail" : kind);
        RelayWorld.Mirrored(world.Destination).ShouldBe(RelayWorld.Mirrored(world.Source).Where(r => r.Key != faulty), ignoreOrder: true);
        world.Destination.Fsck();
        tap.Pushes.Select(commands => string.Join('\n', commands)).ShouldBeUnique(); // No pack is sent twice.

        var again = await world.MirrorAsync();
        again.Refused.Single().Ref.ShouldBe(faulty);
        again.Changes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_branch_that_moved_on_to_such_an_object_stays_where_it_was()
    {
        await using var world = await StartAsync();
        world.Source.Branch("faulty", "main");
        world.Source.Branch("sound", "main");
        var before = world.Source.Resolve("main");
        await world.MirrorWellAsync();
        FaultyObjects.Add(world.Source, "zeroPaddedFilemode", "faulty");
        world.Source.Commit("a", "2\n", "sound");

        var report = await world.MirrorAsync();

        report.Refused.Single().Ref.ShouldBe("refs/heads/faulty");
        report.Refs.Updated.ShouldBe(1);
        world.Destination.Resolve("refs/heads/faulty").ShouldBe(before);
        world.Destination.Resolve("refs/heads/sound").ShouldBe(world.Source.Resolve("refs/heads/sound"));
        world.Kept().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task Many_branches_that_share_such_an_ancestor_are_named_in_few_pushes_and_the_others_arrive(string hasFilters)
    {
        await using var world = await StartAsync();
        world.SourceServer.Configuration["uploadpack.allowFilter"] = hasFilters;
        for (var i = 0; i < 5; i++)
            world.Source.Commit("a", $"{i}\n");
        var culprit = FaultyObjects.Add(world.Source, "zeroPaddedFilemode", "faulty-00");
        world.Source.Commit("b", "1\n", "faulty-00");
        AddBranches(world, "faulty", count: 30, from: "refs/heads/faulty-00");
        AddBranches(world, "sound", count: 30, from: "refs/heads/main");

        var report = await world.MirrorAsync();

        var needy = RelayWorld.Mirrored(world.Source).Keys.Where(name => name.StartsWith("refs/heads/faulty", StringComparison.Ordinal)).ToArray();
        needy.Length.ShouldBe(31);
        report.Refused.Select(r => r.Ref).ShouldBe(needy, ignoreOrder: true);
        report.Refused.ShouldAllBe(r => r.Reason.Contains("zeroPaddedFilemode", StringComparison.Ordinal));
        RelayWorld.Mirrored(world.Destination).ShouldBe(RelayWorld.Mirrored(world.Source).Where(r => !needy.Contains(r.Key)), ignoreOrder: true);
        world.Destination.HasRef(RefPatternSet.PartTagName).ShouldBeFalse();
        if (hasFilters == "true")
        {
            report.Refused.ShouldAllBe(r => r.Reason.Contains(culprit, StringComparison.Ordinal));
            world.Pushes.Count.ShouldBeLessThan(20);
        }
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_looked_for_in_the_history_as_well()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Destination.Hook(
            "pre-receive",
            """
            while read old new name; do
              case $new in *[!0]*) git rev-list --objects $new --not --all | cut -d' ' -f1 | git cat-file --batch-check='%(objectsize)' | sort -n | tail -1 | { read size; [ "$size" -le 100000 ]; } || { echo "$name: files over 100 MB were found" >&2; exit 1; };; esac
            done
            """
        );
        world.Source.Commit("a", "0\n");
        world.Source.Commit("a", "1\n", "old");
        using (var import = world.Source.Import())
        {
            import.Reset("refs/heads/old", world.Source.Resolve("refs/heads/old")!);
            import.CommitRandom("old", "huge", 150_000, seed: 4);
            import.Complete();
        }

        var culprit = world.Source.Resolve("refs/heads/old")!;
        AddBranches(world, "aged", count: 30, from: "refs/heads/old");
        AddBranches(world, "sound", count: 10, from: "refs/heads/main");

        var report = await world.MirrorAsync(change: job =>
            job with
            {
                ExplainDestination = (_, text) =>
                    text.Contains("100 MB", StringComparison.Ordinal) ? new HostFailure(HostFailureKind.FileTooLarge, "Make it smaller.") : null,
            }
        );

        report.Error!.Code.ShouldBe(ErrorCode.TooLarge);
        report.Error.Hint.ShouldBe("Make it smaller.");
        report.Refused.Count.ShouldBe(31);
        report.Refused.ShouldAllBe(r => r.Reason.Contains(culprit, StringComparison.Ordinal));
        report.Refs.Created.ShouldBe(11);
        world.Pushes.Count.ShouldBeLessThan(20);
    }

    [Fact]
    public async Task A_part_of_a_history_that_is_refused_holds_back_only_what_comes_after_it()
    {
        await using var world = await StartAsync();
        world.Destination.Configure("receive.maxInputSize", "400000");
        Line(world, "long", 8);
        var culprit = FaultyObjects.Add(world.Source, "zeroPaddedFilemode", "faulty");
        world.Source.UpdateRef("refs/heads/main", culprit);
        world.Source.DeleteBranch("faulty");
        Line(world, "main", 8);

        var report = await world.MirrorAsync();

        report.Refused.Single().Ref.ShouldBe("refs/heads/main");
        world.Destination.Resolve("refs/heads/long").ShouldBe(world.Source.Resolve("refs/heads/long"));
        world.Destination.HasRef(RefPatternSet.PartTagName).ShouldBeFalse();
    }

    [Fact]
    public async Task A_machine_in_trouble_is_no_reason_to_try_every_ref()
    {
        await using var world = await StartAsync();
        for (var i = 0; i < 20; i++)
            world.Source.Commit("a", $"{i}\n", $"b{i}", from: "main");
        world.DestinationServer.Intercept = Interceptions.On(
            r => r.IsPushPost(),
            Interceptions.Answer(
                200,
                Interceptions.Pkt("\u0002fatal: unable to create temporary file: No space left on device\n")
                    + Interceptions.Pkt("\u0001" + Interceptions.Pkt("unpack index-pack abnormal exit\n") + "0000")
                    + "0000",
                "application/x-git-receive-pack-result"
            )
        );

        var report = await world.MirrorAsync();

        report.Error!.Code.ShouldBe(ErrorCode.RefRejected);
        report.Error.Message.ShouldContain("No space left");
        world.Pushes.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_destination_that_unpacks_nothing_is_asked_a_few_times_only()
    {
        await using var world = await StartAsync();
        for (var i = 0; i < 40; i++)
            world.Source.Commit("a", $"{i}\n", string.Create(CultureInfo.InvariantCulture, $"b{i:00}"), from: "main");
        world.DestinationServer.Intercept = Interceptions.On(
            r => r.IsPushPost(),
            Interceptions.Answer(
                200,
                Interceptions.Pkt("\u0001" + Interceptions.Pkt("unpack out of luck\n") + "0000") + "0000",
                "application/x-git-receive-pack-result"
            )
        );

        var report = await world.MirrorAsync();

        report.Error!.Code.ShouldBe(ErrorCode.RefRejected);
        report.Error.Message.ShouldContain("out of luck");
        report.Refused.Count.ShouldBe(41);
        world.Pushes.Count.ShouldBeLessThan(20);
        world.Destination.ForEachRef().ShouldBeEmpty();
    }

    private static async Task<RelayWorld> StartAsync(string unpackLimit = "100")
    {
        var world = await RelayWorld.StartAsync();
        world.Destination.Configure("receive.fsckObjects", "true").Configure("receive.unpackLimit", unpackLimit);
        world.Source.Commit("a", "1\n");
        return world;
    }

    /// <summary>Branches with a commit each, on a commit that all of them share.</summary>
    private static void AddBranches(RelayWorld world, string prefix, int count, string from)
    {
        var start = world.Source.Resolve(from)!;
        using var import = world.Source.Import();
        for (var i = 1; i <= count; i++)
            import.Commit(string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i:00}"), "c", $"{prefix} {i}\n", start);
        import.Complete();
    }

    private static void Line(RelayWorld world, string branch, int commits)
    {
        using var import = world.Source.Import();
        if (world.Source.Resolve($"refs/heads/{branch}") is { } start)
            import.Reset($"refs/heads/{branch}", start);
        for (var i = 0; i < commits; i++)
            import.CommitRandom(branch, $"{branch}-{i}", 100_000, seed: (ulong)((branch.Length * 1000) + i));
        import.Complete();
    }
}
