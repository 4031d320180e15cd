using MirrorAction.Configuration;
using MirrorAction.Doctor;
using MirrorAction.Mirroring;
using MirrorAction.Mirroring.Reporting;
using MirrorAction.Reporting;

namespace MirrorAction.Runner;

/// <summary>One run over an organisation: the engine's work, and everything that tells of it afterwards.</summary>
internal sealed class MirrorRun(Surroundings surroundings, RunConsole console, RunLog log, SecretMasker masker)
{
    /// <summary>Runs, reports, and returns the exit code.</summary>
    public async Task<int> RunAsync(RunSettings settings, Engine engine, CancellationToken cancellationToken)
    {
        log.Level = settings.LogLevel;
        foreach (var warning in settings.Warnings)
        {
            log.Write(MessageLevel.Warning, warning);
        }

        foreach (var address in settings.AddressesFromFile)
        {
            log.Write(MessageLevel.Info, $"{address.Label} says where credentials are sent: {address.Url}");
        }

        var previous = PreviousReport.Find(settings, warning => log.Write(MessageLevel.Warning, warning));
        var startedAt = surroundings.Time.GetUtcNow();
        var clock = surroundings.Time.GetTimestamp();
        RunReport? report;
        RunRecorder recorder;
        using (var observer = new ConsoleObserver(console, log, surroundings, RunWords.Of(settings.ModeName, settings.Variant)))
        {
            recorder = new RunRecorder(observer);
            var work = Task.Run(() => engine.RunAsync(settings, previous, recorder, cancellationToken), CancellationToken.None);
            report = await work.WithGraceAsync(surroundings.Time, cancellationToken).ConfigureAwait(false);
        }

        report ??= recorder.CancelledReport(settings, startedAt, surroundings.Time.GetElapsedTime(clock));
        report = PreviousReport.WithVerifiedTimes(report, previous);
        report = settings.Mode == RunMode.Doctor ? LocalChecks.AddTo(report, settings, surroundings.Environment, surroundings.Workspace) : report;
        new ReportPublisher(surroundings, log, masker).Publish(report, settings.ReportDirectory, settings.ShardCount);
        return cancellationToken.IsCancellationRequested ? ExitCodes.Cancelled : ExitCodes.For(report, settings.FailOn);
    }
}
