using MirrorAction.Configuration;
using MirrorAction.Mirroring;
using MirrorAction.Mirroring.Reporting;

namespace MirrorAction;

/// <summary>What does the work. Everything around it (configuration, log, report, exit code) only needs these two.</summary>
/// <param name="MirrorAsync">Mirrors, or plans, all selected repositories.</param>
/// <param name="SyncAsync">Mirrors, or plans, one repository.</param>
internal sealed record Engine(
    Func<RunSettings, IRunObserver, CancellationToken, Task<RunReport>> MirrorAsync,
    Func<SyncSettings, IRunObserver, CancellationToken, Task<RepositoryReport>> SyncAsync);
