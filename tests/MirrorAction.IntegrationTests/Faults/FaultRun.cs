using MirrorAction.Git.Transport;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary>What one run of a command works with.</summary>
internal sealed record FaultRun(IRepositoryHost Origin, IRepositoryHost Mirrors, GitHttp Git, MirrorOptions Options, FaultWorld World)
{
    /// <summary>From the originals to the mirrors.</summary>
    public RunContext Forth => Between(Origin.Source, Mirrors.DestinationOf(World.Mirrors.Owner));

    /// <summary>From the mirrors to the originals.</summary>
    public RunContext Back => Between(Mirrors.Source, Origin.DestinationOf(World.Origin.Owner));

    private RunContext Between(IRepositorySource source, IRepositoryDestination destination) =>
        new(source, destination, Git, Options, World.Observer, World.Time, "1.0.0");
}
