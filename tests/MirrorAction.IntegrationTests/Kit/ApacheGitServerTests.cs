using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Kit;

public sealed class ApacheGitServerTests : GitServerContract
{
    protected override async Task<IGitServer> StartAsync()
    {
        Assert.SkipWhen(ApacheGitServer.SkipReason is not null, ApacheGitServer.SkipReason ?? "");
        return await ApacheGitServer.StartAsync();
    }

    [Fact]
    public async Task A_login_is_demanded_when_there_is_one()
    {
        await using var server = await ApacheGitServer.StartAsync(new BasicLogin("mirror", "s3cret"));
        server.Create("site").Commit("a", "1\n");
        var url = server.UrlOf("site").AbsoluteUri;

        (await RealGit.TryAsync(Temp.Path, ["ls-remote", url])).ExitCode.ShouldNotBe(0);
        var refs = await RealGit.RunAsync(Temp.Path, "ls-remote", url.Replace("http://", "http://mirror:s3cret@", StringComparison.Ordinal));
        refs.ShouldContain("refs/heads/main");
    }
}
