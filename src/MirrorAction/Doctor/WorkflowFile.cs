using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MirrorAction.Doctor;

/// <summary>What matters here of a workflow file. Immutable; texts of the file are not kept but for its schedules.</summary>
internal sealed class WorkflowFile
{
    /// <summary>GitHub's default for a job, in minutes.</summary>
    private const int DefaultTimeout = 360;

    /// <summary>Modes in which the action writes nothing; an expression may be anything, so it counts as a mirror.</summary>
    private static readonly string[] s_harmless = ["doctor", "plan", "report"];

    private WorkflowFile(string name, YamlMappingNode root)
    {
        Name = name;
        var on = Child(root, "on");
        Crons = [.. Items(Child(on, "schedule")).Select(item => Text(Child(item, "cron"))).OfType<string>()];
        List<YamlNode> jobs = [.. Values(Child(root, "jobs")).Where(job => Uses(job).Any())];
        IsMirror = jobs.Count > 0 && (Crons.Count > 0 || jobs.SelectMany(Uses).Any(Writes));
        HasConcurrency = Child(root, "concurrency") is not null || Child(on, "workflow_call") is not null
            || jobs.Where(job => Uses(job).Any(Writes)).All(job => Child(job, "concurrency") is not null);
        Timeouts =
        [
            .. from job in jobs
               from use in Uses(job).Where(Writes)
               select (Minutes(Child(job, "timeout-minutes")) ?? DefaultTimeout, Minutes(Child(Child(use, "with"), "timeout-minutes"))),
        ];
    }

    /// <summary>The file's name without its folder.</summary>
    public string Name { get; }

    /// <summary>
    /// It runs this action, or calls a workflow that seems to, and not only to look; or it has a schedule, so that it is going to when the mode of a first look
    /// is taken out.
    /// </summary>
    public bool IsMirror { get; }

    /// <summary>The schedules.</summary>
    public IReadOnlyList<string> Crons { get; }

    /// <summary>Two runs do not go at the same time, or it is for callers to say so.</summary>
    public bool HasConcurrency { get; }

    /// <summary>Of each use that writes: the time limit of the job, and the action's own where it is given as a number; both in minutes.</summary>
    public IReadOnlyList<(int Job, int? Own)> Timeouts { get; }

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

    /// <summary>The steps of a job that are this action, known by the inputs that it cannot do without; or the job, where it calls a workflow with them.</summary>
    private static IEnumerable<YamlNode> Uses(YamlNode job) => Items(Child(job, "steps")).Append(job).Where(use =>
        Keys(Child(use, "with")).Any(key => key.StartsWith("bitbucket-", StringComparison.Ordinal))
        || (Child(use, "uses") is not null && Keys(Child(use, "env")).Any(key => key.StartsWith("MIRROR_BITBUCKET_", StringComparison.Ordinal))));

    private static bool Writes(YamlNode use) => !s_harmless.Contains(Text(Child(Child(use, "with"), "mode")));

    private static int? Minutes(YamlNode? node) => int.TryParse(Text(node), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) ? minutes : null;

    private static YamlNode? Child(YamlNode? node, string key) =>
        node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

    private static IEnumerable<YamlNode> Items(YamlNode? node) => node is YamlSequenceNode sequence ? sequence.Children : [];

    private static IEnumerable<YamlNode> Values(YamlNode? node) => node is YamlMappingNode mapping ? mapping.Children.Values : [];

    private static IEnumerable<string> Keys(YamlNode? node) => node is YamlMappingNode mapping ? mapping.Children.Keys.Select(Text).OfType<string>() : [];

    private static string? Text(YamlNode? node) => (node as YamlScalarNode)?.Value;
}
