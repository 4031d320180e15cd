using System.Text.Json;
using MirrorAction.Configuration;
using MirrorAction.Hosts;

namespace MirrorAction.Doctor;

/// <summary>
/// Pitfalls of the workflows that mirror: those of schedules above all. Reads <c>.github/workflows</c> of the workspace and the event's file, where they are
/// there. Doctor is mostly a workflow of its own, so the one that runs is no more than the others.
/// </summary>
/// <param name="environment">The variables of the process.</param>
/// <param name="workspace">The folder that the workflow's repository is checked out to, if it is.</param>
/// <param name="timeout">How long a run may take by its own account.</param>
internal sealed class WorkflowCheck(EnvironmentVariables environment, string workspace, TimeSpan timeout)
{
    private const string File = "Workflow file";
    private const string Schedule = "Workflow schedule";

    /// <summary>No workflow is as long; what is longer is not read.</summary>
    private const int MaxBytes = 512 * 1024;

    /// <summary>One finding or more.</summary>
    public IReadOnlyList<Finding> Run()
    {
        List<WorkflowFile> files;
        try
        {
            files = [.. Find()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [new(FindingLevel.Warning, File, $"Not checked, because it can't be read: {e.Message}")];
        }

        return files.Count > 0
            ? [.. JudgeMissingSchedule(files), .. files.SelectMany(Judge)]
            : [new(FindingLevel.Ok, File, "Not checked, because no workflow that mirrors is checked out here; with actions/checkout before it, doctor looks for pitfalls of schedules.")];
    }

    /// <summary>All that mirror.</summary>
    private IEnumerable<WorkflowFile> Find()
    {
        var folder = Path.Combine(workspace, ".github", "workflows");
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (var path in Directory.EnumerateFiles(folder).Where(IsYaml).Order(StringComparer.Ordinal))
        {
            if (new FileInfo(path).Length <= MaxBytes && WorkflowFile.TryRead(Path.GetFileName(path), System.IO.File.ReadAllText(path)) is { } file
                && file.IsMirror)
            {
                yield return file;
            }
        }
    }

    private static bool IsYaml(string path) => Path.GetExtension(path) is ".yml" or ".yaml";

    private IEnumerable<Finding> Judge(WorkflowFile file)
    {
        var findings = JudgeSchedule(file).Concat(JudgeRest(file)).ToList();
        return findings.Count > 0 ? findings : [new(FindingLevel.Ok, File, $"{file.Name}: nothing about its schedule, concurrency and time limit stands out.")];
    }

    /// <summary>One schedule will do: beside it, a workflow that is started by hand or by a push needs none.</summary>
    private static IEnumerable<Finding> JudgeMissingSchedule(List<WorkflowFile> files)
    {
        if (files.TrueForAll(file => file.Crons.Count == 0))
        {
            var (names, runs) = (string.Join(", ", files.Select(file => file.Name)), files.Count == 1 ? "has no schedule, so it runs" : "have no schedule, so they run");
            yield return new(FindingLevel.Warning, Schedule, $"{names} {runs} only when something starts {(files.Count == 1 ? "it" : "them")}.", "Add on: schedule: - cron: '23 4 * * *'.");
        }
    }

    private IEnumerable<Finding> JudgeSchedule(WorkflowFile file)
    {
        if (file.Crons.Count == 0)
        {
            yield break;
        }

        // Digits only, or lists of them: a step such as */30 begins at minute 0 too.
        if (file.Crons.Any(cron => cron.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var minute, ..] && (minute.Split(',').Any(m => m is "0" or "00") || minute[0] == '*')))
        {
            yield return new(FindingLevel.Warning, Schedule, $"{file.Name} is due at the full hour, when GitHub delays schedules most and drops some.", "Choose an odd minute, such as '23 4 * * *'.");
        }

        if (IsPrivate() is not true)
        {
            yield return new(
                FindingLevel.Warning, Schedule, $"{(IsPrivate() is null ? "If its repository is public, " : "Its repository is public: ")}GitHub disables the schedule of {file.Name} after 60 days without a commit.",
                "Keep the workflow in a private repository, or in one that people work in.");
        }
    }

    private IEnumerable<Finding> JudgeRest(WorkflowFile file)
    {
        if (!file.HasConcurrency)
        {
            yield return new(FindingLevel.Warning, "Workflow concurrency", $"{file.Name} lets two runs go at the same time.", "Add concurrency: with group: mirror and cancel-in-progress: false.");
        }

        var tooShort = file.Timeouts.Where(limit => limit.Job < OwnMinutes(limit.Own)).Select(limit => ((int Job, double Own)?)(limit.Job, OwnMinutes(limit.Own))).FirstOrDefault();
        if (tooShort is var (job, minutes))
        {
            var own = double.IsPositiveInfinity(minutes) ? "no limit" : FormattableString.Invariant($"{minutes:0}");
            yield return new(
                FindingLevel.Warning, "Workflow timeout", FormattableString.Invariant($"{file.Name} ends its job after {job} minutes, before the run's own timeout-minutes ({own}); what is left is then cut off without a report."),
                "Make the action's timeout-minutes some minutes shorter than the job's.");
        }
    }

    /// <summary>How long a run may take: as its step says, else as doctor's own inputs and configuration file say.</summary>
    private double OwnMinutes(int? given) => given switch
    {
        0 => double.PositiveInfinity,
        { } minutes => minutes,
        null => timeout == Timeout.InfiniteTimeSpan ? double.PositiveInfinity : timeout.TotalMinutes,
    };

    /// <summary>Whether the workflow's repository is private, by the event's file; null when it does not say.</summary>
    private bool? IsPrivate()
    {
        try
        {
            using var payload = environment["GITHUB_EVENT_PATH"] is { } path && System.IO.File.Exists(path) ? JsonDocument.Parse(System.IO.File.ReadAllBytes(path)) : null;
            return payload is { RootElement.ValueKind: JsonValueKind.Object } && payload.RootElement.TryGetProperty("repository", out var repository)
                && repository.ValueKind == JsonValueKind.Object && repository.TryGetProperty("private", out var isPrivate) && isPrivate.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? isPrivate.GetBoolean()
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
