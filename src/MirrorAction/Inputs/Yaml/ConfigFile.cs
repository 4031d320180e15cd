using MirrorAction.Hosts;
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

/// <summary>Finds and reads the configuration file: inputs by their names, and rules for single repositories.</summary>
/// <param name="problems">Takes everything that is wrong with the file.</param>
/// <param name="workspace">Where relative paths begin; absolute.</param>
internal sealed class ConfigFileReader(ProblemList problems, string workspace)
{
    /// <summary>Is shown the text of the file before anything of it can be quoted, so that what is secret in it can be hidden.</summary>
    public required Action<string> Inspect { get; init; }

    /// <summary>The kind of host at which the mirrors are, by the inputs that the file gives.</summary>
    public Func<IReadOnlyDictionary<string, ConfigValue>, HostDefinition> DestinationOf { get; init; } = static _ => KnownHosts.DefaultDestination;

    /// <summary>Gives the bytes of the file at a path.</summary>
    public Func<string, byte[]> Open { get; init; } = ConfigFileText.ReadBytes;

    /// <summary>Reads the file that the input <c>config</c> names.</summary>
    /// <returns>What it says; null, with a problem, when it can't be read.</returns>
    public ConfigFile? Read(InputValue config)
    {
        try
        {
            var path = WorkspacePath.Resolve(config.Text!, workspace, "file");
            return Parse(Open(path), WorkspacePath.FromWorkspace(path, workspace));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            if (!config.IsGiven)
            {
                return ConfigFile.None;
            }

            var path = Path.GetFullPath(config.Text!, workspace);
            problems.Add(config.Label, $"there is no file {path}. In a workflow, a checkout (actions/checkout) must come before this step.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(config.Label, $"{InputFormat.Shown(config.Text!)} can't be read: {e.Message}");
        }
        catch (FormatException e)
        {
            problems.Add(config.Label, e.Message);
        }

        return null;
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="file">What messages call it.</param>
    /// <returns>What it says, without what is wrong in it; null, with a problem, when it is no YAML.</returns>
    public ConfigFile? Parse(ReadOnlySpan<byte> bytes, string file)
    {
        var found = new FileProblems(file, problems);
        if (ConfigFileText.Decode(bytes, file, found) is not { } text)
        {
            return null;
        }

        Inspect(text);
        return !StrictYaml.TryLoad(text, file, found, out var root) ? null
            : root is null ? ConfigFile.None
            : new ConfigNodeReader(found, DestinationOf).Read(root);
    }
}
