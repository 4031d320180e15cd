using System.Text.Json.Nodes;

namespace MirrorAction.TestKit;

/// <summary>A workflow file, read and checked by <see cref="WorkflowParser"/>.</summary>
public sealed class Workflow
{
    /// <summary>The file's name, for messages.</summary>
    public required string File { get; init; }

    /// <summary>The name that it is shown by.</summary>
    public required string Name { get; init; }

    /// <summary>What starts it, by the name of the event.</summary>
    public required IReadOnlyDictionary<string, WorkflowTrigger> Triggers { get; init; }

    /// <summary>Whether it gives its token no permission at all.</summary>
    public required bool HasNoPermissions { get; init; }

    /// <summary>The group of which one run goes at a time; null for none.</summary>
    public required ExpressionTemplate? ConcurrencyGroup { get; init; }

    /// <summary>Environment variables of all steps.</summary>
    public required IReadOnlyDictionary<string, ExpressionTemplate> Env { get; init; }

    /// <summary>The jobs, each behind those that it needs.</summary>
    public required IReadOnlyList<WorkflowJob> Jobs { get; init; }

    /// <summary>Whether an event starts it.</summary>
    public bool IsStartedBy(WorkflowEvent e) =>
        Triggers.TryGetValue(e.Name, out var trigger) && (trigger.Types.Count == 0 || trigger.Types.Contains((string?)e.Payload["action"]));
}

/// <summary>What starts a workflow: the types of the event (none for all), and what a dispatch or a call gives and gets.</summary>
public sealed record WorkflowTrigger(
    IReadOnlyList<string> Types,
    IReadOnlyDictionary<string, WorkflowInput> Inputs,
    IReadOnlyDictionary<string, bool> Secrets,
    IReadOnlyDictionary<string, ExpressionTemplate> Outputs
);

/// <summary>An input of a dispatch or a call: <c>boolean</c>, <c>number</c>, <c>string</c> or <c>choice</c>.</summary>
public sealed record WorkflowInput(string Type, bool Required, JsonNode? Default, IReadOnlyList<string> Options);

/// <summary>A job: steps, or the call of another workflow.</summary>
public sealed class WorkflowJob
{
    public required string Id { get; init; }

    public required ExpressionTemplate Name { get; init; }

    public required IReadOnlyList<string> Needs { get; init; }

    public required ExpressionTemplate If { get; init; }

    public required IReadOnlyDictionary<string, ExpressionTemplate> Env { get; init; }

    public required IReadOnlyDictionary<string, ExpressionTemplate> Outputs { get; init; }

    /// <summary>The matrix: an object of lists, or an expression that gives one; null for none.</summary>
    public required WorkflowMatrix? Matrix { get; init; }

    /// <summary>Minutes after which GitHub ends it; null where the file leaves it at six hours.</summary>
    public required int? TimeoutMinutes { get; init; }

    public required IReadOnlyList<WorkflowStep> Steps { get; init; }

    /// <summary>The workflow that it calls; null for a job with steps.</summary>
    public required string? Calls { get; init; }

    public required IReadOnlyDictionary<string, ExpressionTemplate> With { get; init; }

    public required IReadOnlyDictionary<string, ExpressionTemplate> Secrets { get; init; }
}

/// <summary>The values of a matrix by their names, or one expression for all of it.</summary>
public sealed record WorkflowMatrix(ExpressionTemplate? Whole, IReadOnlyDictionary<string, IReadOnlyList<ExpressionTemplate>> Lists, bool FailFast);

/// <summary>A step: <c>uses</c> or <c>run</c>.</summary>
public sealed class WorkflowStep
{
    public required string? Id { get; init; }

    public required ExpressionTemplate? Name { get; init; }

    public required ExpressionTemplate If { get; init; }

    public required KnownAction? Uses { get; init; }

    public required IReadOnlyDictionary<string, ExpressionTemplate> With { get; init; }

    public required IReadOnlyDictionary<string, ExpressionTemplate> Env { get; init; }

    public required ExpressionTemplate? Run { get; init; }

    /// <summary><c>bash</c>, or null for what a runner takes where nothing is said.</summary>
    public required string? Shell { get; init; }

    public required bool ContinueOnError { get; init; }
}
