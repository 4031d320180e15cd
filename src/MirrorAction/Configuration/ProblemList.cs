namespace MirrorAction.Configuration;

/// <summary>Collects what is wrong with a configuration, so that all of it can be told at once.</summary>
internal sealed class ProblemList
{
    private readonly List<ConfigurationProblem> _problems = [];

    /// <summary>Notes a problem.</summary>
    public void Add(string subject, string message) => _problems.Add(new(subject, message));

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

    /// <summary>Ends the reading of a configuration.</summary>
    /// <param name="warnings">What looks odd but can be used.</param>
    /// <exception cref="ConfigurationException">There was a problem.</exception>
    public void ThrowIfAny(IReadOnlyList<string> warnings)
    {
        if (_problems.Count > 0)
        {
            throw new ConfigurationException(_problems) { Warnings = warnings };
        }
    }
}
