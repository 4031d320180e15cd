using System.Globalization;
using MirrorAction.Git.Transport;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Http;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Selection;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary>Both hosts with one repository, a proxy before each, and the whole engine between them, in a hurried time.</summary>
internal sealed class FaultWorld : IAsyncDisposable
{
    private FaultWorld(FaultCommand command, SandboxGitHub gitHub, SandboxBitbucket bitbucket, int hurry)
    {
        Command = command;
        GitHub = gitHub;
        Bitbucket = bitbucket;
        GitHubProxy = FaultProxy.Start(gitHub.ServerUrl);
        BitbucketProxy = FaultProxy.Start(bitbucket.GitUrl);
        Hurry = hurry;
        Time = new HurriedTime(hurry);
    }

    public FaultCommand Command { get; }

    public SandboxGitHub GitHub { get; }

    public SandboxBitbucket Bitbucket { get; }

    public FaultProxy GitHubProxy { get; }

    public FaultProxy BitbucketProxy { get; }

    public FaultProxy SourceProxy => Command.ReadsGitHub ? GitHubProxy : BitbucketProxy;

    public FaultProxy DestinationProxy => Command.ReadsGitHub ? BitbucketProxy : GitHubProxy;

    /// <summary>For what a command writes to the disk.</summary>
    public TempFolder Folder { get; } = new("mirror-faults-");

    /// <summary>What was there before the fault: files by their hashes, or refs by their values.</summary>
    public IReadOnlyDictionary<string, string> Earlier { get; set; } = new Dictionary<string, string>();

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
    public IReadOnlyCollection<string> Said => Observer.Said;

    public RecordingObserver Observer { get; } = new();

    public SandboxGitHubRepository Source => GitHub.Repositories[0];

    /// <summary>The mirror's refs; none when it does not exist.</summary>
    public IReadOnlyDictionary<string, string> Mirrored =>
        Bitbucket.Repositories is [var repository] ? repository.Git.ForEachRef() : new Dictionary<string, string>();

    /// <summary>What must never be read anywhere.</summary>
    public IEnumerable<string> Secrets =>
        from secret in new[] { GitHub.FullToken, GitHub.WriteToken, Bitbucket.Token }
        from form in new[] { secret, new BasicLogin("x-access-token", secret).Header[6..], new BasicLogin("x-token-auth", secret).Header[6..] }
        select form;

    /// <summary>A mirror run that has something to do.</summary>
    public static Task<FaultWorld> StartAsync(FaultHistory history, int hurry) => StartAsync(new MirrorCommand(), Stage.LsRefs, history, hurry);

    public static async Task<FaultWorld> StartAsync(FaultCommand command, Stage stage, FaultHistory history, int hurry)
    {
        var world = new FaultWorld(command, await SandboxGitHub.StartAsync(), await SandboxBitbucket.StartAsync(), hurry);
        await command.PrepareAsync(world, stage, history);
        return world;
    }

    /// <summary>Adds the repository at GitHub, empty.</summary>
    public SandboxGitHubRepository AddSource() => GitHub.AddRepository("acme", "website");

    /// <summary>Adds its mirror, empty.</summary>
    public SandboxBitbucketRepository AddMirror(long sourceId)
    {
        var mirror = Bitbucket.AddRepository("acme-mirror", "website");
        mirror.Description = string.Create(CultureInfo.InvariantCulture, $"Mirror of github.com/acme/website (id {sourceId})");
        return mirror;
    }

    public async Task<RunReport> RunAsync()
    {
        Observer.Clear();
        using var rest = RestTransport.CreateClient();
        using var git = new GitHttp(
            new GitHttpOptions
            {
                Time = Time,
                IdleTimeout = Patience * Hurry,
                ReportTimeout = Patience * Hurry,
                PackMemory = PackMemory,
            }
        );
        var deadline = Time.GetUtcNow() + Timeout;
        var gitHub = new GitHubOptions
        {
            ApiUrl = new Uri(GitHubProxy.Url, "api/v3/"),
            ServerUrl = GitHubProxy.Url,
            Token = GitHub.FullToken,
            Deadline = deadline,
            IdleTimeout = Patience * Hurry,
        };
        var bitbucket = new BitbucketOptions
        {
            ApiUrl = new Uri(BitbucketProxy.Url, "2.0/"),
            GitUrl = BitbucketProxy.Url,
            Workspace = "acme-mirror",
            Token = Bitbucket.Token,
            Deadline = deadline,
            IdleTimeout = Patience * Hurry,
        };
        var options = new MirrorOptions
        {
            Owners = [Command.Owner],
            Timeout = Timeout,
            Refs = new RefOptions { MaxAttempts = MaxAttempts },
        };
        var run = new FaultRun(
            new GitHubSource(rest, Command.Adapt(gitHub, this), Time, Observer.Hear),
            new BitbucketDestination(rest, bitbucket, Time, Observer.Hear),
            git,
            options,
            this
        );
        return await Command.RunAsync(run, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await GitHubProxy.DisposeAsync();
        await BitbucketProxy.DisposeAsync();
        await Elsewhere.DisposeAsync();
        await GitHub.DisposeAsync();
        await Bitbucket.DisposeAsync();
        Folder.Dispose();
    }
}
