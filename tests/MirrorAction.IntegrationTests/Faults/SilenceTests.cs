using Microsoft.AspNetCore.Http;
using MirrorAction.IntegrationTests.Relay;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary>Silence ends a conversation; a slow one goes on for as long as it needs.</summary>
public sealed class SilenceTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>Together longer than the patience, each of them much shorter.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private const int Pauses = 12;

    [Theory]
    [InlineData(4 << 20)]
    [InlineData(64 << 10)]
    public async Task Source_that_sends_only_keep_alives_for_longer_than_the_limit_is_waited_for(int packMemory)
    {
        await using var world = await StartAsync(FaultHistory.Medium, packMemory);
        var fetches = 0;

        // The last one is the pack's; one that the memory does not hold as a whole answers no question on its way.
        var last = packMemory > 64 << 10 ? 4 : 6;
        world.Origin.Intercept = Interceptions.On(
            r => r.IsUploadPackPost() && Interlocked.Increment(ref fetches) == last,
            KeepAlivesAtTheStartAndInTheMiddle
        );

        var report = await world.RunAsync();

        HoldMirrored(world, report);
        fetches.ShouldBe(last);
    }

    [Theory]
    [InlineData(Stage.ListSource)]
    [InlineData(Stage.ListDestination)]
    [InlineData(Stage.LsRefs)]
    [InlineData(Stage.Advertisement)]
    [InlineData(Stage.Fetch)]
    [InlineData(Stage.Report)]
    public async Task Answer_that_comes_slowly_may_take_longer_than_the_limit(Stage stage)
    {
        await using var world = await StartAsync(FaultHistory.Small, 4 << 20);
        var (which, nth) = stage.Requests();
        var proxy = stage.IsSource() ? world.SourceProxy : world.DestinationProxy;
        proxy.Arm(new DripFault(FaultDirection.Down, 24, s_pause, OfBody: true), which, nth);

        var report = await world.RunAsync();

        HoldMirrored(world, report);
        proxy.Hits.ShouldBe(1);
        proxy
            .Requests.Count(which)
            .ShouldBe(
                stage switch
                {
                    Stage.Fetch or Stage.LsRefs => 4,
                    Stage.Advertisement or Stage.Report => 2,
                    _ => 1,
                }
            );
    }

    [Theory]
    [InlineData(Stage.FetchLarge)]
    [InlineData(Stage.PushLarge)]
    public async Task Silence_names_who_was_silent(Stage stage)
    {
        await using var world = await StartAsync(FaultHistory.Medium, 64 << 10);
        world.MaxAttempts = 1;
        var (which, nth) = stage.Requests();
        var proxy = stage.IsSource() ? world.SourceProxy : world.DestinationProxy;
        proxy.Arm(new WireFault(stage.IsSource() ? FaultDirection.Down : FaultDirection.Up, FaultEnding.Stall, 100_000, OfBody: true), which, nth);

        var report = await world.RunAsync();

        var error = report.Repositories.Single().Error.ShouldNotBeNull();
        error.Code.ShouldBe(ErrorCode.Timeout);
        error.Message.ShouldStartWith(proxy.Url.Authority);
    }

    private static async Task<FaultWorld> StartAsync(FaultHistory history, int packMemory)
    {
        var world = await FaultWorld.StartAsync(history, hurry: 1);
        world.Patience = s_patience;
        world.PackMemory = packMemory;
        return world;
    }

    private static void HoldMirrored(FaultWorld world, RunReport report)
    {
        var repository = report.Repositories.ShouldHaveSingleItem();
        repository.Error.ShouldBeNull();
        repository.Attempts.ShouldBe(1);
        repository.Verified.ShouldBeTrue();
        world.DifferencesOfMirror().ShouldBeEmpty();
    }

    private static async Task KeepAlivesAtTheStartAndInTheMiddle(HttpContext context, Func<Task> next)
    {
        var output = context.Response.Body;
        var answer = new MemoryStream();
        context.Response.Body = answer;
        await next();
        context.Response.Body = output;
        var packets = GitAnswers.Split(answer.ToArray());
        var first = packets.FindIndex(p => p is [_, _, _, _, 1, ..]);
        foreach (var (index, packet) in packets.Index())
        {
            for (var i = 0; (index == first || index == packets.Count - 2) && i < Pauses; i++)
            {
                await output.WriteAsync(GitAnswers.KeepAlive, context.RequestAborted);
                await output.FlushAsync(context.RequestAborted);
                await Task.Delay(s_pause, TimeProvider.System, context.RequestAborted);
            }

            await output.WriteAsync(packet, context.RequestAborted);
            await output.FlushAsync(context.RequestAborted);
        }
    }
}
