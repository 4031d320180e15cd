using MirrorAction.Hosts;

namespace MirrorAction.Doctor;

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
