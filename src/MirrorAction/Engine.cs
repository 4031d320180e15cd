using MirrorAction.Inputs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction;

/// <summary>What does the work. Everything around it (configuration, log, report, exit code) only needs these two.</summary>
/// <param name="RunAsync">Does what the settings say to all selected repositories, with the report of an earlier run where there is one.</param>
/// <param name="SyncAsync">Mirrors, or plans, one repository.</param>
internal sealed record Engine(
    Func<RunSettings, RunReport?, IRunObserver, CancellationToken, Task<RunReport>> RunAsync,
    Func<SyncSettings, IRunObserver, CancellationToken, Task<RepositoryReport>> SyncAsync
);
