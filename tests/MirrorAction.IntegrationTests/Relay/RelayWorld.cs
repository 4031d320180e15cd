using MirrorAction.Git;
using MirrorAction.Git.Http;
using MirrorAction.Mirroring;
using MirrorAction.Mirroring.Reporting;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>A source and a destination, each one repository behind real <c>git http-backend</c>, and the mirror between them.</summary>
public sealed class RelayWorld : IAsyncDisposable
{
    private readonly GitHttp _http;

    private RelayWorld(GitHttpBackend source, GitHttpBackend destination, string objectFormat)
    {
        SourceServer = source;
        DestinationServer = destination;
        Source = source.Create("website", objectFormat).Configure("uploadpack.allowFilter", "true").Configure("uploadpack.allowAnySHA1InWant", "true");
        Destination = destination.Create("website", objectFormat);
        _http = new GitHttp(new GitHttpOptions { Trace = Trace.Add });
    }

    public GitHttpBackend SourceServer { get; }

    public GitHttpBackend DestinationServer { get; }

    public GitRepository Source { get; }

    public GitRepository Destination { get; }

    public List<string> Trace { get; } = [];

    public List<RunMessage> Log { get; } = [];

    public static async Task<RelayWorld> StartAsync(string objectFormat = "sha1") =>
        new(await GitHttpBackend.StartAsync(), await GitHttpBackend.StartAsync(), objectFormat);

    /// <summary>Mirrors once; the change is made to the job that <c>sync</c> would run.</summary>
    public Task<RepositoryReport> MirrorAsync(RefOptions? options = null, Func<RepositoryJob, RepositoryJob>? change = null)
    {
        var job = new RepositoryJob
        {
            SourceName = "acme/website",
            DestinationName = "acme-mirror/website",
            Source = new GitEndpoint(SourceServer.UrlOf("website")),
            Destination = new GitEndpoint(DestinationServer.UrlOf("website")),
            Options = options ?? new RefOptions(),
            IsOwnMirror = true,
            RetryPause = TimeSpan.FromMilliseconds(1),
        };
        return new RepositoryMirror(_http, change?.Invoke(job) ?? job, TimeProvider.System, Log.Add).RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Both sides have the same branches and tags, kept tips aside, and the destination is sound.</summary>
    public void ShouldBeEqual()
    {
        Mirrored(Destination).ShouldBe(Mirrored(Source), ignoreOrder: true);
        Destination.Fsck();
    }

    public static Dictionary<string, string> Mirrored(GitRepository repository) =>
        repository.BranchesAndTags().Where(r => !r.Key.StartsWith(RefPatternSet.KeptPrefix, StringComparison.Ordinal)).ToDictionary();

    public void ClearRequests()
    {
        SourceServer.ClearRequests();
        DestinationServer.ClearRequests();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await SourceServer.DisposeAsync();
        await DestinationServer.DisposeAsync();
    }
}
