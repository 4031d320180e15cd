using MirrorAction.Inputs.Yaml;

namespace MirrorAction.Inputs;

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="Subject">The input as it was given, such as <c>prune (INPUT_PRUNE)</c> or <c>.github/mirror.yml:3:8: prune</c>; empty for the command
/// line as a whole.</param>
/// <param name="Message">What was expected and how to mend it. Never holds a secret.</param>
internal sealed record ConfigurationProblem(string Subject, string Message)
{
    /// <summary>Where it is in the configuration file; null when it is not in a file. The subject begins with it.</summary>
    public FilePosition? Position { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Subject.Length == 0 ? Message : $"{Subject}: {Message}";
}

/// <summary>The configuration can't be used. Carries every problem, so that they can be mended in one go.</summary>
internal sealed class ConfigurationException(IReadOnlyList<ConfigurationProblem> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>All problems, at least one.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems { get; } = problems;

    /// <summary>What looks odd as well, such as a mistyped input, which may be the cause of a problem.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
