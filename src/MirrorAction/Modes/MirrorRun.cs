using MirrorAction.Doctor;
using MirrorAction.Hosting;
using MirrorAction.Inputs;
using MirrorAction.Logging;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Reporting;
using MirrorAction.Secrets;
using MirrorAction.Terminal;

namespace MirrorAction.Modes;

/// <summary>One run over an organisation: the engine's work, and everything that tells of it afterwards.</summary>
internal sealed class MirrorRun(ProcessEnvironment surroundings, RunConsole console, RunLog log, SecretMasker masker)
{
    /// <summary>Runs, reports, and returns the exit code.</summary>
    public async Task<int> RunAsync(RunSettings settings, Engine engine, CancellationToken cancellationToken)
    {
        (log.Level, log.Format) = (settings.LogLevel, settings.LogFormat);
        foreach (var warning in settings.Warnings)
        {
            log.Write(MessageLevel.Warning, "{Message}", warning);
        }

        foreach (var address in settings.AddressesFromFile)
        {
            log.Write(MessageLevel.Info, "{Input} says where credentials are sent: {Url}", address.Label, address.Url.ToString());
        }

        var previous = PreviousReport.Find(settings, warning => log.Write(MessageLevel.Warning, "{Message}", warning));
        var startedAt = surroundings.Time.GetUtcNow();
        var clock = surroundings.Time.GetTimestamp();
        RunReport? report = null;
        RepositoryError? fault = null;
        RunRecorder recorder;
        using (var observer = new ConsoleObserver(console, log, surroundings, ModeText.Of(settings.ModeName, settings.Variant)))
        {
            recorder = new RunRecorder(observer);
            var work = Task.Run(() => engine.RunAsync(settings, previous, recorder, cancellationToken), CancellationToken.None);
            try
            {
                report = await work.WithGraceAsync(surroundings.Time, cancellationToken);
            }
            catch (Exception e)
            {
                // What is done by then still has to be told.
                const string Hint = "This is a fault of MirrorAction; please report it with the debug log.";
                fault = new(ErrorCode.Internal, $"The run broke off: {e.Message} ({e.GetType().Name})", Hint);
                log.Write(MessageLevel.Debug, new LogMessage("The exception and its stack:"), e);
            }
        }

        report ??= recorder.ReportOfUnfinished(settings, startedAt, surroundings.Time.GetElapsedTime(clock), fault);
        report = PreviousReport.WithVerifiedTimes(report, previous);
        report = settings.Mode == RunMode.Doctor ? LocalChecks.AddTo(report, settings, surroundings.Environment, surroundings.Workspace) : report;
        var isWritten = new ReportPublisher(surroundings, log, masker).Publish(report, settings.ReportDirectory, settings.ShardCount);
        var code = cancellationToken.IsCancellationRequested ? ExitCodes.Cancelled : ExitCodes.For(report, settings.FailOn);
        return isWritten ? code : ExitCodes.WithoutReport(code);
    }
}
