using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MirrorAction.TestKit;

/// <summary>
/// A workflow as far as the tests look into it: its form, its jobs and their steps. Nothing is evaluated; whether GitHub would take it is for
/// actionlint to say.
/// </summary>
public sealed class WorkflowFile
{
    private static readonly string[] s_jobKeys =
    [
        "concurrency",
        "env",
        "environment",
        "if",
        "name",
        "needs",
        "outputs",
        "permissions",
        "runs-on",
        "secrets",
        "steps",
        "strategy",
        "timeout-minutes",
        "uses",
        "with",
    ];

    private static readonly string[] s_stepKeys = ["continue-on-error", "env", "id", "if", "name", "run", "uses", "with"];

    private WorkflowFile(string name, string text, YamlMappingNode root)
    {
        (Name, Text, Root) = (name, text, root);
        Form =
        [
            .. new[] { "workflow_dispatch", "workflow_call" }
                .SelectMany(trigger => Entries(Find(root, "on", trigger, "inputs")))
                .Select(input => new WorkflowInput(
                    input.Key,
                    ScalarOf(Find(input.Value, "type")) ?? "string",
                    ScalarOf(Find(input.Value, "default")),
                    Find(input.Value, "options") is YamlSequenceNode options ? [.. options.Select(option => option.ToString())] : [],
                    ScalarOf(Find(input.Value, "required")) == "true"
                )),
        ];
        Jobs = [.. Entries(Find(root, "jobs")).Select(job => ReadJob(job.Key, job.Value))];
    }

    /// <summary>Its path from the root of the checkout.</summary>
    public string Name { get; }

    public string Text { get; }

    public YamlMappingNode Root { get; }

    /// <summary>What whoever starts or calls it may give.</summary>
    public IReadOnlyList<WorkflowInput> Form { get; }

    public IReadOnlyList<WorkflowJob> Jobs { get; }

    public IEnumerable<WorkflowStep> Steps => Jobs.SelectMany(job => job.Steps);

    /// <summary>The step with this id or name.</summary>
    public WorkflowStep this[string step] => Steps.Single(candidate => candidate.Id == step || candidate.Name == step);

    /// <summary>Reads a file of the checkout.</summary>
    public static WorkflowFile Load(params string[] path) => Parse(Path.Combine(path), File.ReadAllText(Checkout.PathOf(path)));

    /// <summary>Reads a text.</summary>
    /// <exception cref="InvalidDataException">It is no workflow, or has a job or step with an unknown key.</exception>
    public static WorkflowFile Parse(string name, string text)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            throw new InvalidDataException($"{name}:{e.Start.Line}: {e.Message}\n{text}");
        }

        return new WorkflowFile(name, text, (YamlMappingNode)yaml.Documents.Single().RootNode);
    }

    /// <summary>What stands below these keys; null where there is nothing.</summary>
    public static YamlNode? Find(YamlNode? node, params string[] keys) =>
        keys.Aggregate(node, (below, key) => below is YamlMappingNode map && map.Children.TryGetValue(key, out var value) ? value : null);

    /// <summary>The text below these keys of the workflow; null where there is none.</summary>
    public string? TextAt(params string[] keys) => ScalarOf(Find(Root, keys));

    /// <summary>The entries of a mapping.</summary>
    public static IEnumerable<KeyValuePair<string, YamlNode>> Entries(YamlNode? node) =>
        node is YamlMappingNode map ? map.Select(entry => KeyValuePair.Create(entry.Key.ToString(), entry.Value)) : [];

    private static string? ScalarOf(YamlNode? node) => (node as YamlScalarNode)?.Value;

    private static Dictionary<string, string> TextsOf(YamlNode? node) =>
        Entries(node).ToDictionary(entry => entry.Key, entry => entry.Value.ToString());

    private WorkflowJob ReadJob(string id, YamlNode job)
    {
        RefuseOtherKeys(job, s_jobKeys);
        var env = TextsOf(Find(Root, "env")).Concat(TextsOf(Find(job, "env")));
        return new WorkflowJob(
            id,
            ScalarOf(Find(job, "name")),
            ScalarOf(Find(job, "if")),
            ScalarOf(Find(job, "timeout-minutes")),
            ScalarOf(Find(job, "uses")),
            TextsOf(Find(job, "with")),
            TextsOf(Find(job, "secrets")),
            Find(job, "steps") is YamlSequenceNode steps ? [.. steps.Select(step => ReadStep(step, env))] : []
        );
    }

    private WorkflowStep ReadStep(YamlNode step, IEnumerable<KeyValuePair<string, string>> env)
    {
        RefuseOtherKeys(step, s_stepKeys);
        return new WorkflowStep(
            ScalarOf(Find(step, "id")),
            ScalarOf(Find(step, "name")),
            ScalarOf(Find(step, "if")),
            ScalarOf(Find(step, "uses")),
            TextsOf(Find(step, "with")),
            env.Concat(TextsOf(Find(step, "env"))).GroupBy(variable => variable.Key).ToDictionary(group => group.Key, group => group.Last().Value),
            ScalarOf(Find(step, "run"))
        );
    }

    private void RefuseOtherKeys(YamlNode node, string[] known)
    {
        foreach (var (key, value) in Entries(node).Where(entry => !known.Contains(entry.Key)))
            throw new InvalidDataException($"{Name}:{value.Start.Line}: {key} is unknown; known here are {string.Join(", ", known)}.");
    }
}

/// <summary>An input of a form or of a call.</summary>
public sealed record WorkflowInput(string Name, string Type, string? Default, IReadOnlyList<string> Options, bool IsRequired);

/// <summary>A job; <paramref name="Calls"/> is the workflow that it calls instead of having steps.</summary>
public sealed record WorkflowJob(
    string Id,
    string? Name,
    string? If,
    string? TimeoutMinutes,
    string? Calls,
    IReadOnlyDictionary<string, string> With,
    IReadOnlyDictionary<string, string> Secrets,
    IReadOnlyList<WorkflowStep> Steps
);
