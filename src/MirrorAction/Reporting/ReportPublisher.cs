using MirrorAction.GitHubActions;
using MirrorAction.Hosting;
using MirrorAction.Http;
using MirrorAction.Inputs;
using MirrorAction.Logging;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Reporting.History;
using MirrorAction.Reporting.Page;
using MirrorAction.Reporting.Summary;
using MirrorAction.Secrets;
using MirrorAction.Terminal;

namespace MirrorAction.Reporting;

/// <summary>Tells of a report: in the log, in <c>report.json</c>, in the step's summary and in its outputs.</summary>
internal sealed class ReportPublisher(ProcessEnvironment surroundings, RunLog log, SecretMasker masker)
{
    private readonly RunnerFiles _files = new(surroundings.Environment, masker);

    /// <summary>Tells everything, as far as it can be: what can't be written keeps nothing else from being so.</summary>
    /// <param name="unsafeReport">The report, which may hold secrets in texts of servers.</param>
    /// <param name="code">The exit code.</param>
    /// <param name="place">Where files go.</param>
    /// <param name="outputs">Outputs of the step that do not come from the report.</param>
    /// <param name="makeRoom">Moves away what is in the report's place; null when there is nothing.</param>
    /// <returns>The exit code, which is no success without <c>report.json</c>.</returns>
    public int Publish(
        RunReport unsafeReport,
        int code,
        ReportPlace place,
        IReadOnlyList<KeyValuePair<string, string>> outputs,
        Action? makeRoom = null
    )
    {
        var report = unsafeReport.Redacted(masker.Redact);
        WriteErrors(report);
        if (ModeText.Of(report).IsChecklist)
        {
            Checklist.Write(report, log, surroundings.IsActions);
        }
        else
        {
            log.WriteLast(ReportText.Totals(report));
        }

        foreach (var orphan in report.Orphans)
        {
            var fate = report.OrphanSources.FirstOrDefault(source => source.Mirror == orphan)?.Text;
            var why = fate is null ? "whose source is gone, or has another name now" : $"without a source: {fate}";
            log.Write(MessageLevel.Info, "{Orphan} is a mirror {Why}; it is left as it is.", orphan, why);
        }

        if (surroundings.Output.Failure is { } failure)
        {
            var warning = $"The log of this run is not complete: standard output could not be written ({failure}).";
            report = report with { Warnings = [.. report.Warnings, warning] };
        }

        var path = "";
        var problem = Try(() =>
        {
            makeRoom?.Invoke();
            path = WorkspacePath.FromWorkspace(ReportJson.Write(report, place.Folder), surroundings.Workspace);
        });
        RepositoryError? loss = null;
        if (problem is not null)
        {
            const string Hint = "What was done stays done. Make room there, or choose another folder with report-dir.";
            loss = new(ErrorCode.Internal, $"report.json could not be written to {place.Folder}: {problem}", Hint);
            report = report with { Result = RunResult.Failure };
            code = ExitCodes.WithoutReport(code);
            log.Write(MessageLevel.Error, ReportText.Error(loss));
        }

        var history = Remember(report, place.History);
        WriteFiles(report, history, place.Folder);
        var outcome = new RunOutcome(report, code)
        {
            History = history,
            Loss = loss,
            Docs = DocsLinks.Of(surroundings.Environment),
        };

        var pagePath = "";
        if (!outcome.Words.IsChecklist)
        {
            TryOrWarn(
                ReportPage.FileName,
                "write",
                () => pagePath = WorkspacePath.FromWorkspace(ReportPage.Write(outcome, place.Folder), surroundings.Workspace)
            );
        }

        TryOrWarn("the step's summary", "write", () => _files.AppendSummary(SummaryWriter.Write(outcome)));
        TryOrWarn("the step's outputs", "write", () => _files.AppendOutputs(ActionOutputs.Of(report, new(path, pagePath), outputs)));
        if (problem is null)
        {
            log.Write(MessageLevel.Info, "Report: {Path}", path);
        }

        if (surroundings.ReportOutput is { } output)
        {
            using var json = new MemoryStream();
            ReportJson.Serialize(report, json);
            output.WriteLine(System.Text.Encoding.UTF8.GetString(json.GetBuffer(), 0, (int)json.Length));
            output.Flush();
        }

        return code;
    }

    /// <summary>The history with this run, as far as it could be read and written.</summary>
    private RunHistory Remember(RunReport report, string path)
    {
        var history = RunHistory.None;
        TryOrWarn("what the page and the summary know of earlier runs", "read", () => history = HistoryFile.Read(path));
        if (history.Damaged > 0)
        {
            var lines = LogMessage.Count("Damaged", history.Damaged, "line was", "lines were");
            log.Write(MessageLevel.Warning, new LogMessage("{Path}: ", path).Then(lines).Then(" damaged, and left out."));
        }

        if (HistoryEntry.Of(report, surroundings.Environment["GITHUB_RUN_ID"]) is not { } entry)
        {
            return history;
        }

        TryOrWarn(path, "write", () => HistoryFile.Append(path, entry));
        return history.With(entry);
    }

    private void WriteFiles(RunReport report, RunHistory history, string folder)
    {
        // A plan and a checklist say nothing of how the mirrors are, and a shard nothing of all of them.
        if (HistoryEntry.Of(report, null) is not null)
        {
            TryOrWarn(BadgeFile.FileName, "write", () => BadgeFile.Write(report, folder));
            TryOrWarn(MetricsFile.FileName, "write", () => MetricsFile.Write(report, history, folder));
        }
    }

    /// <summary>
    /// Tells why nothing was begun: the configuration is wrong. There is no report then, but the step's summary and its result say so.
    /// </summary>
    public void PublishProblems(ConfigurationException problems)
    {
        foreach (var warning in problems.Warnings)
        {
            log.Write(MessageLevel.Warning, "{Message}", warning);
        }

        foreach (var problem in problems.Problems)
        {
            log.Write(MessageLevel.Error, Message(problem));
        }

        log.Write(MessageLevel.Info, "'mirror-action --help' lists all inputs.");
        var lines = problems.Problems.Select(problem => $"- {MarkdownText.Escape(masker.Redact(problem.ToString()))}\n");
        TryOrWarn("the step's summary", "write", () => _files.AppendSummary($"## ❌ The configuration is wrong\n\n{string.Concat(lines)}"));
        TryOrWarn("the step's outputs", "write", () => _files.AppendOutputs([new("result", "failure")]));
    }

    private void WriteErrors(RunReport report)
    {
        if (report.Error is { } error)
        {
            log.Write(MessageLevel.Error, ReportText.Error(error));
        }

        if (RunTally.NotReached(report) is > 0 and var left)
        {
            var cause = report.Error is null ? ", by a signal or by timeout-minutes," : "";
            var message = new LogMessage($"The run was stopped{cause} before ")
                .Then(LogMessage.Count("NotReached", left, "repository was", "repositories were"))
                .Then(" reached; the next run continues there.");
            log.Write(MessageLevel.Error, message);
        }

        foreach (var joined in report.Shards)
        {
            if (joined.Error is { } reason)
            {
                log.Write(MessageLevel.Error, ReportText.Error(reason).About(EventProperty.Shard, joined.Shard));
            }
        }
    }

    private static LogMessage Message(ConfigurationProblem problem)
    {
        var message =
            problem.Subject.Length == 0
                ? new LogMessage("{Message}", problem.Message)
                : new LogMessage("{Input}: {Message}", problem.Subject, problem.Message);
        return problem.Position is not { } place
            ? message
            : message.About(EventProperty.File, place.File).About(EventProperty.Line, place.Line).About(EventProperty.Column, place.Column);
    }

    private void TryOrWarn(string what, string verb, Action action)
    {
        if (Try(action) is { } problem)
        {
            log.Write(MessageLevel.Warning, $"Could not {verb} {{Output}}: {{Reason}}", what, problem);
        }
    }

    /// <summary>Why it failed; null when it did not. Whatever one channel throws, the others are still to be written.</summary>
    private static string? Try(Action write)
    {
        try
        {
            write();
            return null;
        }
        catch (Exception e)
        {
            return e.Message;
        }
    }
}
