using MirrorAction.Mirroring.Reports;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>Somebody else writes at the same time.</summary>
public sealed class RaceTests
{
    [Fact]
    public async Task A_ref_that_moved_before_the_push_is_planned_again()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.Source.Branch("calm");
        await world.MirrorWellAsync();
        world.Source.Commit("a", "2\n");
        world.Source.Commit("a", "2\n", "calm");
        world.ClearRequests();
        string? theirs = null;
        world.DestinationServer.Intercept = Interceptions.Once(
            r => r.IsPushPost(),
            (_, next) =>
            {
                theirs = world.Destination.Commit("b", "theirs\n");
                return next();
            }
        );

        var report = await world.MirrorWellAsync();

        report.Attempts.ShouldBe(2);
        world.Pushes.Count.ShouldBe(3);
        world.Kept().Values.ShouldBe([theirs!]);
        world.Log.ShouldContain(m => m.Level == Mirroring.Runs.MessageLevel.Warning);
    }

    [Fact]
    public async Task A_branch_that_appeared_before_the_push_is_planned_again()
    {
        await using var world = await RelayWorld.StartAsync();
        var id = world.Source.Commit("a", "1\n");
        await world.MirrorWellAsync();
        world.Source.Commit("a", "2\n", "topic", from: id);
        world.DestinationServer.Intercept = Interceptions.Once(
            r => r.IsPushPost(),
            (_, next) =>
            {
                world.Destination.Commit("b", "theirs\n", "topic", from: id);
                return next();
            }
        );

        var report = await world.MirrorWellAsync();

        report.Attempts.ShouldBe(2);
        world.Kept().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_ref_that_moved_to_the_same_value_before_the_push_is_fine()
    {
        await using var world = await RelayWorld.StartAsync();
        var id = world.Source.Commit("a", "1\n");
        await world.MirrorWellAsync();
        world.Source.Branch("topic");
        world.DestinationServer.Intercept = Interceptions.Once(
            r => r.IsPushPost(),
            (_, next) =>
            {
                world.Destination.Branch("topic", id);
                return next();
            }
        );

        await world.MirrorWellAsync();
    }

    [Fact]
    public async Task A_ref_that_moves_every_time_fails_after_one_more_plan()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        await world.MirrorWellAsync();
        world.Source.Commit("a", "2\n");
        var count = 0;
        world.DestinationServer.Intercept = Interceptions.On(
            r => r.IsPushPost(),
            (_, next) =>
            {
                world.Destination.Commit("b", $"theirs {++count}\n");
                return next();
            }
        );

        var report = await world.MirrorAsync();

        report.Status.ShouldBe(RepositoryStatus.Failed);
        report.Error!.Code.ShouldBe(ErrorCode.RefRejected);
        report.Refused.Select(r => r.Ref).ShouldBe(["refs/heads/main"]);
        report.Attempts.ShouldBe(2);
        report.Verified.ShouldBeFalse();
    }

    [Fact]
    public async Task Two_mirrors_at_once_end_equal_and_tell_the_truth()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.Source.Branch("gone");
        await world.MirrorWellAsync();
        world.Source.DeleteBranch("gone");
        for (var i = 0; i < 20; i++)
            world.Source.Commit("a", $"{i}\n", $"b{i}", from: world.Source.Resolve("main"));
        world.Source.Commit("a", "2\n");

        // Both have made their plans before the first of them pushes.
        var plans = 0;
        var bothPlanned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        world.DestinationServer.Intercept = Interceptions.On(
            r => r.IsAdvertisement(),
            async (_, next) =>
            {
                await next();
                if (Interlocked.Increment(ref plans) >= 2)
                    bothPlanned.TrySetResult();
                else
                    await bothPlanned.Task.WaitAsync(TestContext.Current.CancellationToken);
            }
        );

        var reports = await Task.WhenAll(world.MirrorAsync(), world.MirrorAsync());

        world.ShouldBeEqual();
        foreach (var report in reports)
        {
            (report.Verified, report.Error).ShouldBe((true, null));
        }

        (await world.MirrorWellAsync()).Status.ShouldBe(RepositoryStatus.Unchanged);
    }
}
