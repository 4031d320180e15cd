using MirrorAction.Git.Lfs;
using MirrorAction.Git.Transport;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Mirroring.Runs;

/// <summary>Everything that a run works with. The parts stay their makers'.</summary>
/// <param name="Source">Where repositories come from.</param>
/// <param name="Destination">Where they go.</param>
/// <param name="Git">The connections to both git servers.</param>
/// <param name="Options">What is asked.</param>
/// <param name="Observer">Who is told.</param>
/// <param name="Time">Clock and pauses.</param>
/// <param name="Version">The program's version, for the report.</param>
public sealed record RunContext(
    IRepositorySource Source,
    IRepositoryDestination Destination,
    GitHttp Git,
    MirrorOptions Options,
    IRunObserver Observer,
    TimeProvider Time,
    string Version
)
{
    /// <summary>The report of an earlier run over the same two sides; null where there is none.</summary>
    public RunReport? Previous { get; init; }

    /// <summary>What may be under way at a time, repositories and LFS objects together.</summary>
    internal TransferSlots Slots { get; } = new(Options.Concurrency);

    /// <summary>What the run has learnt of quotas for objects of Git LFS.</summary>
    internal LfsQuotas LfsQuotas { get; } = new();

    /// <summary>The frame of a run from source to destination.</summary>
    internal RepositoryBatch Frame(string mode) =>
        new(Options, Observer, Time)
        {
            Mode = mode,
            Version = Version,
            Source = new ReportSource(Source.Host.Kind, Options.Owners),
            Destination = ReportDestination.Of(Destination),
            Slots = Slots,
            RestRequests = () => Source.Requests + Destination.Requests,
        };
}
