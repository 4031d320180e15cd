using MirrorAction.IntegrationTests.Faults;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Restore;

/// <summary>Some faults of the matrix on the way back, through the real program.</summary>
public sealed class RestoreFaultTests
{
    [Theory]
    [InlineData(Stage.ListSource, "502 page", null)]
    [InlineData(Stage.ListDestination, "502 page", null)]
    [InlineData(Stage.Create, "502 page", null)]
    [InlineData(Stage.Create, "cut in the answer's body", null)]
    [InlineData(Stage.Fetch, "reset in the answer's body", null)]
    [InlineData(Stage.PushSmall, "429, Retry-After: 2", null)]
    [InlineData(Stage.Report, "502 page in place of it", null)]
    [InlineData(Stage.MainBranch, "502 page", null)]
    [InlineData(Stage.LsRefs, "401", "source-unauthorized")]
    [InlineData(Stage.Advertisement, "302 to another host", "protocol")]
    public async Task Fault_is_told_truthfully_and_mended_by_the_next_run(Stage stage, string name, string? code)
    {
        await using var world = await RestoreWorld.StartAsync();
        var original = world.GitHub.AddRepository("acme", "Website");
        original.Description = "Ours";
        FaultHistory.Small.CopyNow(original.Git.Path);
        await world.MirrorAsync();
        await using var hosts = ProxiedHosts.Before(world.Action);
        var proxy = stage.IsSource() ? hosts.Bitbucket : hosts.GitHub;
        var (which, nth) = new RestoreCommand().Requests(stage, new HostRequests("bitbucket", "acme-mirror"), new HostRequests("github", "acme-new"));
        proxy.Arm(hosts.Find(stage, name), which, nth);

        await world.RestoreAsync(exitCode: code is null ? 0 : 1);

        proxy.Hits.ShouldBe(1);
        ((string?)world.Action.ReportOf("acme-mirror/website")["error"]?["code"]).ShouldBe(code);
        hosts.Elsewhere.Connections.ShouldBe(0);
        proxy.Disarm();
        await world.RestoreAsync();
        world.ShouldBeRestored(original);
    }
}
