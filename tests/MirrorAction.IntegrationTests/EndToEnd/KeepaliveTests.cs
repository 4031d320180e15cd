using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.EndToEnd;

/// <summary>A mirror that got no push for long is touched, and nothing in it is another one after that.</summary>
public sealed class KeepaliveTests : IAsyncLifetime
{
    private ActionWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ActionWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Only_a_mirror_that_is_quiet_for_so_long_is_touched_by_a_tag_that_does_not_stay()
    {
        foreach (var name in new[] { "quiet", "busy", "fresh" })
            _world.GitHub.AddRepository("acme", name).Git.Commit("README.md", $"{name}\n");
        _world.Inputs["keepalive-days"] = "30";
        await RunAsync();
        Mirror("quiet").UpdatedOn = Mirror("busy").UpdatedOn = DateTimeOffset.UtcNow.AddDays(-31);
        _world.GitHub.Find("acme", "busy")!.Git.Commit("README.md", "more\n");
        var before = Mirror("quiet").Git.ForEachRef();

        var outcome = await RunAsync();

        outcome.Output.ShouldContain("acme-mirror/quiet, which was last changed on");
        Pushes("quiet").ShouldBe(2); // The tag is made, and deleted.
        Pushes("busy").ShouldBe(1);
        Pushes("fresh").ShouldBe(0);
        Mirror("quiet").Git.ForEachRef().ShouldBe(before);
        ((string?)_world.ReportOf("acme/quiet")["status"], _world.ReportOf("acme/quiet")["warnings"]).ShouldBe(("unchanged", null));

        // A touch that broke off left its tag: deleting it is enough.
        Mirror("quiet").Git.UpdateRef("refs/tags/mirror-kept/keepalive", before["refs/heads/main"]);
        Mirror("quiet").UpdatedOn = DateTimeOffset.UtcNow.AddDays(-31);
        await RunAsync();
        Pushes("quiet").ShouldBe(1);
        Mirror("quiet").Git.ForEachRef().ShouldBe(before);

        Mirror("quiet").UpdatedOn = DateTimeOffset.UtcNow.AddDays(-31);
        _world.Inputs.Remove("keepalive-days");
        await RunAsync();
        Pushes("quiet").ShouldBe(0);
    }

    private int Pushes(string slug) =>
        _world.Bitbucket.Requests.Count(request => request is { Method: "POST", IsPush: true } && request.Path.Contains($"/{slug}.git/"));

    private SandboxBitbucketRepository Mirror(string slug) => _world.Bitbucket.Find("acme-mirror", slug).ShouldNotBeNull();

    private async Task<ActionOutcome> RunAsync()
    {
        var outcome = await _world.RunAsync();
        outcome.ExitCode.ShouldBe(0, outcome.Text);
        return outcome;
    }
}
