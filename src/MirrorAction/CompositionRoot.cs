using MirrorAction.Configuration;
using MirrorAction.Mirroring;
using MirrorAction.Mirroring.Reporting;

namespace MirrorAction;

/// <summary>Puts hosts, clients and engine together by hand: the one place that knows all of them.</summary>
internal static class CompositionRoot
{
    /// <summary>The engine that talks to the hosts.</summary>
    public static Engine CreateEngine() => new(RunMirrorAsync, RunSyncAsync);

    private static Task<RunReport> RunMirrorAsync(RunSettings settings, IRunObserver observer, CancellationToken cancellationToken) =>
        throw new NotSupportedException("engine not wired");

    private static Task<RepositoryReport> RunSyncAsync(SyncSettings settings, IRunObserver observer, CancellationToken cancellationToken) =>
        throw new NotSupportedException("engine not wired");
}
