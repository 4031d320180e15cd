using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary>A proxy before each sandbox host, through which the program is led by its inputs, and another host to which nobody should come.</summary>
internal sealed class ProxiedHosts : IAsyncDisposable
{
    private ProxiedHosts(ActionWorld world)
    {
        GitHub = FaultProxy.Start(world.GitHub.ServerUrl);
        Bitbucket = FaultProxy.Start(world.Bitbucket.GitUrl);
        world.Inputs["github-api-url"] = new Uri(GitHub.Url, "api/v3/").AbsoluteUri;
        world.Inputs["github-server-url"] = GitHub.Url.AbsoluteUri;
        world.Inputs["bitbucket-api-url"] = new Uri(Bitbucket.Url, "2.0/").AbsoluteUri;
        world.Inputs["bitbucket-git-url"] = Bitbucket.Url.AbsoluteUri;
    }

    public FaultProxy GitHub { get; }

    public FaultProxy Bitbucket { get; }

    public WireServer Elsewhere { get; } = WireServer.Answering(_ => new WireAnswer(200, "text/plain", ""));

    /// <summary>Leads the program through the proxies from its next run on.</summary>
    public static ProxiedHosts Before(ActionWorld world) => new(world);

    /// <summary>The fault of this name at a stage.</summary>
    public Fault Find(Stage stage, string name) => FaultCatalog.Of(stage, Elsewhere.Url, DateTimeOffset.UtcNow).Single(f => f.Name == name).Fault;

    public async ValueTask DisposeAsync()
    {
        await GitHub.DisposeAsync();
        await Bitbucket.DisposeAsync();
        await Elsewhere.DisposeAsync();
    }
}
