using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Inputs.Yaml;

/// <summary>What a configuration file says. Immutable.</summary>
/// <param name="Inputs">The given inputs by name.</param>
/// <param name="Rules">What is different for some repositories, in the order of the file.</param>
internal sealed record ConfigFile(IReadOnlyDictionary<string, ConfigValue> Inputs, IReadOnlyList<RepositoryRule> Rules)
{
    /// <summary>There is no file.</summary>
    public static ConfigFile None { get; } = new(new Dictionary<string, ConfigValue>(StringComparer.Ordinal), []);
}

/// <summary>A value of the configuration file.</summary>
/// <param name="Text">What an input would hold: trimmed, never empty; the items of a sequence on a line each.</param>
/// <param name="Position">Where it stands.</param>
/// <param name="Items">The items of a sequence; empty for anything else.</param>
internal sealed record ConfigValue(string Text, FilePosition Position, IReadOnlyList<ConfigValue> Items)
{
    /// <summary>Where in this value a problem is: at the item that has the same problem when it is alone, else at the value as a whole.</summary>
    public FilePosition PlaceOf<T>(string problem, Func<string, T> format) =>
        Items.FirstOrDefault(item => ProblemOf(item.Text, format) == problem)?.Position ?? Position;

    private static string? ProblemOf<T>(string text, Func<string, T> format)
    {
        try
        {
            format(text);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }
}
