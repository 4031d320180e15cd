using MirrorAction.Hosting;
using MirrorAction.Inputs;
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
        log.Level = settings.LogLevel;
        foreach (var warning in settings.Warnings)
        {
            log.Write(MessageLevel.Warning, warning);
        }

        var found = ReportFolder.Read(settings.Folder);
        foreach (var other in found.Others)
        {
            log.Write(MessageLevel.Debug, $"{other}; left out.");
        }

        if (found.Reports.Count == 0)
        {
            return RefuseNothing(settings, found);
        }

        ReportJoin.RequireOneRun(found.Reports);
        var (joinable, makeRoom) = found.WithoutReportAt(Path.Combine(settings.ReportDirectory, ReportJson.FileName), settings.Folder);
        var report = ReportJoin.Join(joinable, ProductVersion.Text);
        log.Write(MessageLevel.Info, $"Joined {Quantity.Count(found.Reports.Count, "report")} below {settings.Folder}.");
        foreach (var repository in report.Repositories.Where(repository => repository.Error is not null))
        {
            // Their own jobs have said so as errors.
            log.Write(MessageLevel.Info, $"{repository.Source} failed: {repository.Error!.Message}");
        }

        var isWritten = new ReportPublisher(surroundings, log, masker).Publish(report, settings.ReportDirectory, makeRoom: makeRoom);
        var code = ExitCodes.For(report, settings.FailOn);
        return isWritten ? code : ExitCodes.WithoutReport(code);
    }

    private int RefuseNothing(ReportSettings settings, ReportFolder found)
    {
        foreach (var damaged in found.Damaged)
        {
            log.Write(MessageLevel.Error, damaged.Error!.Message);
        }

        log.Write(
            MessageLevel.Error,
            $"There is no report of a shard below {settings.Folder}: looked for *.json files that a run with 'shard' wrote to its 'report-dir' "
                + $"({Quantity.Count(found.Others.Count, "other file")} found).\nIn a workflow, download the artifacts of the matrix job into this folder first (actions/download-artifact)."
        );
        return ExitCodes.NothingDone;
    }
}
