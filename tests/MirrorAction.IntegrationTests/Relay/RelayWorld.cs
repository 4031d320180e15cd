using System.Collections.Concurrent;
using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;
using MirrorAction.Mirroring.Mirror;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>A source and a destination, each one repository behind a real server, and the mirror between them.</summary>
public sealed class RelayWorld : IAsyncDisposable
{
    private const string Name = "website";

    private readonly IGitServer _source;
    private readonly IGitServer _destination;
    private readonly GitHttp _http;

    private RelayWorld(IGitServer source, IGitServer destination, string sourceFormat, string destinationFormat)
    {
        _source = source;
        _destination = destination;
        Source = source.Create(Name, sourceFormat);
        Destination = destination.Create(Name, destinationFormat);
        _http = new GitHttp(new GitHttpOptions { Trace = Trace.Enqueue });
    }

    /// <summary>The source's <c>git http-backend</c>; fails where another program serves.</summary>
    public GitHttpBackend SourceServer => (GitHttpBackend)_source;

    /// <summary>The destination's <c>git http-backend</c>; fails where another program serves.</summary>
    public GitHttpBackend DestinationServer => (GitHttpBackend)_destination;

    public GitRepository Source { get; }

    public GitRepository Destination { get; }

    public Uri SourceUrl => _source.UrlOf(Name);

    public Uri DestinationUrl => _destination.UrlOf(Name);

    /// <summary>What the time is for the mirror.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    public ConcurrentQueue<string> Trace { get; } = [];

    public ConcurrentQueue<RunMessage> Log { get; } = [];

    /// <summary>The pushes that the destination saw, without probes.</summary>
    public IReadOnlyList<RecordedRequest> Pushes => [.. DestinationServer.Requests.Where(r => r is { IsPush: true, RequestBytes: > 4 })];

    /// <summary>Both behind <c>git http-backend</c>.</summary>
    public static async Task<RelayWorld> StartAsync(string sourceFormat = "sha1", string? destinationFormat = null) =>
        new(await GitHttpBackend.StartAsync(), await GitHttpBackend.StartAsync(), sourceFormat, destinationFormat ?? sourceFormat);

    /// <summary>Both behind <c>git http-backend</c>, mirrored once; what was asked for that is forgotten.</summary>
    /// <param name="arrange">Fills the source, and sets up the destination.</param>
    public static async Task<RelayWorld> StartMirroredAsync(Action<RelayWorld> arrange)
    {
        var world = await StartAsync();
        arrange(world);
        await world.MirrorWellAsync();
        world.ClearRequests();
        return world;
    }

    /// <summary>Main gets another last commit.</summary>
    public void RewriteMain()
    {
        Source.ResetHard("main", "main^");
        Source.Commit("b", "rewritten\n");
    }

    /// <summary>Between any two servers, which are owned from here on.</summary>
    public static RelayWorld Between(IGitServer source, IGitServer destination) => new(source, destination, "sha1", "sha1");

    /// <summary>Mirrors once; the change is made to the job that <c>sync</c> would run.</summary>
    public Task<RepositoryReport> MirrorAsync(
        RefOptions? options = null,
        Func<RepositoryJob, RepositoryJob>? change = null,
        CancellationToken? cancellationToken = null
    )
    {
        var job = new RepositoryJob
        {
            SourceName = "acme/website",
            DestinationName = "acme-mirror/website",
            Source = new GitEndpoint(SourceUrl),
            Destination = new GitEndpoint(DestinationUrl),
            Options = options ?? new RefOptions(),
            Ownership = Ownership.Own,
            RetryPause = TimeSpan.FromMilliseconds(1),
        };
        return new RepositoryMirror(_http, change?.Invoke(job) ?? job, Time, Log.Enqueue).RunAsync(
            cancellationToken ?? TestContext.Current.CancellationToken
        );
    }

    /// <summary>Mirrors, and both sides are equal.</summary>
    public async Task<RepositoryReport> MirrorWellAsync(RefOptions? options = null, Func<RepositoryJob, RepositoryJob>? change = null)
    {
        var report = await MirrorAsync(options, change);
        report.Error.ShouldBeNull();
        report.Verified.ShouldBeTrue();
        ShouldBeEqual();
        return report;
    }

    /// <summary>Both sides have the same branches and tags, kept tips aside, and the destination is sound.</summary>
    public void ShouldBeEqual()
    {
        Mirrored(Destination).ShouldBe(Mirrored(Source), ignoreOrder: true);
        Destination.Fsck();
    }

    public static Dictionary<string, string> Mirrored(GitRepository repository) =>
        repository.BranchesAndTags().Where(r => !r.Key.StartsWith(RefPatternSet.KeptPrefix, StringComparison.Ordinal)).ToDictionary();

    /// <summary>The values that the destination keeps.</summary>
    public IReadOnlyDictionary<string, string> Kept() => Destination.ForEachRef(RefPatternSet.KeptPrefix);

    public void ClearRequests()
    {
        SourceServer.ClearRequests();
        DestinationServer.ClearRequests();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _source.DisposeAsync();
        await _destination.DisposeAsync();
    }
}
