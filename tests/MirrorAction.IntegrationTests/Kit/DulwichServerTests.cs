using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Kit;

public sealed class DulwichServerTests : GitServerContract
{
    protected override async Task<IGitServer> StartAsync()
    {
        Assert.SkipWhen(DulwichServer.SkipReason is not null, DulwichServer.SkipReason ?? "");
        return await DulwichServer.StartAsync();
    }
}
