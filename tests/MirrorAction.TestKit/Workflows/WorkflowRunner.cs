using System.Text.Json.Nodes;

namespace MirrorAction.TestKit;

/// <summary>
/// Runs workflows on this machine, one job after the other. Steps of this repository's action run the real program with the environment that
/// GitHub's runner gives it, <c>run</c> steps run in bash, checkout and artifacts are copies of folders. Nobody masks what is printed.
/// </summary>
/// <remarks>
/// Left to GitHub: clocks, waiting (<c>concurrency</c>, <c>max-parallel</c>), limits of time, permissions of the token, the container.
/// </remarks>
public sealed class WorkflowRunner(WorkflowWorld world) : IDisposable
{
    private readonly TempFolder _folder = new("workflow-");

    /// <summary>Runs a workflow for an event, and waits for its end.</summary>
    /// <exception cref="WorkflowException">The event does not start it, or GitHub would refuse the run.</exception>
    public async Task<WorkflowRun> RunAsync(Workflow workflow, WorkflowEvent e)
    {
        if (!workflow.IsStartedBy(e))
            throw new WorkflowException($"{workflow.File}: the event {e.Name} does not start it.");
        var payload = (JsonObject)e.Payload.DeepClone();
        var inputs = new JsonObject();
        if (e.Name == "workflow_dispatch")
        {
            inputs = WorkflowInputs.OfForm(workflow, workflow.Triggers[e.Name].Inputs, payload["inputs"] as JsonObject ?? []);
            payload["inputs"] = new JsonObject(
                inputs.Select(input => KeyValuePair.Create(input.Key, (JsonNode?)ExpressionValue.ToText(input.Value)))
            );
        }

        var secrets = new JsonObject(world.Secrets.Select(secret => KeyValuePair.Create(secret.Key, (JsonNode?)secret.Value)))
        {
            ["GITHUB_TOKEN"] = world.Token,
        };
        using var artifacts = new ArtifactStore();
        return await RunAsync(workflow, world.GitHubOf(e with { Payload = payload }, workflow), inputs, secrets, artifacts, prefix: "");
    }

    public void Dispose() => _folder.Dispose();

    private async Task<WorkflowRun> RunAsync(
        Workflow workflow,
        JsonObject github,
        JsonObject inputs,
        JsonObject secrets,
        ArtifactStore artifacts,
        string prefix
    )
    {
        var context = new ExpressionContext(
            new Dictionary<string, JsonNode?>
            {
                ["github"] = github,
                ["inputs"] = inputs,
                ["vars"] = new JsonObject(),
            }
        );
        var env = Evaluate(workflow.Env, context.With("secrets", secrets));
        var legs = new List<JobRun>();
        var ended = new Dictionary<string, EndedJob>();
        foreach (var job in workflow.Jobs)
        {
            var needs = job.Needs.Select(need => ended[need]).ToList();
            var inJob = context.With(
                "needs",
                new JsonObject(job.Needs.Select(need => KeyValuePair.Create(need, (JsonNode?)ended[need].ToJson())))
            ) with
            {
                Status =
                    needs.Exists(need => need.AnyFailed) ? StatusSoFar.Failure
                    : needs.TrueForAll(need => need.Result == "success") ? StatusSoFar.Success
                    : StatusSoFar.Skipped,
            };
            var runs = job.If.Holds(inJob) ? await RunLegsAsync(job, inJob, env, secrets, artifacts, prefix) : [Skipped(job, prefix, "skipped")];
            legs.AddRange(runs.SelectMany(run => run.Inner));
            ended[job.Id] = EndedJob.Of(runs, needs.Exists(need => need.AnyFailed));
        }

        var jobs = new JsonObject(ended.Select(job => KeyValuePair.Create(job.Key, (JsonNode?)job.Value.ToJson())));
        var outputs = workflow.Triggers.GetValueOrDefault("workflow_call")?.Outputs ?? new Dictionary<string, ExpressionTemplate>();
        return new WorkflowRun(legs, workflow.ConcurrencyGroup?.Text(context), Evaluate(outputs, context.With("jobs", jobs)));
    }

    private async Task<List<Leg>> RunLegsAsync(
        WorkflowJob job,
        ExpressionContext context,
        IReadOnlyDictionary<string, string> env,
        JsonObject secrets,
        ArtifactStore artifacts,
        string prefix
    )
    {
        var legs = new List<Leg>();
        var combinations = MatrixExpansion.Of(job.Matrix, context);
        for (var i = 0; i < combinations.Count; i++)
        {
            var inLeg = (context with { Status = StatusSoFar.Success })
                .With("matrix", combinations[i])
                .With(
                    "strategy",
                    new JsonObject
                    {
                        ["job-index"] = i,
                        ["job-total"] = combinations.Count,
                        ["fail-fast"] = job.Matrix?.FailFast ?? true,
                        ["max-parallel"] = combinations.Count,
                    }
                );
            if (job.Matrix is { FailFast: true } && legs.Exists(leg => leg.Result == "failure"))
                legs.Add(Skipped(job, prefix, "cancelled"));
            else if (job.Calls is not null)
                legs.Add(await CallAsync(job, inLeg, secrets, artifacts, prefix));
            else
                legs.Add(Leg.Of(await NewJobRunner(artifacts).RunAsync(job, prefix + job.Id, inLeg.With("secrets", secrets), env)));
        }

        return legs;
    }

    private async Task<Leg> CallAsync(WorkflowJob job, ExpressionContext context, JsonObject secrets, ArtifactStore artifacts, string prefix)
    {
        if (!world.Callable.TryGetValue(job.Calls!, out var called) || !called.Triggers.TryGetValue("workflow_call", out var call))
            throw new WorkflowException($"{job.Id}: there is no workflow {job.Calls} that can be called.");
        var inputs = WorkflowInputs.OfCall(called, call.Inputs, job.With.ToDictionary(value => value.Key, value => value.Value.Evaluate(context)));
        var given = WorkflowInputs.SecretsOfCall(called, call.Secrets, Evaluate(job.Secrets, context.With("secrets", secrets)));
        given["GITHUB_TOKEN"] = world.Token;
        var run = await RunAsync(called, (JsonObject)context.Contexts["github"]!, inputs, given, artifacts, $"{prefix}{job.Id}/");
        return new Leg(run.Result, run.Outputs, run.Jobs);
    }

    private JobRunner NewJobRunner(ArtifactStore artifacts) => new(world, artifacts, _folder.CreateFolder(Guid.NewGuid().ToString("n")));

    private static Leg Skipped(WorkflowJob job, string prefix, string result) =>
        Leg.Of(new JobRun(prefix + job.Id, job.Id, result, [], new Dictionary<string, string>(), []));

    private static Dictionary<string, string> Evaluate(IReadOnlyDictionary<string, ExpressionTemplate> values, ExpressionContext context) =>
        values.ToDictionary(value => value.Key, value => value.Value.Text(context));

    /// <summary>A job, or one combination of its matrix; one that calls a workflow has the jobs of that one inside.</summary>
    private sealed record Leg(string Result, IReadOnlyDictionary<string, string> Outputs, IReadOnlyList<JobRun> Inner)
    {
        public static Leg Of(JobRun run) => new(run.Result, run.Outputs, [run]);
    }

    /// <summary>What later jobs know of a job: of the combinations of a matrix, the last that gave an output decides it.</summary>
    private sealed record EndedJob(string Result, Dictionary<string, string> Outputs, bool AnyFailed)
    {
        public static EndedJob Of(List<Leg> legs, bool failedBefore)
        {
            var result = Array.Find(["failure", "cancelled", "skipped"], result => legs.Exists(leg => leg.Result == result)) ?? "success";
            var outputs = new Dictionary<string, string>();
            foreach (var (name, value) in legs.SelectMany(leg => leg.Outputs))
            {
                if (value.Length > 0 || !outputs.ContainsKey(name))
                    outputs[name] = value;
            }

            return new EndedJob(result, outputs, failedBefore || result == "failure");
        }

        public JsonObject ToJson() =>
            new()
            {
                ["result"] = Result,
                ["outputs"] = new JsonObject(Outputs.Select(output => KeyValuePair.Create(output.Key, (JsonNode?)output.Value))),
            };
    }
}
