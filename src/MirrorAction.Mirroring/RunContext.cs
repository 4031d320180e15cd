using MirrorAction.Git.Http;
using MirrorAction.Hosts;

namespace MirrorAction.Mirroring;

/// <summary>Everything that a run works with. The parts stay their makers'.</summary>
/// <param name="Source">Where repositories come from.</param>
/// <param name="Destination">Where they go.</param>
/// <param name="Git">The connections to both git servers.</param>
/// <param name="Options">What is asked.</param>
/// <param name="Observer">Who is told.</param>
/// <param name="Time">Clock and pauses.</param>
/// <param name="Version">The program's version, for the report.</param>
public sealed record RunContext(
    IRepositorySource Source, IRepositoryDestination Destination, GitHttp Git, MirrorOptions Options, IRunObserver Observer, TimeProvider Time, string Version);
