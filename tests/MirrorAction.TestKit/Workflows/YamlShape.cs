using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MirrorAction.TestKit;

/// <summary>A part of a YAML file that must have a certain shape; every complaint names file, line and column.</summary>
internal sealed class YamlShape(string file, YamlNode node, string what)
{
    public YamlNode Node => node;

    public bool IsScalar => node is YamlScalarNode;

    public bool IsList => node is YamlSequenceNode;

    /// <summary>The value as text.</summary>
    public string Text => node is YamlScalarNode scalar ? scalar.Value ?? "" : throw Refuse("must be text");

    public bool IsNothing => node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" };

    public bool Flag => Value() is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : throw Refuse("must be true or false");

    public IEnumerable<YamlShape> Items =>
        node is YamlSequenceNode items ? items.Select((item, i) => new YamlShape(file, item, $"{what}[{i}]")) : throw Refuse("must be a list");

    /// <summary>The entries of a mapping, in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, YamlShape>> Entries =>
        node is YamlMappingNode mapping
            ? [.. mapping.Select(entry => KeyValuePair.Create(entry.Key.ToString(), new YamlShape(file, entry.Value, $"{what}.{entry.Key}")))]
            : throw Refuse("must be a mapping");

    /// <summary>Reads a file with one document.</summary>
    public static YamlShape Load(string file, string text)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            throw new WorkflowException($"{file}:{e.Start.Line}:{e.Start.Column}: {e.Message}");
        }

        return yaml.Documents.Count == 1
            ? new YamlShape(file, yaml.Documents[0].RootNode, "the file")
            : throw new WorkflowException($"{file}: must hold one document, not {yaml.Documents.Count}.");
    }

    /// <summary>Refuses a mapping that has other keys than these.</summary>
    public YamlShape Only(params string[] keys)
    {
        foreach (var (key, value) in Entries)
        {
            if (!keys.Contains(key))
                throw value.Refuse($"is unknown; known here are {string.Join(", ", keys)}");
        }

        return this;
    }

    /// <summary>The value of a key; null where it is missing.</summary>
    public YamlShape? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key).Value;

    public YamlShape Get(string key) => Find(key) ?? throw Refuse($"must have the key {key}");

    /// <summary>A scalar as YAML 1.2 reads it: true, false, a number, nothing or text.</summary>
    public JsonNode? Value()
    {
        var text = Text;
        if (((YamlScalarNode)node).Style != ScalarStyle.Plain)
            return text;
        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => true,
            "false" or "False" or "FALSE" => false,
            _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : text,
        };
    }

    public WorkflowException Refuse(string why) => new($"{file}:{node.Start.Line}:{node.Start.Column}: {what} {why}.");

    /// <summary>Runs a piece of reading, and gives a complaint that knows no place this one's.</summary>
    public T At<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (WorkflowException e) when (!e.Message.StartsWith(file + ":", StringComparison.Ordinal))
        {
            throw new WorkflowException($"{file}:{node.Start.Line}:{node.Start.Column}: {what}: {e.Message}");
        }
    }
}
