using MirrorAction.Git.Transport;
using MirrorAction.Hosts;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary>What one run of a command works with.</summary>
internal sealed record FaultRun(GitHubSource GitHub, BitbucketDestination Bitbucket, GitHttp Git, MirrorOptions Options, FaultWorld World)
{
    public RunContext Between(IRepositorySource source, IRepositoryDestination destination) =>
        new(source, destination, Git, Options, World.Observer, World.Time, "1.0.0");
}
