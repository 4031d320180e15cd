using System.Text.Json.Nodes;

namespace MirrorAction.TestKit;

/// <summary>What became of a workflow.</summary>
/// <param name="Jobs">Its jobs in the order in which they went, one for each combination of a matrix.</param>
/// <param name="ConcurrencyGroup">The group that it ran in; null for none.</param>
/// <param name="Outputs">What a called workflow gives back.</param>
public sealed record WorkflowRun(IReadOnlyList<JobRun> Jobs, string? ConcurrencyGroup, IReadOnlyDictionary<string, string> Outputs)
{
    /// <summary><c>success</c> or <c>failure</c>.</summary>
    public string Result => Jobs.Any(job => job.Result is "failure" or "cancelled") ? "failure" : "success";

    /// <summary>Everything that was printed.</summary>
    public string Log => string.Concat(Jobs.Select(job => job.Log));

    /// <summary>The only job of this id.</summary>
    public JobRun this[string id] => Jobs.Single(job => job.Id == id);

    public override string ToString() => string.Join('\n', Jobs.Select(job => $"{job.Id}: {job.Result}\n{job.Log}"));
}

/// <summary>What became of a job: <c>success</c>, <c>failure</c>, <c>cancelled</c> or <c>skipped</c>.</summary>
/// <param name="Id">Its id; a job of a called workflow has that of its caller and a slash before it.</param>
/// <param name="Name">The name that it is shown by.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Matrix">Its values of the matrix; empty without one.</param>
/// <param name="Outputs">What jobs that need it can read.</param>
/// <param name="Steps">Its steps, none where it was skipped or calls a workflow.</param>
public sealed record JobRun(
    string Id,
    string Name,
    string Result,
    JsonObject Matrix,
    IReadOnlyDictionary<string, string> Outputs,
    IReadOnlyList<StepRun> Steps
)
{
    /// <summary>Everything that was printed.</summary>
    public string Log => string.Concat(Steps.Select(step => step.Log));

    /// <summary>The step of this id or name.</summary>
    public StepRun this[string step] => Steps.Single(s => s.Id == step || s.Name == step);
}

/// <summary>What became of a step.</summary>
/// <param name="Id">Its id; null without one.</param>
/// <param name="Name">Its name, or what it uses or runs.</param>
/// <param name="Outcome"><c>success</c>, <c>failure</c> or <c>skipped</c>.</param>
/// <param name="Conclusion">The same, but <c>success</c> for a failure under <c>continue-on-error</c>.</param>
/// <param name="Outputs">What it wrote to <c>GITHUB_OUTPUT</c>.</param>
/// <param name="Log">What it printed.</param>
/// <param name="Summary">What it wrote to <c>GITHUB_STEP_SUMMARY</c>.</param>
public sealed record StepRun(
    string? Id,
    string Name,
    string Outcome,
    string Conclusion,
    IReadOnlyDictionary<string, string> Outputs,
    string Log,
    string Summary
);
