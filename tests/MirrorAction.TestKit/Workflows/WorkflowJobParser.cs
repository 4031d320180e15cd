using System.Text.Json.Nodes;

namespace MirrorAction.TestKit;

/// <summary>Reads the jobs of a workflow; see <see cref="WorkflowParser"/>.</summary>
internal sealed class WorkflowJobParser(ExpressionScope scope, ScopeNames? secrets, IEnumerable<string> env)
{
    private static readonly string[] s_any = ["name", "needs", "if", "strategy", "concurrency", "permissions"];
    private static readonly string[] s_call = [.. s_any, "uses", "with", "secrets"];
    private static readonly string[] s_steps = [.. s_any, "runs-on", "timeout-minutes", "env", "outputs", "steps"];
    private static readonly ScopeNames s_strategy = ScopeNames.Of("job-index", "job-total", "fail-fast", "max-parallel");
    private static readonly ScopeNames s_runner = ScopeNames.Of("os", "arch", "name", "temp");

    /// <summary>What others can ask of a job: its result and its outputs.</summary>
    public static ScopeNames NamesOf(YamlShape job) =>
        new(
            new Dictionary<string, ScopeNames?>
            {
                ["result"] = null,
                ["outputs"] = job.Find("uses") is null ? ScopeNames.Of(job.Find("outputs")?.Entries.Select(output => output.Key) ?? []) : null,
            }
        );

    /// <summary>All jobs, each behind those that it needs.</summary>
    public IReadOnlyList<WorkflowJob> ReadAll(IReadOnlyList<KeyValuePair<string, YamlShape>> jobs)
    {
        var read = new List<WorkflowJob>();
        while (read.Count < jobs.Count)
        {
            var ready = jobs.Where(job => read.TrueForAll(done => done.Id != job.Key)).ToList();
            var next = ready.Find(job => NeedsOf(job.Value).All(need => read.Exists(done => done.Id == need)));
            if (next.Key is null)
                throw ready[0].Value.Refuse("needs a job that is not there, or one that needs it in turn");
            read.Add(Read(next.Key, next.Value, jobs.ToDictionary()));
        }

        return read;
    }

    private static IReadOnlyList<string> NeedsOf(YamlShape job) =>
        job.Find("needs") is not { } needs ? []
        : needs.IsList ? [.. needs.Items.Select(item => item.Text)]
        : [needs.Text];

    private WorkflowJob Read(string id, YamlShape job, Dictionary<string, YamlShape> jobs)
    {
        var calls = job.Find("uses");
        job.Only(calls is null ? s_steps : s_call);
        var needs = NeedsOf(job);
        var early = scope.With(("needs", new ScopeNames(needs.ToDictionary(need => need, need => (ScopeNames?)NamesOf(jobs[need])))));
        var matrix = ReadMatrix(job.Find("strategy"), early);
        var inJob = early.With(("strategy", s_strategy), ("matrix", matrix?.Whole is null ? ScopeNames.Of(matrix?.Lists.Keys ?? []) : null));
        WorkflowParser.ReadConcurrency(job.Find("concurrency"), inJob);
        var jobEnv = inJob.With(("secrets", secrets)).ReadAll(job.Find("env"));
        var inStep = inJob.With(("secrets", secrets), ("runner", s_runner), ("env", ScopeNames.Of(env.Concat(jobEnv.Keys))));
        var ids = new Dictionary<string, ScopeNames?>();
        var steps = calls is null ? job.Get("steps").Items.Select(step => ReadStep(step, inStep, ids)).ToList() : [];
        if (calls is null)
            inJob.Read(job.Get("runs-on"));
        return new WorkflowJob
        {
            Id = id,
            Name = job.Find("name") is { } name ? inJob.Read(name) : ExpressionTemplate.Of(id),
            Needs = needs,
            If = job.Find("if") is { } condition ? early.ReadCondition(condition) : ExpressionTemplate.Of(true),
            Env = jobEnv,
            Outputs = inStep.With(("steps", new ScopeNames(ids))).ReadAll(job.Find("outputs")),
            Matrix = matrix,
            TimeoutMinutes = job.Find("timeout-minutes") is { } timeout ? (int)ExpressionValue.ToNumber(timeout.Value()) : null,
            Steps = steps,
            Calls = calls?.Text,
            With = inJob.ReadAll(job.Find("with")),
            Secrets = inJob.With(("secrets", secrets)).ReadAll(job.Find("secrets")),
        };
    }

    private static WorkflowMatrix? ReadMatrix(YamlShape? strategy, ExpressionScope scope)
    {
        if (strategy?.Only("matrix", "fail-fast", "max-parallel").Find("matrix") is not { } matrix)
            return null;
        if (strategy.Find("max-parallel") is { } parallel)
            scope.Read(parallel);
        var failFast = strategy.Find("fail-fast")?.Flag ?? true;
        if (matrix.IsScalar)
            return new WorkflowMatrix(scope.Read(matrix), new Dictionary<string, IReadOnlyList<ExpressionTemplate>>(), failFast);
        if (matrix.Find("include") is not null || matrix.Find("exclude") is not null)
            throw matrix.Refuse("has include or exclude, which are not understood");
        return new WorkflowMatrix(
            Whole: null,
            matrix.Entries.ToDictionary(
                list => list.Key,
                list => (IReadOnlyList<ExpressionTemplate>)[.. list.Value.IsList ? list.Value.Items.Select(scope.Read) : [scope.Read(list.Value)]]
            ),
            failFast
        );
    }

    private static WorkflowStep ReadStep(YamlShape step, ExpressionScope scope, Dictionary<string, ScopeNames?> ids)
    {
        var uses = step.Find("uses");
        step.Only([
            "id",
            "name",
            "if",
            "env",
            "continue-on-error",
            "timeout-minutes",
            .. uses is null ? (string[])["run", "shell"] : ["uses", "with"],
        ]);
        var seen = scope.With(("steps", new ScopeNames(new Dictionary<string, ScopeNames?>(ids))));
        var env = seen.ReadAll(step.Find("env"));
        var action = uses?.At(() => KnownAction.Find(uses.Text));
        if (step.Find("shell") is { Text: not "bash" } shell)
            throw shell.Refuse("must be bash");
        if (action is not null)
            step.Find("with")?.Only([.. action.Inputs.Keys]);
        var id = step.Find("id")?.Text;
        if (
            id is not null
            && !ids.TryAdd(
                id,
                new ScopeNames(
                    new Dictionary<string, ScopeNames?>
                    {
                        ["outcome"] = null,
                        ["conclusion"] = null,
                        ["outputs"] = action is null ? null : ScopeNames.Of(action.Outputs),
                    }
                )
            )
        )
        {
            throw step.Refuse($"has the id {id} of another step");
        }

        return new WorkflowStep
        {
            Id = id,
            Name = step.Find("name") is { } name ? seen.Read(name) : null,
            If = step.Find("if") is { } condition ? seen.ReadCondition(condition) : ExpressionTemplate.Of(true),
            Uses = action,
            With = seen.ReadAll(step.Find("with")),
            Env = env,
            Run = uses is null ? seen.Read(step.Get("run")) : null,
            Shell = step.Find("shell")?.Text,
            ContinueOnError = step.Find("continue-on-error")?.Flag ?? false,
        };
    }
}
