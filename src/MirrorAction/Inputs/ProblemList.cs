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
    /// Reads the value of an input. A <see cref="FormatException"/> becomes a problem of it; the fallback stands in for it, and for a value that
    /// there is not.
    /// </summary>
    public T Try<T>(ActionInput input, InputValue value, Func<string, T> format, T fallback)
    {
        try
        {
            return value.Text is null ? fallback : format(value.Text);
        }
        catch (FormatException e)
        {
            var place = value.FromFile?.PlaceOf(e.Message, format);
            Add(place is null ? value.Label : FileProblems.Label(place, input.Name), e.Message, place);
            return fallback;
        }
    }

    /// <summary>Ends the reading of a configuration.</summary>
    /// <param name="warnings">What looks odd but can be used.</param>
    /// <exception cref="ConfigurationException">There was a problem.</exception>
    public void ThrowIfAny(IReadOnlyList<string> warnings)
    {
        if (_problems.Count > 0)
        {
            // Those of the file in its order, behind the others; what two settings come from is told once.
            throw new ConfigurationException([.. _problems.Distinct().OrderBy(p => p.Position?.Line ?? 0).ThenBy(p => p.Position?.Column ?? 0)])
            {
                Warnings = warnings,
            };
        }
    }
}
