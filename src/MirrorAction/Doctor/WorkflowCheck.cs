using System.Text.Json;
using MirrorAction.Configuration;
using MirrorAction.Hosts;

namespace MirrorAction.Doctor;

/// <summary>
/// Pitfalls of the workflow that runs the action: those of schedules above all. Reads <c>.github/workflows</c> of the workspace and the event's file, where
/// they are there.
/// </summary>
/// <param name="environment">The variables of the process.</param>
/// <param name="workspace">The folder that the workflow's repository is checked out to, if it is.</param>
/// <param name="timeout">How long a run may take where its step does not say.</param>
internal sealed class WorkflowCheck(EnvironmentVariables environment, string workspace, TimeSpan timeout)
{
    private const string Whole = "Workflow file";
    private const string Schedule = "Workflow schedule";

    /// <summary>No workflow is as long; what is longer is not read.</summary>
    private const int MaxBytes = 512 * 1024;

    /// <summary>One finding or more.</summary>
    public IReadOnlyList<Finding> Run()
    {
        List<WorkflowFile> files;
        try
        {
            files = Find();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [new(FindingLevel.Warning, Whole, $"Not checked, because it can't be read: {e.Message}")];
        }

        return files.Count > 0
            ? [.. Unscheduled(files), .. files.SelectMany(Judge)]
            : [new(FindingLevel.Ok, Whole, "Not checked, because no workflow that mirrors is checked out here; with actions/checkout before it, doctor looks for pitfalls of schedules.")];
    }

    /// <summary>The workflow that runs, if it mirrors too; otherwise all that do.</summary>
    private List<WorkflowFile> Find()
    {
        var folder = Path.Combine(workspace, ".github", "workflows");
        var paths = Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : [];
        var all = paths.Where(path => IsYaml(path) && new FileInfo(path).Length <= MaxBytes).Order(StringComparer.Ordinal)
            .Select(path => WorkflowFile.TryRead(Path.GetFileName(path), File.ReadAllText(path))).OfType<WorkflowFile>().Where(file => file.Limits.Count > 0).ToList();

        // acme/mirror/.github/workflows/mirror.yml@refs/heads/main
        var running = environment["GITHUB_WORKFLOW_REF"] is { } reference ? Path.GetFileName(reference.Split('@')[0]) : null;
        return all.Find(file => file.Name == running) is { } own ? [own] : all;
    }

    private static bool IsYaml(string path) => Path.GetExtension(path) is ".yml" or ".yaml";

    private IEnumerable<Finding> Judge(WorkflowFile file)
    {
        var findings = JudgeSchedule(file).Concat(JudgeRest(file)).ToList();
        return findings.Count > 0 ? findings : [new(FindingLevel.Ok, Whole, $"{file.Name}: nothing about its schedule, concurrency and time limit stands out.")];
    }

    private static IEnumerable<Finding> Unscheduled(List<WorkflowFile> files)
    {
        if (files.TrueForAll(file => file.Crons.Count == 0))
        {
            var names = NameList.Of([.. files.Select(file => file.Name)]);
            yield return new(FindingLevel.Warning, Schedule, $"No schedule in {names}: a mirror runs only when something starts it.", "Add on: schedule: - cron: '23 4 * * *'.");
        }
    }

    private IEnumerable<Finding> JudgeSchedule(WorkflowFile file)
    {
        // Digits only, or lists of them: a step such as */30 begins at minute 0 too.
        if (file.Crons.Any(cron => cron.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var minute, ..] && (minute.Split(',').Any(m => m is "0" or "00") || minute[0] == '*')))
        {
            yield return new(FindingLevel.Warning, Schedule, $"{file.Name} is due at the full hour, when GitHub delays schedules most and drops some.", "Choose an odd minute, such as '23 4 * * *'.");
        }

        if (file.Crons.Count > 0 && IsPrivate() is not true)
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

        var tight = file.Limits.Select(limit => (limit.Job, Run: limit.Step switch { null => timeout, 0 => Timeout.InfiniteTimeSpan, { } own => TimeSpan.FromMinutes(own) }))
            .Where(limit => limit.Run == Timeout.InfiniteTimeSpan || limit.Job < limit.Run.TotalMinutes).OrderBy(limit => limit.Job).ToList();
        if (tight is [var (job, run), ..])
        {
            var limit = run == Timeout.InfiniteTimeSpan ? "no limit" : FormattableString.Invariant($"{run.TotalMinutes:0}");
            yield return new(
                FindingLevel.Warning, "Workflow timeout", FormattableString.Invariant($"{file.Name} ends its job after {job} minutes, before the run's own timeout-minutes ({limit}); what is left is then cut off without a report."),
                "Make the action's timeout-minutes some minutes shorter than the job's.");
        }
    }

    /// <summary>Whether the workflow's repository is private, by the event's file; null when it does not say.</summary>
    private bool? IsPrivate()
    {
        try
        {
            using var payload = environment["GITHUB_EVENT_PATH"] is { } path && File.Exists(path) ? JsonDocument.Parse(File.ReadAllBytes(path)) : null;
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
