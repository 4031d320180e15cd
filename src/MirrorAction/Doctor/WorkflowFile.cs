using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MirrorAction.Doctor;

/// <summary>What matters here of a workflow file. Immutable; texts of the file are not kept but for its schedules.</summary>
internal sealed class WorkflowFile
{
    /// <summary>The input without which no step runs this action.</summary>
    private const string Input = "bitbucket-workspace";

    /// <summary>GitHub's default for a job, in minutes.</summary>
    private const int DefaultTimeout = 360;

    private WorkflowFile(string name, YamlMappingNode root)
    {
        Name = name;
        Crons = [.. Items(Child(Child(root, "on"), "schedule")).Select(item => Text(Child(item, "cron"))).OfType<string>()];
        List<YamlNode> jobs = [.. Values(Child(root, "jobs")).Where(RunsAction)];
        UsesAction = jobs.Count > 0;
        HasConcurrency = Child(root, "concurrency") is not null || (UsesAction && jobs.TrueForAll(job => Child(job, "concurrency") is not null));
        ShortestTimeout = jobs.Select(job => Minutes(Child(job, "timeout-minutes"))).DefaultIfEmpty(DefaultTimeout).Min();
    }

    /// <summary>The file's name without its folder.</summary>
    public string Name { get; }

    /// <summary>A step of it is this action.</summary>
    public bool UsesAction { get; }

    /// <summary>The schedules.</summary>
    public IReadOnlyList<string> Crons { get; }

    /// <summary>Two runs do not go at the same time.</summary>
    public bool HasConcurrency { get; }

    /// <summary>The time limit of the job that runs the action, in minutes; of several the shortest.</summary>
    public int ShortestTimeout { get; }

    /// <summary>Reads a file; null when it is no workflow.</summary>
    public static WorkflowFile? TryRead(string name, string text)
    {
        try
        {
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

    private static bool RunsAction(YamlNode job) => Items(Child(job, "steps")).Any(step => Child(Child(step, "with"), Input) is not null);

    private static int Minutes(YamlNode? node) => int.TryParse(Text(node), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) ? minutes : DefaultTimeout;

    private static YamlNode? Child(YamlNode? node, string key) =>
        node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

    private static IEnumerable<YamlNode> Items(YamlNode? node) => node is YamlSequenceNode sequence ? sequence.Children : [];

    private static IEnumerable<YamlNode> Values(YamlNode? node) => node is YamlMappingNode mapping ? mapping.Children.Values : [];

    private static string? Text(YamlNode? node) => (node as YamlScalarNode)?.Value;
}
