using MirrorAction.Git.Transport;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.Mirroring.Doctor;
using MirrorAction.Mirroring.Drill;
using MirrorAction.Mirroring.Proof;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.IntegrationTests.Drill;

/// <summary>A drill of one repository in this process, so that a test can look at what lies there for a moment.</summary>
internal static class DrillWorld
{
    /// <summary>Drills; the log is told while the restored repository is still there.</summary>
    internal static async Task<RepositoryReport> DrillAsync(
        ActionWorld world,
        string name,
        string folder,
        Action<string> log,
        Action<string>? prepare = null
    )
    {
        var token = TestContext.Current.CancellationToken;
        using var rest = RestTransport.CreateClient();
        using var git = new GitHttp(new GitHttpOptions());
        var github = new GitHubSource(
            rest,
            new GitHubOptions
            {
                ApiUrl = world.GitHub.ApiUrl,
                ServerUrl = world.GitHub.ServerUrl,
                Token = world.GitHub.FullToken,
            },
            TimeProvider.System,
            _ => { },
            _ => { }
        );
        var bitbucket = new BitbucketDestination(
            rest,
            new BitbucketOptions
            {
                ApiUrl = world.Bitbucket.ApiUrl,
                GitUrl = world.Bitbucket.GitUrl,
                Workspace = "acme-mirror",
                Token = world.Bitbucket.Token,
            },
            TimeProvider.System,
            _ => { },
            _ => { }
        );
        var options = new MirrorOptions { Owners = ["acme"] };
        var context = new RunContext(github, bitbucket, git, options, new SilentObserver(null!), TimeProvider.System, "test");
        var listed = await github.ListAsync("acme", token);
        var selection = new RepositorySelection(listed, await bitbucket.ListAsync(token), options, bitbucket.SlugFor);
        using var scratch = new ScratchFolder("drill", folder, TimeProvider.System.GetUtcNow(), _ => { });
        prepare?.Invoke(scratch.For(name));
        var pair = new RepositoryPair(context, selection, listed.Repositories.Single(r => r.Name == name));
        return await new RepositoryDrill(context, pair, scratch, null, message => log(message.Text)).RunAsync(token);
    }
}
