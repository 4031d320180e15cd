using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.PushMirror;

/// <summary>The same through the program's <c>sync</c> command, with nothing given but the two URLs.</summary>
public sealed class SyncCommandTests : PushMirrorContract
{
    protected override async Task MirrorAsync()
    {
        using var folder = new TempFolder("sync-");
        string[] arguments = ["sync", World.SourceServer.UrlOf("website").AbsoluteUri, World.DestinationServer.UrlOf("website").AbsoluteUri];
        var outcome = await ActionProcess.RunAsync(arguments, new Dictionary<string, string>(), folder.Path);
        outcome.ExitCode.ShouldBe(0, outcome.Text);
    }
}
