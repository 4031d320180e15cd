namespace MirrorAction.IntegrationTests.PushMirror;

public sealed class RepositoryMirrorTests : PushMirrorContract
{
    protected override async Task MirrorAsync()
    {
        var report = await World.MirrorAsync();
        report.Error.ShouldBeNull();
        report.Verified.ShouldBeTrue();
    }
}
