using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MirrorAction.TestKit;

/// <summary>Holds YAML, of which JSON is a part, against a JSON Schema, by the keywords that the schemas in docs use and no others.</summary>
public static class SchemaCheck
{
    private static readonly string[] s_notes = ["$schema", "title", "description", "default", "format"];

    /// <summary>What is wrong with a JSON file by a schema of docs.</summary>
    /// <param name="json">What it holds.</param>
    /// <param name="schema">The schema's name: <c>report.schema.json</c>.</param>
    public static IReadOnlyList<string> ProblemsOf(string json, string schema)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(json));
        var root = JsonNode.Parse(File.ReadAllText(Checkout.PathOf("docs", schema)))!.AsObject();
        return [.. Problems(root, yaml.Documents[0].RootNode)];
    }

    /// <summary>What is wrong, each with its path; nothing when all is well.</summary>
    public static IEnumerable<string> Problems(JsonObject schema, YamlNode node, string path = "")
    {
        foreach (var (keyword, value) in schema)
        {
            foreach (var problem in Check(keyword, value!, schema, node, path))
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<string> Check(string keyword, JsonNode value, JsonObject schema, YamlNode node, string path)
    {
        var scalar = node as YamlScalarNode;
        switch (keyword)
        {
            case "type":
                return Words(value).Contains(TypeOf(node)) ? [] : [$"{path}: is {TypeOf(node)}"];
            case "enum":
                return value.AsArray().Any(word => word is null ? TypeOf(node) == "null" : scalar?.Value == (string?)word)
                    ? []
                    : [$"{path}: is no such word"];
            case "pattern":
                return TypeOf(node) != "string" || Regex.IsMatch(scalar!.Value!, (string)value!) ? [] : [$"{path}: has another form"];
            case "minimum":
                return TypeOf(node) != "integer" || long.Parse(scalar!.Value!, CultureInfo.InvariantCulture) >= (long)value
                    ? []
                    : [$"{path}: is too small"];
            case "maximum":
                return TypeOf(node) != "integer" || long.Parse(scalar!.Value!, CultureInfo.InvariantCulture) <= (long)value
                    ? []
                    : [$"{path}: is too large"];
            case "$ref":
                var target = ((string)value!)["#/".Length..].Split('/').Aggregate(value.Root, (at, part) => at[part]!);
                return Problems(target.AsObject(), node, path);
            case "items":
                return node is YamlSequenceNode sequence ? sequence.SelectMany((item, i) => Problems(value.AsObject(), item, $"{path}/{i}")) : [];
            case "required":
                return node is YamlMappingNode mapping
                    ? Words(value).Where(name => !Keys(mapping).Contains(name)).Select(name => $"{path}: lacks {name}")
                    : [];
            case "properties":
                return node is YamlMappingNode parts
                    ? parts
                        .Where(part => value[part.Key.ToString()] is not null)
                        .SelectMany(part => Problems(value[part.Key.ToString()]!.AsObject(), part.Value, $"{path}/{part.Key}"))
                    : [];
            case "additionalProperties":
                _ = (bool)value ? throw new NotSupportedException($"{path}: additionalProperties that are welcome") : true;
                return node is YamlMappingNode all
                    ? Keys(all).Where(name => schema["properties"]![name] is null).Select(name => $"{path}: does not know {name}")
                    : [];
            default:
                return s_notes.Contains(keyword) ? [] : throw new NotSupportedException($"{path}: the keyword {keyword}");
        }
    }

    private static string TypeOf(YamlNode node) =>
        node switch
        {
            YamlMappingNode => "object",
            YamlSequenceNode => "array",
            YamlScalarNode { Style: not ScalarStyle.Plain } => "string",
            YamlScalarNode { Value: null or "" or "~" or "null" } => "null",
            YamlScalarNode { Value: "true" or "false" or "True" or "False" or "TRUE" or "FALSE" } => "boolean",
            YamlScalarNode { Value: var text } when Regex.IsMatch(text, "^-?[0-9]+$") => "integer",
            _ => "string",
        };

    private static IEnumerable<string> Words(JsonNode value) => value is JsonArray words ? words.Select(word => (string)word!) : [(string)value!];

    private static IEnumerable<string> Keys(YamlMappingNode mapping) => mapping.Select(part => part.Key.ToString());
}
