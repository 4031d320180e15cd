using MirrorAction.Git.Transport;
using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Selection;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary>Two hosts of any kinds with one repository, a proxy before each, and the whole engine between them, in a hurried time.</summary>
internal sealed class FaultWorld : IAsyncDisposable
{
    /// <summary>The repository.</summary>
    public const string Name = "website";

    private FaultWorld(FaultCommand command, SandboxHost origin, SandboxHost mirrors, int hurry)
    {
        Command = command;
        Origin = origin;
        Mirrors = mirrors;
        OriginProxy = FaultProxy.Start(origin.Url);
        MirrorsProxy = FaultProxy.Start(mirrors.Url);
        Hurry = hurry;
        Time = new HurriedTime(hurry);
    }

    public FaultCommand Command { get; }

    /// <summary>Where originals are.</summary>
    public SandboxHost Origin { get; }

    /// <summary>Where mirrors are.</summary>
    public SandboxHost Mirrors { get; }

    public FaultProxy OriginProxy { get; }

    public FaultProxy MirrorsProxy { get; }

    public FaultProxy SourceProxy => Command.ReadsMirrors ? MirrorsProxy : OriginProxy;

    public FaultProxy DestinationProxy => Command.ReadsMirrors ? OriginProxy : MirrorsProxy;

    public HostRequests SourceRequests => HostRequests.Of(Command.ReadsMirrors ? Mirrors : Origin);

    public HostRequests DestinationRequests => HostRequests.Of(Command.ReadsMirrors ? Origin : Mirrors);

    /// <summary>What is armed; null for nothing.</summary>
    public FaultCase? Fault { get; set; }

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

    public bool Wikis { get; set; }

    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(330);

    /// <summary>Everything that the run's user reads while it goes.</summary>
    public IReadOnlyCollection<string> Said => Observer.Said;

    public RecordingObserver Observer { get; } = new();

    /// <summary>The original.</summary>
    public GitRepository Original => Origin[Name].Git;

    /// <summary>The mirror; null while there is none.</summary>
    public SandboxCopy? Mirror => Mirrors.Repositories.SingleOrDefault(r => !r.Name.EndsWith(SandboxWiki.Suffix, StringComparison.Ordinal));

    /// <summary>The mirror's refs; none when it does not exist.</summary>
    public IReadOnlyDictionary<string, string> Mirrored => Mirror?.Git.ForEachRef() ?? new Dictionary<string, string>();

    /// <summary>What must never be read anywhere.</summary>
    public IEnumerable<string> Secrets =>
        from secret in new[] { Origin.Token, Mirrors.Token }
        from form in s_users.Select(user => new BasicLogin(user, secret).Header[6..]).Append(secret)
        select form;

    private static readonly string[] s_users = ["x-access-token", "x-token-auth", "oauth2"];

    /// <summary>A mirror run of the usual pair that has something to do.</summary>
    public static Task<FaultWorld> StartAsync(FaultHistory history, int hurry) =>
        StartAsync(FaultPair.Usual, new MirrorCommand(), Stage.LsRefs, history, hurry);

    public static async Task<FaultWorld> StartAsync(FaultPair pair, FaultCommand command, Stage stage, FaultHistory history, int hurry)
    {
        var world = new FaultWorld(
            command,
            await SandboxHost.StartAsync(pair.Origin, "acme"),
            await SandboxHost.StartAsync(pair.Mirrors, "acme-mirror"),
            hurry
        );
        await command.PrepareAsync(world, stage, history);
        return world;
    }

    /// <summary>Adds the repository at its origin, empty.</summary>
    public GitRepository AddOriginal() => Origin.Add(Name);

    /// <summary>Adds the mirror of the original, as a run creates it, empty.</summary>
    public async Task<GitRepository> AddMirrorAsync()
    {
        using var rest = RestTransport.CreateClient();
        var listing = await Open(rest, Origin, Origin.Url).Source.ListAsync(Origin.Owner, TestContext.Current.CancellationToken);
        return await AddMirrorAsync(rest, MirrorDescription.For(listing.Repositories.Single(r => r.Name == Name)).ToString());
    }

    /// <summary>Adds the mirror of an original that is gone, empty.</summary>
    public async Task<GitRepository> AddOrphanAsync()
    {
        using var rest = RestTransport.CreateClient();
        var host = DefinitionOf(Origin).NameAt(Origin.Url);
        return await AddMirrorAsync(rest, $"Mirror of {host}/{Origin.Owner}/{Name} (id {(Origin.Kind == "bitbucket" ? Guid.Empty : 7)})");
    }

    private async Task<GitRepository> AddMirrorAsync(HttpClient rest, string mark)
    {
        var destination = Open(rest, Mirrors, Mirrors.Url).DestinationOf(Mirrors.Owner);
        await destination.CreateAsync(new NewRepository(Name, mark, IsPrivate: true), TestContext.Current.CancellationToken);
        return Mirrors[Name].Git;
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
        var options = new MirrorOptions
        {
            Owners = [Command.ReadsMirrors ? Mirrors.Owner : Origin.Owner],
            Timeout = Timeout,
            Wikis = Wikis,
            Refs = new RefOptions { MaxAttempts = MaxAttempts },
        };
        var run = new FaultRun(Open(rest, Origin, OriginProxy.Url), Open(rest, Mirrors, MirrorsProxy.Url), git, options, this);
        return await Command.RunAsync(run, TestContext.Current.CancellationToken);
    }

    /// <summary>How the mirror differs from its original, kept values apart.</summary>
    public IEnumerable<string> DifferencesOfMirror()
    {
        if (Mirror is not { } mirror)
        {
            return ["there is no mirror"];
        }

        mirror.Git.Fsck();
        return
        [
            .. FaultCommand.Differences(Original, mirror.Git.ForEachRef()),
            .. mirror.Git.Head == Original.Head ? Array.Empty<string>() : [$"the main branch is {mirror.Git.Head}, not {Original.Head}"],
        ];
    }

    public async ValueTask DisposeAsync()
    {
        await OriginProxy.DisposeAsync();
        await MirrorsProxy.DisposeAsync();
        await Elsewhere.DisposeAsync();
        await Origin.DisposeAsync();
        await Mirrors.DisposeAsync();
        Folder.Dispose();
    }

    /// <summary>A host as its settings describe it, at an address.</summary>
    private IRepositoryHost Open(HttpClient rest, SandboxHost host, Uri at)
    {
        var web = new UriBuilder(host.Url) { Port = at.Port, Host = at.Host }.Uri;
        var definition = DefinitionOf(host);
        var settings = new HostSettings
        {
            WebUrl = new Uri(web.AbsoluteUri.TrimEnd('/')),
            ApiUrl = definition.ApiUrlOf(new Uri(web.AbsoluteUri.TrimEnd('/'))),
            Token = host.Token,
            Writes = true,
            Credential = "a token",
        };
        return definition.Open(
            settings,
            new HostConnection(rest, Time, Observer.Hear, _ => { }) { Deadline = Time.GetUtcNow() + Timeout, IdleTimeout = Patience * Hurry }
        );
    }

    private static HostDefinition DefinitionOf(SandboxHost host) => KnownHosts.All.Single(known => known.Kind == host.Kind);
}
