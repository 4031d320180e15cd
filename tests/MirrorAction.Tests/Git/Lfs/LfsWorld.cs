using System.Security.Cryptography;
using MirrorAction.Git.Lfs;
using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Git.Lfs;

/// <summary>Two LFS servers and the relay between them.</summary>
internal sealed class LfsWorld : IAsyncDisposable
{
    internal const string Secret = "s3cr3t-of-the-repository";

    private readonly GitHttp _http = new(new GitHttpOptions { IdleTimeout = TimeSpan.FromSeconds(20) });
    private readonly List<LfsPointer> _stored = [];

    private LfsWorld(GitHttpBackend source, GitHttpBackend destination) => (SourceServer, DestinationServer) = (source, destination);

    internal GitHttpBackend SourceServer { get; }

    internal GitHttpBackend DestinationServer { get; }

    internal SandboxLfs Source => SandboxLfs.Of(SourceServer.Folder);

    internal SandboxLfs Destination => SandboxLfs.Of(DestinationServer.Folder);

    internal IReadOnlyList<LfsPointer> Stored => _stored;

    internal IReadOnlyList<string> Arrived => Destination.ObjectsOf("website");

    internal static async Task<LfsWorld> StartAsync() => new(await GitHttpBackend.StartAsync(), await GitHttpBackend.StartAsync());

    /// <summary>Puts an object into the source.</summary>
    internal LfsPointer Add(int length, ulong seed = 1)
    {
        var contents = new RandomBytes(seed).Take(length);
        return new LfsPointer(Source.Add("website", contents), length);
    }

    internal Task<LfsOutcome> MoveAsync(params LfsPointer[] objects) => MoveAsync(0, objects);

    internal Task<LfsOutcome> MoveAsync(int slots, IEnumerable<LfsPointer> objects)
    {
        var counter = new TransferCounter();
        var credential = StaticCredential.Basic("acme", Secret);
        var relay = new LfsRelay(
            new RemoteLfsSource(_http, new GitEndpoint(SourceServer.UrlOf("website"), credential), counter),
            new RemoteLfsStore(_http, new GitEndpoint(DestinationServer.UrlOf("website"), credential), counter),
            new TransferSlots(slots),
            TimeProvider.System
        )
        {
            RetryPause = TimeSpan.FromMilliseconds(1),
            Stored = pointer =>
            {
                lock (_stored)
                {
                    _stored.Add(pointer);
                }
            },
        };
        return relay.MoveAsync(objects, TestContext.Current.CancellationToken);
    }

    /// <summary>Nothing is at the destination, not even a part.</summary>
    internal void ShouldHaveStoredNothing()
    {
        Arrived.ShouldBeEmpty();
        _stored.ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await SourceServer.DisposeAsync();
        await DestinationServer.DisposeAsync();
    }
}
