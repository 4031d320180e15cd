using MirrorAction.Inputs.Yaml;

namespace MirrorAction.Inputs;

/// <summary>Collects what is wrong with a configuration, so that all of it can be told at once.</summary>
internal sealed class ProblemList
{
    private readonly List<ConfigurationProblem> _problems = [];

    /// <summary>What was noted last; null when nothing was.</summary>
    public ConfigurationProblem? Last => _problems.Count > 0 ? _problems[^1] : null;

    /// <summary>Notes a problem.</summary>
    public void Add(string subject, string message, FilePosition? position = null) => _problems.Add(new(subject, message) { Position = position });

    /// <summary>
    /// Reads a value. A <see cref="FormatException"/> becomes a problem of its subject, and the fallback stands in until <see cref="ThrowIfAny"/>.
    /// </summary>
    public T Try<T>(string subject, Func<T> read, T fallback)
    {
        try
        {
            return read();
        }
        catch (FormatException e)
        {
            Add(subject, e.Message);
            return fallback;
        }
    }

    /// <summary>
    /// Reads the value of an input. A <see cref="FormatException"/> becomes a problem of it, and its default stands in for it; where there is no
    /// default, as for a value that there is not, that of the type.
    /// </summary>
    public T Try<T>(ActionInput<T> input, InputValue value)
    {
        if (value.Text is null)
        {
            return default!; // An input without a default is of a type that can do without a value.
        }

        try
        {
            return input.Parse(value.Text);
        }
        catch (FormatException e)
        {
            var place = value.FromFile?.PlaceOf(e.Message, input.Parse);
            Add(place is null ? value.Label : FileProblems.Label(place, input.Name), e.Message, place);
            return input.Default is null ? default! : input.Parse(input.Default);
        }
    }

    /// <summary>Ends the reading of a configuration.</summary>
    /// <param name="warnings">What looks odd but can be used.</param>
    /// <exception cref="ConfigurationException">There was a problem.</exception>
    public void ThrowIfAny(IReadOnlyList<string> warnings)
    {
        if (_problems.Count > 0)
        {
            throw ToException(warnings);
        }
    }

    /// <summary>All problems: those of the file in its order, behind the others; what two settings come from is told once.</summary>
    /// <param name="warnings">What looks odd but can be used.</param>
    public ConfigurationException ToException(IReadOnlyList<string> warnings) =>
        new([.. _problems.Distinct().OrderBy(p => p.Position?.Line ?? 0).ThenBy(p => p.Position?.Column ?? 0)]) { Warnings = warnings };
}

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
