using System.Globalization;
using MirrorAction.Inputs;
using MirrorAction.Inputs.Yaml;
using MirrorAction.Modes;
using YamlDotNet.RepresentationModel;

namespace MirrorAction.Doctor;

/// <summary>What matters here of a workflow file. Immutable; texts of the file are not kept but for its schedules.</summary>
internal sealed class WorkflowFile
{
    /// <summary>A step without any of them knows no place for the mirrors, so it is of another action.</summary>
    private static readonly ActionInput[] s_places =
    [
        BitbucketInputs.Workspace,
        HostRole.Destination.Owner,
        HostRole.Destination.Kind,
        HostRole.Source.Kind,
    ];

    /// <summary>GitHub's default for a job, in minutes.</summary>
    private const int DefaultTimeout = 360;

    private WorkflowFile(string name, YamlMappingNode root)
    {
        Name = name;
        Crons = [.. Items(Child(Child(root, "on"), "schedule")).Select(item => Text(Child(item, "cron"))).OfType<string>()];
        var jobs = Values(Child(root, "jobs"))
            .Select(job => (Job: job, Steps: Items(Child(job, "steps")).Where(step => Mirrors(job, step)).ToList()))
            .Where(job => job.Steps.Count > 0)
            .ToList();
        HasConcurrency = Child(root, "concurrency") is not null || jobs.TrueForAll(job => Child(job.Job, "concurrency") is not null);
        Limits =
        [
            .. jobs.SelectMany(job =>
                job.Steps.Select(step =>
                    (Minutes(Child(job.Job, "timeout-minutes")) ?? DefaultTimeout, Minutes(Child(Child(step, "with"), "timeout-minutes")))
                )
            ),
        ];
    }

    /// <summary>The file's name without its folder.</summary>
    public string Name { get; }

    /// <summary>Two runs do not go at the same time.</summary>
    public bool HasConcurrency { get; }

    /// <summary>The schedules.</summary>
    public IReadOnlyList<string> Crons { get; }

    /// <summary>
    /// For each step that mirrors, the time limit of its job and its own, in minutes; null where it does not give one. None when no step mirrors.
    /// </summary>
    public IReadOnlyList<(int Job, int? Step)> Limits { get; }

    /// <summary>Reads a file; null when it is no workflow.</summary>
    /// <exception cref="FormatException">It is no YAML; the message says where and why.</exception>
    public static WorkflowFile? Read(string name, ReadOnlySpan<byte> bytes)
    {
        var problems = new ProblemList();
        var found = new FileProblems(name, problems);
        YamlNode? root = null;
        if (ConfigFileText.Decode(bytes, name, found) is { } text && StrictYaml.TryLoad(text, name, found, out root))
        {
            // A key that is there twice and the like are noted as problems too, but only GitHub has to mind them.
            return root is YamlMappingNode mapping ? new WorkflowFile(name, mapping) : null;
        }

        var problem = problems.Last!;
        throw new FormatException(FormattableString.Invariant($"line {problem.Position!.Line}: {problem.Message}"));
    }

    /// <summary>A step of this action in a mode that mirrors, as far as the file itself says which.</summary>
    private static bool Mirrors(YamlNode job, YamlNode step) =>
        s_places.Any(place =>
            Child(Child(step, "with"), place.Name) is not null
            || place.Fallbacks.Any(variable => (Child(Child(step, "env"), variable) ?? Child(Child(job, "env"), variable)) is not null)
        )
        && Child(step, "uses") is not null
        && ModeList.Find(Text(Child(Child(step, "with"), ActionInputs.Mode.Name))) is not { IsForOnce: true };

    private static int? Minutes(YamlNode? node) =>
        int.TryParse(Text(node), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) ? minutes : null;

    private static YamlNode? Child(YamlNode? node, string key) =>
        node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

    private static IEnumerable<YamlNode> Items(YamlNode? node) => node is YamlSequenceNode sequence ? sequence.Children : [];

    private static IEnumerable<YamlNode> Values(YamlNode? node) => node is YamlMappingNode mapping ? mapping.Children.Values : [];

    private static string? Text(YamlNode? node) => (node as YamlScalarNode)?.Value;
}
