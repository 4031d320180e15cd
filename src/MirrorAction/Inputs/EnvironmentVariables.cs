using System.Collections;

namespace MirrorAction.Inputs;

/// <summary>A picture of the process's environment, taken once. Immutable.</summary>
internal sealed class EnvironmentVariables(IReadOnlyDictionary<string, string> values)
{
    /// <summary>The names of all variables.</summary>
    public IEnumerable<string> Names => values.Keys;

    /// <summary>The trimmed value; null when the variable is missing or holds nothing but white space.</summary>
    public string? this[string name] => values.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    /// <summary>No variable at all.</summary>
    public static EnvironmentVariables None { get; } = new(new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>The environment of this process, by exact names; a shell could not read names with hyphens.</summary>
    public static EnvironmentVariables OfProcess() =>
        new(
            Environment
                .GetEnvironmentVariables()
                .Cast<DictionaryEntry>()
                .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal)
        );
}
