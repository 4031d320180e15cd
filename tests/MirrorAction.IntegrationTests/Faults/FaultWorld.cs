using System.Collections.Concurrent;
using System.Globalization;
using MirrorAction.Git;
using MirrorAction.Git.Http;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Hosts.Http;
using MirrorAction.Mirroring;
using MirrorAction.Mirroring.Reporting;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary>Both hosts with one repository, a proxy before each, and the whole engine between them, in a hurried time.</summary>
internal sealed class FaultWorld : IAsyncDisposable, IRunObserver
{
    private readonly ConcurrentQueue<string> _said = [];

    private FaultWorld(SandboxGitHub gitHub, SandboxBitbucket bitbucket, int hurry)
    {
        GitHub = gitHub;
        Bitbucket = bitbucket;
        SourceProxy = FaultProxy.Start(gitHub.ServerUrl);
        DestinationProxy = FaultProxy.Start(bitbucket.GitUrl);
        Hurry = hurry;
        Time = new HurriedTime(hurry);
    }

    public SandboxGitHub GitHub { get; }

    public SandboxBitbucket Bitbucket { get; }

    public FaultProxy SourceProxy { get; }

    public FaultProxy DestinationProxy { get; }

    /// <summary>Another host; whoever comes here was led astray.</summary>
    public WireServer Elsewhere { get; } = WireServer.Answering(_ => new WireAnswer(200, "text/plain", ""));

    public int Hurry { get; }

    public TimeProvider Time { get; }

    /// <summary>Silence that is allowed, by the machine's clock.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(20);

    public int PackMemory { get; set; } = 4 << 20;

    public int MaxAttempts { get; set; } = 4;

    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(330);

    /// <summary>Everything that the run's user reads while it goes.</summary>
    public IReadOnlyCollection<string> Said => _said;

    public SandboxGitHubRepository Source => GitHub.Repositories[0];

    /// <summary>The destination's refs; none when it does not exist.</summary>
    public IReadOnlyDictionary<string, string> Mirrored =>
        Bitbucket.Repositories is [var repository] ? repository.Git.ForEachRef() : new Dictionary<string, string>();

    /// <summary>What must never be read anywhere.</summary>
    public IEnumerable<string> Secrets =>
        from secret in new[] { GitHub.FullToken, Bitbucket.Token }
        from form in new[] { secret, new BasicLogin("x-access-token", secret).Header[6..], new BasicLogin("x-token-auth", secret).Header[6..] }
        select form;

    public static async Task<FaultWorld> StartAsync(FaultHistory history, bool isMissing, int hurry)
    {
        var world = new FaultWorld(await SandboxGitHub.StartAsync(), await SandboxBitbucket.StartAsync(), hurry);
        var source = world.GitHub.AddRepository("acme", "website");
        history.CopyNow(source.Git.Path);
        if (!isMissing)
        {
            var mirror = world.Bitbucket.AddRepository("acme-mirror", "website");
            mirror.Description = string.Create(CultureInfo.InvariantCulture, $"Mirror of github.com/acme/website (id {source.Id})");
            history.CopyThen(mirror.Git.Path);
        }

        return world;
    }

    public async Task<RunReport> RunAsync()
    {
        _said.Clear();
        using var rest = RestTransport.CreateClient();
        using var git = new GitHttp(new GitHttpOptions { Time = Time, IdleTimeout = Patience * Hurry, ReportTimeout = Patience * Hurry, PackMemory = PackMemory });
        var deadline = Time.GetUtcNow() + Timeout;
        var source = new GitHubOptions
        {
            ApiUrl = new Uri(SourceProxy.Url, "api/v3/"),
            ServerUrl = SourceProxy.Url,
            Token = GitHub.FullToken,
            Deadline = deadline,
            IdleTimeout = Patience * Hurry,
        };
        var destination = new BitbucketOptions
        {
            ApiUrl = new Uri(DestinationProxy.Url, "2.0/"),
            GitUrl = DestinationProxy.Url,
            Workspace = "acme-mirror",
            Token = Bitbucket.Token,
            Deadline = deadline,
            IdleTimeout = Patience * Hurry,
        };
        var options = new MirrorOptions { Owners = ["acme"], Timeout = Timeout, Refs = new RefOptions { MaxAttempts = MaxAttempts } };
        var context = new RunContext(
            new GitHubClient(rest, source, Time, _said.Enqueue), new BitbucketClient(rest, destination, Time, _said.Enqueue), git, options, this, Time, "1.0.0");
        return await new OrganizationMirror(context).RunAsync(TestContext.Current.CancellationToken);
    }

    void IRunObserver.Selected(int selected, int leftOut, Shard? shard)
    {
    }

    void IRunObserver.Started(string source)
    {
    }

    void IRunObserver.Transferred(string source, long packBytes)
    {
    }

    void IRunObserver.Finished(int done, int total, RepositoryReport report, IReadOnlyList<RunMessage> log)
    {
        foreach (var message in log)
        {
            _said.Enqueue(message.Text);
        }
    }

    void IRunObserver.Say(RunMessage message) => _said.Enqueue(message.Text);

    void IRunObserver.Hide(string secret)
    {
    }

    public async ValueTask DisposeAsync()
    {
        await SourceProxy.DisposeAsync();
        await DestinationProxy.DisposeAsync();
        await Elsewhere.DisposeAsync();
        await GitHub.DisposeAsync();
        await Bitbucket.DisposeAsync();
    }
}
