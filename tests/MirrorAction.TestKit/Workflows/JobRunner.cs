using System.Diagnostics;
using System.Text.Json.Nodes;

namespace MirrorAction.TestKit;

/// <summary>Runs the steps of one job in a folder of its own.</summary>
internal sealed class JobRunner(WorkflowWorld world, ArtifactStore artifacts, string folder)
{
    private readonly string _workspace = Directory.CreateDirectory(Path.Combine(folder, "workspace")).FullName;
    private readonly List<StepRun> _steps = [];
    private string _name = "";

    public async Task<JobRun> RunAsync(WorkflowJob job, string id, ExpressionContext context, IReadOnlyDictionary<string, string> env)
    {
        _name = job.Name.Text(context);
        var all = Merge(env, job.Env, context);
        context = context.With(
            "runner",
            new JsonObject
            {
                ["os"] = "Linux",
                ["arch"] = "X64",
                ["name"] = "loopback",
                ["temp"] = folder,
            }
        );
        var inStep = context;
        foreach (var step in job.Steps)
        {
            inStep = context.With("env", ToJson(all)).With("steps", Known()) with
            {
                Status = _steps.Exists(s => s.Conclusion == "failure") ? StatusSoFar.Failure : StatusSoFar.Success,
            };
            _steps.Add(await RunAsync(job, step, inStep, all));
        }

        inStep = inStep.With("steps", Known());
        return new JobRun(
            id,
            _name,
            _steps.Exists(step => step.Conclusion == "failure") ? "failure" : "success",
            (JsonObject)context.Contexts["matrix"]!,
            job.Outputs.ToDictionary(output => output.Key, output => output.Value.Text(inStep)),
            _steps
        );
    }

    private async Task<StepRun> RunAsync(WorkflowJob job, WorkflowStep step, ExpressionContext context, Dictionary<string, string> env)
    {
        var name = step.Name?.Text(context) ?? step.Uses?.Name ?? step.Run!.Text(context).Split('\n')[0];
        if (!step.If.Holds(context))
            return new StepRun(step.Id, name, "skipped", "skipped", new Dictionary<string, string>(), "", "");
        var files = Directory.CreateDirectory(Path.Combine(folder, $"step{_steps.Count}")).FullName;
        var environment = Merge(env, step.Env, context);
        foreach (var (variable, value) in RunnerVariables(job, files, context))
            environment[variable] = value;

        var with =
            step.Uses?.Inputs.ToDictionary(input => input.Key, input => (step.With.GetValueOrDefault(input.Key) ?? input.Value)?.Text(context) ?? "")
            ?? [];
        var outcome = step.Uses?.Name switch
        {
            null => await BashAsync(step, step.Run!.Text(context), files, environment),
            KnownAction.Mirror => await MirrorAsync(step, with, environment),
            "actions/checkout" => CheckOut(),
            "actions/upload-artifact" => Ended(artifacts.Upload(_workspace, with)),
            _ => Ended(artifacts.Download(_workspace, with)),
        };
        foreach (var file in (string[])["env", "path"])
        {
            if (File.ReadAllText(Path.Combine(files, file)).Length > 0)
                throw new WorkflowException($"{name}: writes to GITHUB_{file.ToUpperInvariant()}, which is not understood.");
        }

        var result = outcome.ExitCode == 0 ? "success" : "failure";
        return new StepRun(
            step.Id,
            name,
            result,
            step.ContinueOnError ? "success" : result,
            RunnerFileReader.Read(File.ReadAllText(Path.Combine(files, "output"))),
            outcome.Text,
            File.ReadAllText(Path.Combine(files, "summary"))
        );
    }

    private Task<ProgramOutcome> MirrorAsync(WorkflowStep step, Dictionary<string, string> with, Dictionary<string, string> environment)
    {
        foreach (var (name, value) in with)
            environment[$"INPUT_{name.ToUpperInvariant()}"] =
                world.MirrorInputs.TryGetValue(name, out var given) && !step.With.ContainsKey(name) ? given : value;
        return world.MirrorAction(environment, _workspace);
    }

    private async Task<ProgramOutcome> BashAsync(WorkflowStep step, string script, string files, Dictionary<string, string> environment)
    {
        var file = Path.Combine(files, "script.sh");
        await File.WriteAllTextAsync(file, script);
        var start = new ProcessStartInfo("bash", step.Shell is null ? ["-e", file] : ["--noprofile", "--norc", "-eo", "pipefail", file])
        {
            WorkingDirectory = _workspace,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        var path = start.Environment["PATH"];
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.Environment["PATH"] = world.Programs is null ? path : $"{world.Programs}:{path}";
        start.Environment["HOME"] = folder;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new ProgramOutcome(process.ExitCode, await output + await errors);
    }

    private ProgramOutcome CheckOut()
    {
        foreach (var (path, content) in world.Files)
        {
            var file = Path.Combine(_workspace, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, content);
        }

        return Ended(null);
    }

    private static ProgramOutcome Ended(string? error) => error is null ? new ProgramOutcome(0, "") : new ProgramOutcome(1, $"::error::{error}\n");

    private Dictionary<string, string> RunnerVariables(WorkflowJob job, string files, ExpressionContext context)
    {
        var github = (JsonObject)context.Contexts["github"]!;
        var variables = new Dictionary<string, string>
        {
            ["CI"] = "true",
            ["GITHUB_ACTIONS"] = "true",
            ["GITHUB_JOB"] = job.Id,
            ["GITHUB_WORKSPACE"] = _workspace,
        };
        variables["RUNNER_OS"] = "Linux";
        variables["RUNNER_TEMP"] = folder;
        // The runner gives every scalar of the context but the token.
        foreach (var (name, value) in github.Where(entry => entry.Key is not ("event" or "token")))
            variables[$"GITHUB_{name.ToUpperInvariant()}"] = ExpressionValue.ToText(value);
        foreach (
            var (variable, file) in ((string, string)[])
                [("OUTPUT", "output"), ("STEP_SUMMARY", "summary"), ("ENV", "env"), ("PATH", "path"), ("STATE", "state")]
        )
        {
            File.WriteAllText(Path.Combine(files, file), "");
            variables[$"GITHUB_{variable}"] = Path.Combine(files, file);
        }

        variables["GITHUB_EVENT_PATH"] = Path.Combine(files, "event.json");
        File.WriteAllText(variables["GITHUB_EVENT_PATH"], github["event"]!.ToJsonString());
        return variables;
    }

    private JsonObject Known() =>
        new(
            _steps
                .Where(step => step.Id is not null)
                .Select(step =>
                    KeyValuePair.Create(
                        step.Id!,
                        (JsonNode?)
                            new JsonObject
                            {
                                ["outcome"] = step.Outcome,
                                ["conclusion"] = step.Conclusion,
                                ["outputs"] = ToJson(step.Outputs),
                            }
                    )
                )
        );

    private static JsonObject ToJson(IReadOnlyDictionary<string, string> values) =>
        new(values.Select(value => KeyValuePair.Create(value.Key, (JsonNode?)value.Value)));

    private static Dictionary<string, string> Merge(
        IReadOnlyDictionary<string, string> outer,
        IReadOnlyDictionary<string, ExpressionTemplate> inner,
        ExpressionContext context
    )
    {
        var all = new Dictionary<string, string>(outer);
        foreach (var (name, value) in inner)
            all[name] = value.Text(context);
        return all;
    }
}
