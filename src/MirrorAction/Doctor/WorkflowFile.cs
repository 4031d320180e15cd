using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MirrorAction.Doctor;

/// <summary>What matters here of a workflow file. Immutable; texts of the file are not kept but for its schedules.</summary>
internal sealed class WorkflowFile
{
    /// <summary>A step without either knows no workspace, so it is of another action.</summary>
    private const string Input = "bitbucket-workspace";
    private const string Variable = "MIRROR_BITBUCKET_USERNAME";

    /// <summary>GitHub's default for a job, in minutes.</summary>
    private const int DefaultTimeout = 360;

    /// <summary>No workflow is nested as deep, and the reader of nodes would run out of stack.</summary>
    private const int MaxDepth = 64;

    private WorkflowFile(string name, YamlMappingNode root)
    {
        Name = name;
        Crons = [.. Items(Child(Child(root, "on"), "schedule")).Select(item => Text(Child(item, "cron"))).OfType<string>()];
        var jobs = Values(Child(root, "jobs")).Select(job => (Job: job, Steps: Items(Child(job, "steps")).Where(step => Mirrors(job, step)).ToList())).Where(job => job.Steps.Count > 0).ToList();
        HasConcurrency = Child(root, "concurrency") is not null || jobs.TrueForAll(job => Child(job.Job, "concurrency") is not null);
        Limits = [.. jobs.SelectMany(job => job.Steps.Select(step => (Minutes(Child(job.Job, "timeout-minutes")) ?? DefaultTimeout, Minutes(Child(Child(step, "with"), "timeout-minutes")))))];
    }

    /// <summary>The file's name without its folder.</summary>
    public string Name { get; }

    /// <summary>Two runs do not go at the same time.</summary>
    public bool HasConcurrency { get; }

    /// <summary>The schedules.</summary>
    public IReadOnlyList<string> Crons { get; }

    /// <summary>For each step that mirrors, the time limit of its job and its own, in minutes; null where it does not give one. None when no step mirrors.</summary>
    public IReadOnlyList<(int Job, int? Step)> Limits { get; }

    /// <summary>Reads a file; null when it is no workflow.</summary>
    public static WorkflowFile? TryRead(string name, string text)
    {
        try
        {
            if (IsTooDeep(text))
            {
                return null;
            }

            var stream = new YamlStream();
            using var reader = new StringReader(text);
            stream.Load(reader);
            return stream.Documents is [{ RootNode: YamlMappingNode root }, ..] ? new WorkflowFile(name, root) : null;
        }
        catch (YamlException)
        {
            return null; // GitHub would not run it either.
        }
    }

    private static bool IsTooDeep(string text)
    {
        using var reader = new StringReader(text);
        var parser = new Parser(reader);
        var depth = 0;
        while (depth <= MaxDepth && parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
        }

        return depth > MaxDepth;
    }

    /// <summary>A step of this action in a mode that mirrors, as far as the file itself says which.</summary>
    private static bool Mirrors(YamlNode job, YamlNode step) =>
        (Child(Child(step, "with"), Input) ?? Child(Child(step, "env"), Variable) ?? Child(Child(job, "env"), Variable)) is not null
        && Child(step, "uses") is not null && Text(Child(Child(step, "with"), "mode")) is not ("doctor" or "plan" or "report");

    private static int? Minutes(YamlNode? node) => int.TryParse(Text(node), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) ? minutes : null;

    private static YamlNode? Child(YamlNode? node, string key) =>
        node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

    private static IEnumerable<YamlNode> Items(YamlNode? node) => node is YamlSequenceNode sequence ? sequence.Children : [];

    private static IEnumerable<YamlNode> Values(YamlNode? node) => node is YamlMappingNode mapping ? mapping.Children.Values : [];

    private static string? Text(YamlNode? node) => (node as YamlScalarNode)?.Value;
}
