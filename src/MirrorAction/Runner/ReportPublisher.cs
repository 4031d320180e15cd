using MirrorAction.Configuration;
using MirrorAction.Mirroring;
using MirrorAction.Mirroring.Reporting;
using MirrorAction.Reporting;

namespace MirrorAction.Runner;

/// <summary>Tells of a report: in the log, in <c>report.json</c>, in the step's summary and in its outputs.</summary>
internal sealed class ReportPublisher(Surroundings surroundings, RunLog log, SecretMasker masker)
{
    private readonly RunnerFiles _files = new(surroundings.Environment, masker);

    /// <summary>Tells everything. What can't be written is a warning: it does not undo what was mirrored.</summary>
    /// <param name="unsafeReport">The report, which may hold secrets in texts of servers.</param>
    /// <param name="directory">The folder for <c>report.json</c>, absolute.</param>
    /// <param name="shardCount">For so many shards the output <c>matrix</c> is given; null gives none.</param>
    public void Publish(RunReport unsafeReport, string directory, int? shardCount = null)
    {
        var report = unsafeReport.Redacted(masker.Redact);
        WriteErrors(report);
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
        TryWrite("report.json (see report-dir)", () => path = WorkspacePath.FromWorkspace(ReportJson.Write(report, directory), surroundings.Workspace));
        TryWrite("the step's summary", () => _files.AppendSummary(SummaryWriter.Write(report)));
        TryWrite("the step's outputs", () => _files.AppendOutputs(OutputWriter.OutputsOf(report, path, shardCount)));
        if (path.Length > 0)
        {
            log.Write(MessageLevel.Info, $"Report: {path}");
        }
    }

    /// <summary>Tells why nothing was begun: the configuration is wrong. There is no report then, but the step's summary and its result say so.</summary>
    public void PublishProblems(ConfigurationException problems)
    {
        foreach (var warning in problems.Warnings)
        {
            log.Write(MessageLevel.Warning, warning);
        }

        foreach (var problem in problems.Problems)
        {
            log.Write(MessageLevel.Error, problem.ToString(), place: problem.Position);
        }

        log.Write(MessageLevel.Info, "'mirror-action --help' lists all inputs.");
        var lines = problems.Problems.Select(problem => $"- {MarkdownText.Escape(masker.Redact(problem.ToString()))}\n");
        TryWrite("the step's summary", () => _files.AppendSummary($"## ❌ The configuration is wrong\n\n{string.Concat(lines)}"));
        TryWrite("the step's outputs", () => _files.AppendOutputs([new("result", "failure")]));
    }

    private void WriteErrors(RunReport report)
    {
        if (report.Error is { } error)
        {
            log.Write(MessageLevel.Error, Text(error));
        }
        else if (report.Repositories.Count(repository => repository.Error?.Code == ErrorCode.Cancelled) is > 0 and var left)
        {
            log.Write(
                MessageLevel.Error,
                $"The run was stopped before {Quantity.Count(left, "repository was", "repositories were")} done; report.json names them. The next run continues there.");
        }

        foreach (var joined in report.Shards)
        {
            if (joined.Error is { } reason)
            {
                log.Write(MessageLevel.Error, Text(reason), joined.Shard is null ? null : $"shard {joined.Shard}");
            }
        }
    }

    private static string Text(RepositoryError error) => error.Hint is null ? error.Message : $"{error.Message}\n{error.Hint}";

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
