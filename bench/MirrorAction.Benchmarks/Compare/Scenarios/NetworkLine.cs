using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks.Compare.Scenarios;

/// <summary>A network before both hosts: all URLs that they give lead through it until it is disposed of.</summary>
internal sealed class NetworkLine : IAsyncDisposable
{
    private readonly SandboxGitHub _gitHub;
    private readonly SandboxBitbucket _bitbucket;
    private readonly Uri _gitHubUrl;
    private readonly Uri _bitbucketUrl;
    private readonly ShapingProxy[] _proxies = [];

    internal NetworkLine(SandboxGitHub gitHub, SandboxBitbucket bitbucket, Network network)
    {
        (_gitHub, _gitHubUrl) = (gitHub, gitHub.ServerUrl);
        (_bitbucket, _bitbucketUrl) = (bitbucket, bitbucket.GitUrl);
        if (network == Network.Loopback)
            return;
        _proxies = [.. ((Uri[])[_gitHubUrl, _bitbucketUrl]).Select(url => ShapingProxy.Start(url, network.RoundTrip, network.BytesPerSecond))];
        (gitHub.ServerUrl, bitbucket.GitUrl) = (_proxies[0].Url, _proxies[1].Url);
    }

    public async ValueTask DisposeAsync()
    {
        (_gitHub.ServerUrl, _bitbucket.GitUrl) = (_gitHubUrl, _bitbucketUrl);
        foreach (var proxy in _proxies)
            await proxy.DisposeAsync();
    }
}
