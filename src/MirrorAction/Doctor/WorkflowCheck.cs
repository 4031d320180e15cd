using System.Globalization;
using System.Text.Json;
using MirrorAction.Hosts;
using MirrorAction.Inputs;

namespace MirrorAction.Doctor;

/// <summary>
/// Pitfalls of the workflow that runs the action: those of schedules above all. Reads <c>.github/workflows</c> of the workspace and the event's file,
/// where they are there.
/// </summary>
/// <param name="environment">The variables of the process.</param>
/// <param name="workspace">The folder that the workflow's repository is checked out to, if it is.</param>
/// <param name="timeout">How long a run may take where its step does not say.</param>
internal sealed class WorkflowCheck(EnvironmentVariables environment, string workspace, TimeSpan timeout)
{
    private const string Whole = "Workflow file";
    private const string Schedule = "Workflow schedule";

    /// <summary>No workflow is as long.</summary>
    private const int MaxBytes = 512 * 1024;

    /// <summary>No repository has as many workflows.</summary>
    private const int MaxFiles = 500;

    /// <summary>So many that can't be read are named.</summary>
    private const int MaxNamed = 20;

    /// <summary>The event of a push with thousands of commits is shorter.</summary>
    private const int MaxEventBytes = 32 * 1024 * 1024;

    private readonly List<Diagnostic> _unread = [];

    /// <summary>One finding or more.</summary>
    public IReadOnlyList<Diagnostic> Run()
    {
        var files = Find();
        List<Diagnostic> unread = [.. _unread.Take(MaxNamed)];
        if (_unread.Count > MaxNamed)
        {
            unread.Add(new(DiagnosticLevel.Warning, Whole, FormattableString.Invariant($"{_unread.Count - MaxNamed} more can't be read.")));
        }

        return files.Count > 0 ? [.. unread, .. Unscheduled(files), .. files.SelectMany(Evaluate)]
            : unread.Count > 0 ? unread
            :
            [
                new(
                    DiagnosticLevel.NotChecked,
                    Whole,
                    "Not checked, because no workflow that mirrors is checked out here; "
                        + "with actions/checkout before it, doctor looks for pitfalls of schedules."
                ),
            ];
    }

    /// <summary>The workflow that runs, if it mirrors too; otherwise all that do.</summary>
    private List<WorkflowFile> Find()
    {
        // acme/mirror/.github/workflows/mirror.yml@refs/heads/main
        var running = environment["GITHUB_WORKFLOW_REF"] is { } reference ? Path.GetFileName(reference.Split('@')[0]) : null;
        var all = Paths()
            .OrderBy(path => Path.GetFileName(path) != running)
            .ThenBy(path => path, StringComparer.Ordinal)
            .Take(MaxFiles)
            .Select(Read)
            .OfType<WorkflowFile>()
            .Where(file => file.Limits.Count > 0)
            .ToList();
        return all.Find(file => file.Name == running) is { } own ? [own] : all;
    }

    private string[] Paths()
    {
        var folder = Path.Combine(workspace, ".github", "workflows");
        try
        {
            return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Where(path => Path.GetExtension(path) is ".yml" or ".yaml")] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _unread.Add(new(DiagnosticLevel.NotChecked, Whole, $"Not checked, because .github/workflows can't be read: {e.Message}"));
            return [];
        }
    }

    /// <summary>One file that can't be read costs no more than what it would have said.</summary>
    private WorkflowFile? Read(string path)
    {
        var name = Path.GetFileName(path);
        try
        {
            return WorkflowFile.Read(name, OrdinaryFile.ReadBytes(path, MaxBytes));
        }
        catch (Exception e)
        {
            const string Hint = "Mend it or delete it; GitHub does not run what it can't read either.";
            _unread.Add(new(DiagnosticLevel.Warning, Whole, $"{name} can't be read: {e.Message}", Hint));
            return null;
        }
    }

    private IEnumerable<Diagnostic> Evaluate(WorkflowFile file)
    {
        var findings = JudgeSchedule(file).Concat(JudgeRest(file)).ToList();
        return findings.Count > 0
            ? findings
            : [new(DiagnosticLevel.Ok, Whole, $"{file.Name}: nothing about its schedule, concurrency and time limit stands out.")];
    }

    private static IEnumerable<Diagnostic> Unscheduled(List<WorkflowFile> files)
    {
        if (files.TrueForAll(file => file.Crons.Count == 0))
        {
            var names = NameList.Of([.. files.Select(file => file.Name)]);
            yield return new(
                DiagnosticLevel.Warning,
                Schedule,
                $"No schedule in {names}: a mirror runs only when something starts it.",
                "Add on: schedule: - cron: '23 4 * * *'."
            );
        }
    }

    private IEnumerable<Diagnostic> JudgeSchedule(WorkflowFile file)
    {
        // Digits only, or lists of them: a step such as */30 begins at minute 0 too.
        if (
            file.Crons.Any(cron =>
                cron.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var minute, ..]
                && (minute.Split(',').Any(m => m is "0" or "00") || minute[0] == '*')
            )
        )
        {
            yield return new(
                DiagnosticLevel.Warning,
                Schedule,
                $"{file.Name} is due at the full hour, when GitHub delays schedules most and drops some.",
                "Choose an odd minute, such as '23 4 * * *'."
            );
        }

        if (file.Crons.Count > 0 && IsPrivate() is not true)
        {
            yield return new(
                DiagnosticLevel.Warning,
                Schedule,
                $"{(IsPrivate() is null ? "If its repository is public, " : "Its repository is public: ")}"
                    + $"GitHub disables the schedule of {file.Name} after 60 days without a commit.",
                "Keep the workflow in a private repository, or in one that people work in; "
                    + "or enable it every week, as examples/keep-schedule.yml does."
            );
        }
    }

    private IEnumerable<Diagnostic> JudgeRest(WorkflowFile file)
    {
        if (!file.HasConcurrency)
        {
            yield return new(
                DiagnosticLevel.Warning,
                "Workflow concurrency",
                $"{file.Name} lets two runs go at the same time.",
                "Add concurrency: with group: mirror and cancel-in-progress: false."
            );
        }

        var tight = file
            .Limits.Select(limit =>
                (
                    limit.Job,
                    Run: limit.Step switch
                    {
                        null => timeout,
                        0 => Timeout.InfiniteTimeSpan,
                        { } own => TimeSpan.FromMinutes(own),
                    }
                )
            )
            .Where(limit => limit.Run == Timeout.InfiniteTimeSpan || limit.Job < limit.Run.TotalMinutes)
            .OrderBy(limit => limit.Job)
            .ToList();
        if (tight is [var (job, run), ..])
        {
            var limit = run == Timeout.InfiniteTimeSpan ? "no limit" : FormattableString.Invariant($"{run.TotalMinutes:0}");
            yield return new(
                DiagnosticLevel.Warning,
                "Workflow timeout",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{file.Name} ends its job after {job} minutes, before the run's own "
                        + $"timeout-minutes ({limit}); what is left is then cut off without a report."
                ),
                "Make the action's timeout-minutes some minutes shorter than the job's."
            );
        }
    }

    /// <summary>Whether the workflow's repository is private, by the event's file; null when it does not say.</summary>
    private bool? IsPrivate()
    {
        try
        {
            if (environment["GITHUB_EVENT_PATH"] is not { } path || !File.Exists(path))
            {
                return null;
            }

            using var payload = JsonDocument.Parse(OrdinaryFile.ReadBytes(path, MaxEventBytes));
            return
                payload is { RootElement.ValueKind: JsonValueKind.Object }
                && payload.RootElement.TryGetProperty("repository", out var repository)
                && repository.ValueKind == JsonValueKind.Object
                && repository.TryGetProperty("private", out var isPrivate)
                && isPrivate.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? isPrivate.GetBoolean()
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or JsonException)
        {
            return null;
        }
    }
}

/// <summary>Whether GitHub has disabled a workflow beside the one that runs, because nobody committed to their repository for 60 days.</summary>
internal static class WorkflowStateCheck
{
    private const string Inactive = "disabled_inactivity";

    /// <summary>One request where a workflow runs this; a host that does not tell is no finding.</summary>
    /// <param name="source">The source, which may be where the workflow's repository is.</param>
    /// <param name="repository">The workflow's repository, <c>owner/name</c>; null where no workflow runs this.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<IReadOnlyList<Diagnostic>> RunAsync(ISourceDiagnostics source, string? repository, CancellationToken cancellationToken)
    {
        if (repository?.Split('/') is not [{ Length: > 0 } owner, { Length: > 0 } name])
        {
            return [];
        }

        var states = await source.ListWorkflowStatesAsync(owner, name, cancellationToken);
        var inactive = states.Where(state => state.Value == Inactive).Select(state => state.Key).Order(StringComparer.Ordinal).ToList();
        return inactive.Count == 0
            ? []
            :
            [
                new Diagnostic(
                    DiagnosticLevel.Problem,
                    "Workflow state",
                    $"GitHub has disabled {NameList.Of(inactive)} of {repository}, because nobody committed there for 60 days ({Inactive}): "
                        + "the schedule does not start it any more.",
                    $"Enable it under Actions, or by PUT /repos/{repository}/actions/workflows/{inactive[0]}/enable; examples/keep-schedule.yml does "
                        + "so every week, which keeps GitHub from disabling it."
                ),
            ];
    }
}
