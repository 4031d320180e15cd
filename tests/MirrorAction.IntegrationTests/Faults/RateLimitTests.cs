using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary>Git servers that want fewer requests: waited for as long as the run lasts, and no longer.</summary>
public sealed class RateLimitTests
{
    [Theory]
    [InlineData(Stage.LsRefs, 429)]
    [InlineData(Stage.Fetch, 429)]
    [InlineData(Stage.PushSmall, 429)]
    [InlineData(Stage.PushSmall, 503)]
    public async Task Wait_that_ends_within_the_run_is_waited_for(Stage stage, int status)
    {
        await using var world = await FaultWorld.StartAsync(FaultHistory.Small, hurry: 5000);
        world.Timeout = TimeSpan.FromDays(30); // Of that time: ten minutes for a machine that is busy.
        var proxy = Arm(world, stage, new HttpAnswer(status).With("Retry-After", "3600"));

        var report = await world.RunAsync();

        report.Result.ShouldBe(RunResult.Success);
        report.DurationMs.ShouldBeGreaterThan(3_600_000);
        proxy.Hits.ShouldBe(1);
        if (status == 429)
        {
            world.Said.ShouldContain(t => t.Contains($"{proxy.Url.Authority} rate limit: resuming at ") && t.EndsWith(" UTC"));
        }
    }

    [Theory]
    [InlineData("7200")]
    [InlineData("2147483647")]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT")]
    public async Task Wait_that_outlasts_the_run_ends_it_with_what_it_has(string retryAfter)
    {
        await using var world = await FaultWorld.StartAsync(FaultHistory.Small, hurry: 60);
        world.Timeout = TimeSpan.FromHours(1);
        world.Origin.Add("other").Commit("README.md", "other\n");
        var proxy = Arm(world, Stage.LsRefs, new HttpAnswer(429).With("Retry-After", retryAfter), "/acme/website.git");

        var report = await world.RunAsync();

        report.Result.ShouldBe(RunResult.Partial);
        report.Repositories.Single(r => r.Source == "acme/other").Verified.ShouldBeTrue();
        var error = report.Repositories.Single(r => r.Source == "acme/website").Error.ShouldNotBeNull();
        error.Code.ShouldBe(ErrorCode.RateLimited);
        error.Hint.ShouldNotBeNull().ShouldContain("UTC, which is later than this run lasts");
        proxy.Hits.ShouldBe(1);
        report.DurationMs.ShouldBeLessThan(3_600_000);
    }

    [Fact]
    public async Task Secondary_limit_of_git_is_a_rate_limit_whatever_its_status()
    {
        await using var world = await FaultWorld.StartAsync(FaultHistory.Small, hurry: 500);
        var answer = new HttpAnswer(
            403,
            "text/plain",
            "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."u8.ToArray()
        );
        var proxy = Arm(world, Stage.LsRefs, answer);

        var report = await world.RunAsync();

        report.Result.ShouldBe(RunResult.Success);
        report.DurationMs.ShouldBeGreaterThan(60_000);
        proxy.Hits.ShouldBe(1);
    }

    private static FaultProxy Arm(FaultWorld world, Stage stage, HttpAnswer answer, string path = "")
    {
        var (which, nth) = stage.Requests();
        var proxy = stage.IsSource() ? world.SourceProxy : world.DestinationProxy;
        proxy.Arm(new AnswerFault(answer), h => which(h) && h.Path.StartsWith(path, StringComparison.Ordinal), nth);
        return proxy;
    }
}
