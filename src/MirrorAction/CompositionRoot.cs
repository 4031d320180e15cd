using MirrorAction.Configuration;
using MirrorAction.Git.Http;
using MirrorAction.Hosts;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Hosts.Http;
using MirrorAction.Mirroring;
using MirrorAction.Mirroring.Doctor;
using MirrorAction.Mirroring.Reporting;

namespace MirrorAction;

/// <summary>Puts hosts, clients and engine together by hand: the one place that knows all of them.</summary>
internal static class CompositionRoot
{
    private static readonly TimeProvider s_time = TimeProvider.System;

    /// <summary>The engine that talks to the hosts.</summary>
    public static Engine CreateEngine() => new(RunMirrorAsync, RunSyncAsync);

    private static async Task<RunReport> RunMirrorAsync(RunSettings settings, IRunObserver observer, CancellationToken cancellationToken)
    {
        using var rest = RestTransport.CreateClient();
        using var git = Connect(observer);
        var isDoctor = settings.Mode == RunMode.Doctor;
        void Say(string text) => observer.Say(new RunMessage(isDoctor ? MessageLevel.Info : MessageLevel.Warning, text)); // Doctor's findings tell it again.

        var timeout = isDoctor ? Checkup.PatienceOf(settings.Mirror) : settings.Mirror.Timeout;
        DateTimeOffset? deadline = timeout == Timeout.InfiniteTimeSpan ? null : s_time.GetUtcNow() + timeout;
        var github = new GitHubOptions
        {
            ApiUrl = settings.GitHub.ApiUrl,
            ServerUrl = settings.GitHub.ServerUrl,
            Token = settings.GitHub.Token?.Reveal(),
            App = settings.GitHub.App,
            Deadline = deadline,
        };
        var bitbucket = new BitbucketOptions
        {
            ApiUrl = settings.Bitbucket.ApiUrl,
            GitUrl = settings.Bitbucket.GitUrl,
            Workspace = settings.Bitbucket.Workspace,
            Token = settings.Bitbucket.Token?.Reveal(),
            Email = settings.Bitbucket.Email,
            Consumer = settings.Bitbucket.OAuth,
            ProjectKey = settings.Bitbucket.Project,
            Deadline = deadline,
        };
        bitbucket = bitbucket with { OwnRequestsPerHour = settings.Mirror.Shard is null ? null : settings.Mirror.Shares.Of(bitbucket.RequestsPerHour) };
        var source = new GitHubClient(rest, github, s_time, Say, observer.Hide);
        var destination = new BitbucketClient(rest, bitbucket, s_time, Say, observer.Hide);
        var context = new RunContext(source, destination, git, settings.Mirror, observer, s_time, ProductVersion.Text);
        return isDoctor
            ? await new Checkup(context, source, destination).RunAsync(cancellationToken).ConfigureAwait(false)
            : await new OrganizationMirror(context).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<RepositoryReport> RunSyncAsync(SyncSettings settings, IRunObserver observer, CancellationToken cancellationToken)
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
        return await new RepositoryMirror(git, job, s_time, observer.Say).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What to do where a server wants another login, or any: nothing more is known of a host that is not named.</summary>
    private static HostFailure? ExplainLogin(int? status, SyncLogin? login, string prefix) => status is not 401
        ? null
        : new(HostFailureKind.Unauthorized, login is null
            ? $"Put the login into the environment variables {prefix}_USERNAME and {prefix}_TOKEN."
            : $"Check {prefix}_USERNAME and {prefix}_TOKEN: the login is wrong, expired or of another server.");

    private static GitHttp Connect(IRunObserver observer) => new(new GitHttpOptions
    {
        Agent = $"mirror-action/{ProductVersion.Text}",
        Time = s_time,
        Trace = line => observer.Say(new RunMessage(MessageLevel.Debug, line)),
    });

    private static GitCredential? ToCredential(SyncLogin? login) => login is null ? null : new GitCredential(login.UserName, login.Token.Reveal());
}
