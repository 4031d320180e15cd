using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>git's own server on both sides.</summary>
public sealed class HttpBackendServerTests : SmartHttpServerContract;

/// <summary>apache2 in front of git's own server: its buffering and its way with chunks.</summary>
public sealed class ApacheServerTests : SmartHttpServerContract
{
    protected override Task<IGitServer> StartSourceAsync() => StartAsync();

    protected override Task<IGitServer> StartDestinationAsync() => StartAsync();

    private static async Task<IGitServer> StartAsync()
    {
        Assert.SkipWhen(ApacheGitServer.SkipReason is not null, ApacheGitServer.SkipReason ?? "");
        return await ApacheGitServer.StartAsync();
    }
}

/// <summary>A receive-pack that is not git's.</summary>
public sealed class DulwichDestinationTests : SmartHttpServerContract
{
    protected override async Task<IGitServer> StartDestinationAsync()
    {
        Assert.SkipWhen(DulwichServer.SkipReason is not null, DulwichServer.SkipReason ?? "");
        return await DulwichServer.StartAsync();
    }
}

/// <summary>An upload-pack that is not git's and speaks protocol version 0 only.</summary>
public sealed class DulwichSourceTests : SmartHttpServerContract
{
    protected override async Task<IGitServer> StartSourceAsync()
    {
        Assert.SkipWhen(DulwichServer.SkipReason is not null, DulwichServer.SkipReason ?? "");
        return await DulwichServer.StartAsync();
    }
}
