using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MirrorAction.Inputs.Yaml;

/// <summary>Reads a YAML file that anybody may have written: within bounds, and whatever is wrong with it is a problem with a place.</summary>
internal static class StrictYaml
{
    /// <summary>Reads the one document of a file.</summary>
    /// <param name="text">The file.</param>
    /// <param name="file">What messages call it.</param>
    /// <param name="found">Takes what is wrong with it.</param>
    /// <param name="root">The document, without what is wrong in it; null when there is none.</param>
    /// <returns>It is YAML; false comes with a problem.</returns>
    public static bool TryLoad(string text, string file, FileProblems found, out YamlNode? root)
    {
        var parser = new CheckedYamlParser(text, found);
        var yaml = new YamlStream();
        root = null;
        try
        {
            yaml.Load(parser);
            root = yaml.Documents.Count > 0 ? yaml.Documents[0].RootNode : null;
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
                tab > 0 ? "is no YAML: this line is indented by a tab; use spaces." : $"is no YAML: {e.Message.TrimEnd('.')}."
            );
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
