using System.Text.Json;
using System.Text.Json.Nodes;

namespace MirrorAction.TestKit;

/// <summary>
/// Reads workflow files strictly: a key, an event, an action, a context or a name that it does not know is an error. So a file that it reads
/// says nothing that the <see cref="WorkflowRunner"/> would leave out.
/// </summary>
public static class WorkflowParser
{
    private static readonly Dictionary<string, string[]> s_inputTypes = new()
    {
        ["workflow_dispatch"] = ["boolean", "choice", "number", "string"],
        ["workflow_call"] = ["boolean", "number", "string"],
    };

    /// <summary>Reads a file of the checkout.</summary>
    /// <exception cref="WorkflowException">It is no workflow, or not understood.</exception>
    public static Workflow Load(string path) => Parse(Path.GetRelativePath(Checkout.Root, path), File.ReadAllText(path));

    /// <summary>Reads a text.</summary>
    /// <exception cref="WorkflowException">It is no workflow, or not understood.</exception>
    public static Workflow Parse(string file, string text)
    {
        var root = YamlShape.Load(file, text).Only("name", "on", "permissions", "concurrency", "env", "jobs");
        var jobs = root.Get("jobs").Entries;
        var triggers = ReadTriggers(root.Get("on"), jobs);
        var scope = new ExpressionScope(
            new Dictionary<string, ScopeNames?>
            {
                ["github"] = ExpressionScope.GitHub,
                ["vars"] = null,
                ["inputs"] = ScopeNames.Of(triggers.Values.SelectMany(trigger => trigger.Inputs.Keys)),
            }
        );
        // A workflow that is only ever called has the secrets that it declares and its token; any other has those of its repository.
        var secrets = triggers.Keys.All(name => name == "workflow_call")
            ? ScopeNames.Of(triggers.Values.SelectMany(t => t.Secrets.Keys).Append("GITHUB_TOKEN"))
            : null;
        var env = scope.With(("secrets", secrets)).ReadAll(root.Find("env"));
        return new Workflow
        {
            File = file,
            Name = root.Find("name")?.Text ?? file,
            Triggers = triggers,
            HasNoPermissions = root.Find("permissions") is { IsScalar: false } permissions && permissions.Entries.Count == 0,
            ConcurrencyGroup = ReadConcurrency(root.Find("concurrency"), scope),
            Env = env,
            Jobs = new WorkflowJobParser(scope, secrets, env.Keys).ReadAll(jobs),
        };
    }

    /// <summary>The group; whether a run under way is ended is a matter of GitHub's alone.</summary>
    internal static ExpressionTemplate? ReadConcurrency(YamlShape? shape, ExpressionScope scope)
    {
        if (shape is null || shape.IsScalar)
            return shape is null ? null : scope.Read(shape);
        if (shape.Only("group", "cancel-in-progress").Find("cancel-in-progress") is { } cancel)
            scope.Read(cancel);
        return scope.Read(shape.Get("group"));
    }

    private static Dictionary<string, WorkflowTrigger> ReadTriggers(YamlShape on, IReadOnlyList<KeyValuePair<string, YamlShape>> jobs)
    {
        if (on.IsScalar)
            return new() { [on.Text] = ReadTrigger(on.Text, on, body: null, jobs) };
        return on.IsList
            ? on.Items.ToDictionary(item => item.Text, item => ReadTrigger(item.Text, item, body: null, jobs))
            : on.Entries.ToDictionary(
                entry => entry.Key,
                entry => ReadTrigger(entry.Key, entry.Value, entry.Value.IsNothing ? null : entry.Value, jobs)
            );
    }

    private static WorkflowTrigger ReadTrigger(string name, YamlShape place, YamlShape? body, IReadOnlyList<KeyValuePair<string, YamlShape>> jobs)
    {
        var trigger = new WorkflowTrigger(
            [],
            new Dictionary<string, WorkflowInput>(),
            new Dictionary<string, bool>(),
            new Dictionary<string, ExpressionTemplate>()
        );
        switch (name)
        {
            case "schedule":
                foreach (var line in (body ?? throw place.Refuse("must be a list of cron lines")).Items)
                    CheckCron(line.Only("cron").Get("cron"));
                return trigger;
            case "push" or "create" or "delete":
                return body is null ? trigger : throw body.Refuse("must be empty: filters are not understood");
            case "repository_dispatch":
                return trigger with { Types = [.. body?.Only("types").Get("types").Items.Select(item => item.Text) ?? []] };
            case "workflow_dispatch":
                return trigger with { Inputs = ReadInputs(body?.Only("inputs").Find("inputs"), s_inputTypes[name]) };
            case "workflow_call":
                body?.Only("inputs", "secrets", "outputs");
                return trigger with
                {
                    Inputs = ReadInputs(body?.Find("inputs"), s_inputTypes[name]),
                    Secrets =
                        body?.Find("secrets")
                            ?.Entries.ToDictionary(
                                s => s.Key,
                                s => !s.Value.IsNothing && (s.Value.Only("description", "required").Find("required")?.Flag ?? false)
                            )
                        ?? [],
                    Outputs = ReadOutputs(body?.Find("outputs"), jobs),
                };
            default:
                throw place.Refuse($"starts the workflow by the event {name}, which is not understood");
        }
    }

    private static Dictionary<string, WorkflowInput> ReadInputs(YamlShape? inputs, string[] types) =>
        inputs?.Entries.ToDictionary(
            entry => entry.Key,
            entry =>
            {
                var input = entry.Value.Only("description", "type", "required", "default", "options");
                var type = input.Find("type")?.Text ?? (types.Contains("choice") ? "string" : throw input.Refuse("must have a type"));
                if (!types.Contains(type))
                    throw input.Refuse($"has the type {type}; known are {string.Join(", ", types)}");
                var options = input.Find("options")?.Items.Select(item => item.Text).ToList() ?? [];
                var value = input.Find("default")?.Value();
                if (value is not null && !Fits(value, type, options))
                    throw input.Refuse($"has a default that is no {type}");
                return new WorkflowInput(type, input.Find("required")?.Flag ?? false, value, options);
            }
        )
        ?? [];

    /// <summary>Whether a value can be given to an input of this type.</summary>
    internal static bool Fits(JsonNode? value, string type, IReadOnlyList<string> options) =>
        type switch
        {
            "boolean" => ExpressionValue.Kind(value) is JsonValueKind.True or JsonValueKind.False,
            "number" => ExpressionValue.Kind(value) is JsonValueKind.Number,
            "choice" => options.Contains(ExpressionValue.ToText(value)),
            _ => ExpressionValue.Kind(value) is JsonValueKind.String or JsonValueKind.Number,
        };

    private static Dictionary<string, ExpressionTemplate> ReadOutputs(YamlShape? outputs, IReadOnlyList<KeyValuePair<string, YamlShape>> jobs)
    {
        var scope = new ExpressionScope(
            new Dictionary<string, ScopeNames?>
            {
                ["jobs"] = new(jobs.ToDictionary(job => job.Key, job => (ScopeNames?)WorkflowJobParser.NamesOf(job.Value))),
            }
        );
        return outputs?.Entries.ToDictionary(entry => entry.Key, entry => scope.Read(entry.Value.Only("description", "value").Get("value"))) ?? [];
    }

    private static void CheckCron(YamlShape cron)
    {
        var fields = cron.Text.Split(' ');
        if (fields.Length != 5 || !fields.All(field => field.Length > 0 && field.All(c => char.IsAsciiDigit(c) || c is '*' or '/' or ',' or '-')))
            throw cron.Refuse("must be a cron line of five fields");
    }
}
