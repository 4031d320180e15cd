using MirrorAction.Configuration;
using MirrorAction.Doctor;
using MirrorAction.Mirroring;
using MirrorAction.Mirroring.Reporting;
using MirrorAction.Reporting;

namespace MirrorAction.Runner;

/// <summary>One run over an organisation: the engine's work, and everything that tells of it afterwards.</summary>
internal sealed class MirrorRun(Surroundings surroundings, RunConsole console, RunLog log, SecretMasker masker)
{
    private readonly RunnerFiles _files = new(surroundings.Environment, masker);

    /// <summary>Runs, reports, and returns the exit code.</summary>
    public async Task<int> RunAsync(RunSettings settings, Engine engine, CancellationToken cancellationToken)
    {
        log.Level = settings.LogLevel;
        foreach (var warning in settings.Warnings)
        {
            log.Write(MessageLevel.Warning, warning);
        }

        var startedAt = surroundings.Time.GetUtcNow();
        var clock = surroundings.Time.GetTimestamp();
        RunReport? report;
        RunRecorder recorder;
        using (var observer = new ConsoleObserver(console, log, surroundings, settings.Mirror.IsPlan))
        {
            recorder = new RunRecorder(observer);
            var work = Task.Run(() => engine.MirrorAsync(settings, recorder, cancellationToken), CancellationToken.None);
            report = await work.WithGraceAsync(surroundings.Time, cancellationToken).ConfigureAwait(false);
        }

        report ??= recorder.CancelledReport(settings, startedAt, surroundings.Time.GetElapsedTime(clock));
        report = settings.Mode == RunMode.Doctor ? LocalChecks.AddTo(report, settings, surroundings.Environment, surroundings.Workspace) : report;
        Tell(report.Redacted(masker.Redact), settings);
        return cancellationToken.IsCancellationRequested ? ExitCodes.Cancelled : ExitCodes.For(report, settings.FailOn);
    }

    private void Tell(RunReport report, RunSettings settings)
    {
        if (report.Error is { } error)
        {
            log.Write(MessageLevel.Error, error.Hint is null ? error.Message : $"{error.Message}\n{error.Hint}");
        }

        else if (report.Repositories.Count(repository => repository.Error?.Code == ErrorCode.Cancelled) is > 0 and var left)
        {
            log.Write(
                MessageLevel.Error,
                $"The run was stopped before {Quantity.Count(left, "repository was", "repositories were")} done; report.json names them. The next run continues there.");
        }

        if (report.Mode == "doctor")
        {
            Checklist.Write(report, log, surroundings.IsActions);
        }
        else
        {
            log.Write(MessageLevel.Info, ReportWords.Totals(report));
        }

        foreach (var orphan in report.Orphans)
        {
            log.Write(MessageLevel.Info, $"{orphan} is a mirror whose source is gone; it is left as it is.");
        }

        var path = "";
        TryWrite("report.json (see report-dir)", () => path = WorkspacePath.FromWorkspace(ReportJson.Write(report, settings.ReportDirectory), surroundings.Workspace));
        TryWrite("the step's summary", () => _files.AppendSummary(SummaryWriter.Write(report)));
        TryWrite("the step's outputs", () => _files.AppendOutputs(OutputWriter.OutputsOf(report, path, settings.ShardCount)));
        if (path.Length > 0)
        {
            log.Write(MessageLevel.Info, $"Report: {path}");
        }
    }

    /// <summary>A file that can't be written does not undo what was mirrored.</summary>
    private void TryWrite(string what, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Write(MessageLevel.Warning, $"Could not write {what}: {e.Message}");
        }
    }
}
