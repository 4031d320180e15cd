using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary>Some cells of the matrix through the real program, with no setting but addresses.</summary>
public sealed class FaultProcessTests
{
    [Theory]
    [InlineData(Stage.ListSource, "502 page", null)]
    [InlineData(Stage.Create, "cut in the answer's body", null)]
    [InlineData(Stage.Fetch, "reset in the answer's body", null)]
    [InlineData(Stage.PushSmall, "429, Retry-After: 2", null)]
    [InlineData(Stage.Report, "502 page in place of it", null)]
    [InlineData(Stage.LsRefs, "401", "source-unauthorized")]
    [InlineData(Stage.Advertisement, "302 to another host", "protocol")]
    public async Task Fault_between_the_program_and_a_host(Stage stage, string name, string? code)
    {
        await using var world = await ActionWorld.StartAsync();
        FaultHistory.Small.CopyNow(world.GitHub.AddRepository("acme", "website").Git.Path);
        await using var hosts = ProxiedHosts.Before(world);
        var proxy = stage.IsSource() ? hosts.GitHub : hosts.Bitbucket;
        var (which, nth) = stage.Requests();

        // A new mirror needs no proof of what moved forward, and keeps nothing.
        proxy.Arm(
            hosts.Find(stage, name),
            which,
            stage switch
            {
                Stage.PushSmall or Stage.Report => 1,
                _ => nth,
            }
        );

        var faulty = await world.RunAsync();

        proxy.Hits.ShouldBe(1);
        faulty.ExitCode.ShouldBe(code is null ? 0 : 1, faulty.Text);
        ((string?)world.ReportOf("acme/website")["error"]?["code"]).ShouldBe(code, faulty.Text);
        world.GitHub.WriteAttempts.ShouldBeEmpty();
        hosts.Elsewhere.Connections.ShouldBe(0);
        foreach (var secret in new[] { world.GitHub.FullToken, world.Bitbucket.Token })
        {
            var log = string.Join('\n', faulty.Text.Split('\n').Where(l => !l.StartsWith("::add-mask::", StringComparison.Ordinal)));
            (log + world.Summary + world.Outputs + world.Report.ToJsonString()).ShouldNotContain(secret);
        }

        proxy.Disarm();
        var next = await world.RunAsync();
        next.ExitCode.ShouldBe(0, next.Text);
        MirrorComparison.Compare(world.GitHub, "acme", world.Bitbucket, "acme-mirror").ShouldBeEmpty();
    }
}
