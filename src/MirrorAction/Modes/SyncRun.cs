using MirrorAction.Hosting;
using MirrorAction.Inputs;
using MirrorAction.Logging;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Reporting;
using MirrorAction.Terminal;

namespace MirrorAction.Modes;

/// <summary>One run of <c>sync</c>: a single repository, told in the log alone.</summary>
internal sealed class SyncRun(ProcessEnvironment surroundings, RunConsole console, RunLog log)
{
    /// <summary>Runs, tells, and returns the exit code.</summary>
    public async Task<int> RunAsync(SyncSettings settings, Engine engine, CancellationToken cancellationToken)
    {
        (log.Level, log.Format) = (settings.LogLevel, settings.LogFormat);
        RepositoryReport? report;
        using (
            var observer = new ConsoleObserver(
                console,
                log,
                surroundings,
                ModeText.Of(settings.IsDryRun ? "plan" : "mirror", variant: null),
                showsChanges: true
            )
        )
        {
            var recorder = new RunRecorder(observer);
            var work = Task.Run(() => engine.SyncAsync(settings, recorder, cancellationToken), CancellationToken.None);
            report = await work.WithGraceAsync(surroundings.Time, cancellationToken);
            if (report is not null && recorder.Done.Count == 0)
            {
                observer.Finished(1, 1, report, []);
            }
        }

        if (cancellationToken.IsCancellationRequested)
        {
            log.Write(MessageLevel.Warning, "Cancelled. What is done stays done; a ref has moved whole or not at all.");
            return ExitCodes.Cancelled;
        }

        return ExitCodes.For(report!);
    }
}
