using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MirrorAction.Inputs;

namespace MirrorAction.Generate;

/// <summary>Makes the JSON Schema of the configuration file from the tables that the program reads it by.</summary>
internal static class ConfigSchema
{
    /// <summary>The schema as a file; draft 7 is what editors understand best.</summary>
    public static string Write()
    {
        var properties = new JsonObject();
        foreach (var input in ActionInputs.OfFile)
        {
            properties[input.Name] = Of(input);
        }

        properties[RuleSettings.Key] = Rules();
        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "MirrorAction: .github/mirror.yml",
            ["type"] = Array("object", "null"),
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
        return Write(schema);
    }

    /// <summary>A schema as a file.</summary>
    public static string Write(JsonObject schema)
    {
        using var stream = new MemoryStream();
        using (
            var writer = new Utf8JsonWriter(
                stream,
                new JsonWriterOptions
                {
                    Indented = true,
                    NewLine = "\n",
                    Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                }
            )
        )
        {
            schema.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static JsonObject Rules()
    {
        var properties = new JsonObject();
        foreach (var setting in RuleSettings.All)
        {
            properties[setting.Name] = Of(setting);
        }

        return new JsonObject
        {
            ["description"] =
                "What is different for some repositories. Where several rules fit, a later one wins over an earlier one, setting by setting.",
            ["type"] = Array("array", "null"),
            ["items"] = new JsonObject
            {
                ["type"] = "object",
                ["required"] = Array(RuleSettings.Match.Name),
                ["additionalProperties"] = false,
                ["properties"] = properties,
            },
        };
    }

    private static JsonObject Of(ActionInput setting)
    {
        var schema = new JsonObject { ["description"] = setting.Description };
        switch (setting.Kind)
        {
            case InputKind.Boolean:
                schema["type"] = Array("boolean", "string", "null");
                schema["pattern"] = "^(true|True|TRUE|false|False|FALSE)$";
                break;
            case InputKind.WholeNumber:
                schema["type"] = Array("integer", "string", "null");
                schema["minimum"] = setting.Min;
                schema["maximum"] = setting.Max;
                schema["pattern"] = "^[0-9]+$";
                break;
            case InputKind.Choice:
                schema["enum"] = new JsonArray([.. setting.Allowed.Select(word => (JsonNode)word), null]);
                break;
            case InputKind.List:
                schema["type"] = Array("string", "integer", "boolean", "array", "null");
                schema["items"] = new JsonObject { ["type"] = Array("string", "integer", "boolean") };
                break;
            default:
                schema["type"] = Array("string", "integer", "boolean", "null");
                if (setting.Pattern is not null)
                {
                    schema["pattern"] = setting.Pattern;
                }

                break;
        }

        if (setting.Default is { } value)
        {
            schema["default"] = setting.Kind switch
            {
                InputKind.Boolean => value == "true",
                InputKind.WholeNumber => int.Parse(value, CultureInfo.InvariantCulture),
                InputKind.List => Array([.. InputFormat.List(value)]),
                _ => value,
            };
        }

        return schema;
    }

    private static JsonArray Array(params string[] words) => new([.. words.Select(word => (JsonNode)word)]);
}
