using MirrorAction.Git.Transport;
using MirrorAction.Hosts;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;
using MirrorAction.Inputs;
using MirrorAction.Inputs.Arguments;
using MirrorAction.Mirroring.Backup;
using MirrorAction.Mirroring.Doctor;
using MirrorAction.Mirroring.Drill;
using MirrorAction.Mirroring.Mirror;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Restore;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Verify;

namespace MirrorAction;

/// <summary>Puts hosts, clients and engine together by hand: the one place that knows all of them.</summary>
/// <param name="time">The clock of everything that is put together.</param>
/// <param name="connections">Makes what requests go over, once for each client; null for the network.</param>
internal sealed class CompositionRoot(TimeProvider time, Func<HttpMessageHandler>? connections)
{
    private readonly EnvironmentProxy _proxy = EnvironmentProxy.OfProcess();

    /// <summary>The engine that talks to the hosts.</summary>
    public static Engine CreateEngine() => CreateEngine(TimeProvider.System, null);

    /// <summary>The same engine with another clock, over another network.</summary>
    public static Engine CreateEngine(TimeProvider time, Func<HttpMessageHandler>? connections)
    {
        var root = new CompositionRoot(time, connections);
        return new(root.RunAsync, root.RunSyncAsync);
    }

    private async Task<RunReport> RunAsync(RunSettings settings, RunReport? previous, IRunObserver observer, CancellationToken cancellationToken)
    {
        using var rest = RestTransport.CreateClient(connections?.Invoke() ?? RestTransport.CreateHandler(_proxy));
        using var git = Connect(observer);
        var github = settings.GitHub is null
            ? null
            : new GitHubSource(rest, GitHubOptionsOf(settings), time, LogText(settings, observer), observer.AddSecret);
        var bitbucket = settings.Bitbucket is null
            ? null
            : new BitbucketDestination(rest, BitbucketOptionsOf(settings), time, LogText(settings, observer), observer.AddSecret);
        RunContext Context(IRepositorySource source, IRepositoryDestination destination) =>
            new(source, destination, git, settings.Mirror, observer, time, ProductVersion.Text) { Previous = previous };

        // Awaited here, because the connections must outlive the run.
        return await (
            settings.Mode switch
            {
                RunMode.Mirror or RunMode.Plan => new OrganizationMirror(Context(github!, bitbucket!)).RunAsync(cancellationToken),
                RunMode.Verify => new OrganizationVerification(Context(github!, bitbucket!), settings.Verify).RunAsync(cancellationToken),
                RunMode.Restore => new WorkspaceRestore(
                    Context(new BitbucketSource(bitbucket!), new GitHubDestination(github!, settings.Restore!.Owner)),
                    settings.Restore,
                    previous
                ).RunAsync(cancellationToken),
                RunMode.Drill => new RestoreDrill(Context(github!, bitbucket!), settings.Drill!).RunAsync(cancellationToken),
                RunMode.Backup => new BackupRun(
                    BackupContext(settings, (IRepositorySource?)github ?? new BitbucketSource(bitbucket!), git, observer)
                ).RunAsync(cancellationToken),
                RunMode.BackupCheck => new BackupCheckRun(settings.Mirror, settings.Backup!, observer, time, ProductVersion.Text).RunAsync(
                    cancellationToken
                ),
                _ => new DoctorRun(Context(github!, bitbucket!), github!, bitbucket!).RunAsync(cancellationToken),
            }
        );
    }

    private BackupContext BackupContext(RunSettings settings, IRepositorySource source, GitHttp git, IRunObserver observer) =>
        new(source, git, settings.Mirror, settings.Backup!, observer, time, ProductVersion.Text);

    /// <summary>Doctor's findings tell it again.</summary>
    private static Action<string> LogText(RunSettings settings, IRunObserver observer) =>
        text => observer.Log(new RunMessage(settings.Mode == RunMode.Doctor ? MessageLevel.Info : MessageLevel.Warning, text));

    private DateTimeOffset? Deadline(RunSettings settings)
    {
        var timeout = settings.Mode == RunMode.Doctor ? DoctorRun.PatienceOf(settings.Mirror) : settings.Mirror.Timeout;
        return timeout == Timeout.InfiniteTimeSpan ? null : time.GetUtcNow() + timeout;
    }

    private GitHubOptions GitHubOptionsOf(RunSettings settings) =>
        new()
        {
            ApiUrl = settings.GitHub!.ApiUrl,
            ServerUrl = settings.GitHub.ServerUrl,
            Token = settings.GitHub.Token?.Reveal(),
            App = settings.GitHub.App,
            Writes = settings.Mode == RunMode.Restore,
            Deadline = Deadline(settings),
        };

    private BitbucketOptions BitbucketOptionsOf(RunSettings settings)
    {
        var options = new BitbucketOptions
        {
            ApiUrl = settings.Bitbucket!.ApiUrl,
            GitUrl = settings.Bitbucket.GitUrl,
            Workspace = settings.Bitbucket.Workspace,
            Token = settings.Bitbucket.Token?.Reveal(),
            Email = settings.Bitbucket.Email,
            Consumer = settings.Bitbucket.OAuth,
            ProjectKey = settings.Bitbucket.Project,
            Deadline = Deadline(settings),
        };
        return options with { OwnRequestsPerHour = settings.Mirror.Shard is null ? null : settings.Mirror.Shares.Of(options.RequestsPerHour) };
    }

    private async Task<RepositoryReport> RunSyncAsync(SyncSettings settings, IRunObserver observer, CancellationToken cancellationToken)
    {
        using var git = Connect(observer);
        var job = new RepositoryJob
        {
            SourceName = settings.SourceUrl.AbsoluteUri,
            DestinationName = settings.DestinationUrl.AbsoluteUri,
            Source = new GitEndpoint(settings.SourceUrl, ToCredential(settings.SourceLogin)),
            Destination = new GitEndpoint(settings.DestinationUrl, ToCredential(settings.DestinationLogin)),
            Options = settings.Refs,
            IsPlan = settings.IsDryRun,
            ExplainSource = (status, _) => ExplainLogin(status, settings.SourceLogin, "MIRROR_SOURCE"),
            ExplainDestination = (status, _) => ExplainLogin(status, settings.DestinationLogin, "MIRROR_DESTINATION"),
            Progress = bytes => observer.Transferred(settings.SourceUrl.AbsoluteUri, bytes),
        };
        return await new RepositoryMirror(git, job, time, observer.Log).RunAsync(cancellationToken);
    }

    /// <summary>What to do where a server wants another login, or any: nothing more is known of a host that is not named.</summary>
    private static HostFailure? ExplainLogin(int? status, SyncLogin? login, string prefix) =>
        status is not 401
            ? null
            : new(
                HostFailureKind.Unauthorized,
                login is null
                    ? $"Put the login into the environment variables {prefix}_USERNAME and {prefix}_TOKEN."
                    : $"Check {prefix}_USERNAME and {prefix}_TOKEN: the login is wrong, expired or of another server."
            );

    private GitHttp Connect(IRunObserver observer) =>
        new(
            new GitHttpOptions
            {
                Agent = $"mirror-action/{ProductVersion.Text}",
                Time = time,
                Connections = connections,
                Proxy = _proxy,
                Trace = line => observer.Log(new RunMessage(MessageLevel.Debug, line)),
            }
        );

    private static StaticCredential? ToCredential(SyncLogin? login) =>
        login is null ? null : StaticCredential.Basic(login.UserName, login.Token.Reveal());
}
