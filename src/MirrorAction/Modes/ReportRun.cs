using MirrorAction.Hosting;
using MirrorAction.Inputs;
using MirrorAction.Logging;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Reporting;
using MirrorAction.Secrets;
using MirrorAction.Terminal;

namespace MirrorAction.Modes;

/// <summary>Joins the reports of shards and tells of them as a run tells of its own. No host is asked.</summary>
internal sealed class ReportRun(ProcessEnvironment surroundings, RunLog log, SecretMasker masker)
{
    /// <summary>Reads, joins, tells, and returns the exit code.</summary>
    /// <exception cref="ConfigurationException">The reports are not of one run.</exception>
    public int Run(ReportSettings settings)
    {
        (log.Level, log.Format) = (settings.LogLevel, settings.LogFormat);
        foreach (var warning in settings.Warnings)
        {
            log.Write(MessageLevel.Warning, "{Message}", warning);
        }

        var found = ReportFolder.Read(settings.Folder);
        foreach (var other in found.Others)
        {
            log.Write(MessageLevel.Debug, "{Message}; left out.", other);
        }

        if (found.Reports.Count == 0)
        {
            return RefuseNothing(settings, found);
        }

        ReportJoin.RequireOneRun(found.Reports);
        var (joinable, makeRoom) = found.WithoutReportAt(Path.Combine(settings.ReportDirectory, ReportJson.FileName), settings.Folder);
        var report = ReportJoin.Join(joinable, ProductVersion.Text);
        var joined = LogMessage.Count("Reports", found.Reports.Count, "report");
        log.Write(MessageLevel.Info, new LogMessage("Joined ").Then(joined).Then(" below {Folder}.", settings.Folder));
        foreach (var repository in report.Repositories.Where(repository => repository.Error is not null))
        {
            // Their own jobs have said so as errors.
            log.Write(MessageLevel.Info, "{Repository} failed: {Message}", repository.Source, repository.Error!.Message);
        }

        var isWritten = new ReportPublisher(surroundings, log, masker).Publish(report, settings.ReportDirectory, makeRoom: makeRoom);
        var code = ExitCodes.For(report, settings.FailOn);
        return isWritten ? code : ExitCodes.WithoutReport(code);
    }

    private int RefuseNothing(ReportSettings settings, ReportFolder found)
    {
        foreach (var damaged in found.Damaged)
        {
            log.Write(MessageLevel.Error, "{Message}", damaged.Error!.Message);
        }

        var message = new LogMessage(
            "There is no report of a shard below {Folder}: looked for *.json files that a run with 'shard' wrote to its 'report-dir' (",
            settings.Folder
        )
            .Then(LogMessage.Count("OtherFiles", found.Others.Count, "other file"))
            .Then(" found).\nIn a workflow, download the artifacts of the matrix job into this folder first (actions/download-artifact).");
        log.Write(MessageLevel.Error, message);
        return ExitCodes.NothingDone;
    }
}
