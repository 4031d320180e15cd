using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MirrorAction.Configuration;

/// <summary>Finds and reads the configuration file: inputs by their names, and rules for single repositories.</summary>
/// <param name="problems">Takes everything that is wrong with the file.</param>
/// <param name="workspace">Where relative paths begin; absolute.</param>
internal sealed class ConfigFileReader(ProblemList problems, string workspace)
{
    /// <summary>Is shown the text of the file before anything of it can be quoted, so that what is secret in it can be hidden.</summary>
    public required Action<string> Inspect { get; init; }

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
        var yaml = new YamlStream();
        return !Load(yaml, text, file, found) ? null
            : yaml.Documents.Count == 0 ? ConfigFile.None
            : new ConfigNodeReader(found).Read(yaml.Documents[0].RootNode);
    }

    private static bool Load(YamlStream yaml, string text, string file, FileProblems found)
    {
        var parser = new CheckedYamlParser(text, found);
        try
        {
            yaml.Load(parser);
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // The parser loses its way on some broken files and does not say where.
            found.Add(parser.Current?.End ?? new Mark(0, 1, 1), "is no YAML: something behind this place can't be understood.");
            return false;
        }
        catch (YamlException e)
        {
            // The parser blames the start of the mapping.
            var tab = e.Message.Contains(" tab ", StringComparison.Ordinal) ? TabAfter(text, (int)e.Start.Line) : 0;
            found.Add(
                tab > 0 ? new FilePosition(file, tab, 1) : found.At(e.Start),
                tab > 0 ? "is no YAML: this line is indented by a tab; use spaces." : $"is no YAML: {e.Message.TrimEnd('.')}.");
            return false;
        }
    }

    /// <summary>The first line from the given one on that is indented by a tab; 0 when there is none.</summary>
    private static int TabAfter(string text, int line)
    {
        var lines = text.Split('\n');
        return 1 + Array.FindIndex(lines, Math.Clamp(line - 1, 0, lines.Length), l => l.AsSpan(0, l.Length - l.TrimStart().Length).Contains('\t'));
    }
}
