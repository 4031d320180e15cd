using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Backup;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting;

namespace MirrorAction.Generate;

/// <summary>Makes the JSON Schemas of the files that the program writes, from the types that it writes them by and from their documentation.</summary>
internal static partial class FileSchemas
{
    private static readonly Lazy<Dictionary<string, XElement>> s_documentation = new(() =>
        new[] { typeof(RunReport).Assembly, typeof(Diagnostic).Assembly }
            .SelectMany(assembly => XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member"))
            .ToDictionary(member => member.Attribute("name")!.Value)
    );

    /// <summary>Of <c>report.json</c>. A later version may have more fields.</summary>
    public static string OfReport() => Write(ReportJson.Form, "MirrorAction: report.json");

    /// <summary>Of the <c>manifest.json</c> of a backup.</summary>
    public static string OfManifest() => Write(ManifestJson.Default.BackupManifest, "MirrorAction: manifest.json of a backup");

    private static string Write(JsonTypeInfo type, string title)
    {
        var options = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };
        var schema = new JsonObject { ["$schema"] = "http://json-schema.org/draft-07/schema#", ["title"] = title };
        foreach (var (keyword, value) in type.GetJsonSchemaAsNode(options).AsObject().ToArray())
        {
            schema[keyword] = value?.DeepClone();
        }

        return ConfigSchema.Write(schema);
    }

    private static JsonObject Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        var schema = node as JsonObject ?? []; // What a converter writes is anything to the exporter.
        var isTime = context.TypeInfo.Type == typeof(DateTimeOffset) || context.TypeInfo.Type == typeof(DateTime);
        if (isTime || Nullable.GetUnderlyingType(context.TypeInfo.Type) == typeof(DateTimeOffset))
        {
            schema["type"] = isTime ? "string" : new JsonArray("string", "null");
            schema["format"] = "date-time";
        }
        else if (context.PropertyInfo?.CustomConverter is NumberOrText)
        {
            schema["type"] = new JsonArray("integer", "string");
        }

        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object && schema["properties"] is JsonObject properties)
        {
            foreach (var unwritten in context.TypeInfo.Properties.Where(ReportJson.IsNeverWritten))
            {
                properties.Remove(unwritten.Name);
            }

            schema["required"] = new JsonArray([.. context.TypeInfo.Properties.Where(IsAlwaysWritten).Select(p => (JsonNode)p.Name)]);
        }

        if (context.PropertyInfo is { } property && DescriptionOf(property) is { } description)
        {
            schema.Insert(0, "description", description);
        }

        return schema;
    }

    private static bool IsAlwaysWritten(JsonPropertyInfo property) =>
        property.ShouldSerialize is null && property.AttributeProvider?.IsDefined(typeof(JsonIgnoreAttribute), inherit: false) != true;

    private static string? DescriptionOf(JsonPropertyInfo property)
    {
        var type = property.DeclaringType.FullName;
        var name = char.ToUpperInvariant(property.Name[0]) + property.Name[1..];
        var text =
            s_documentation.Value.GetValueOrDefault($"P:{type}.{name}")?.Element("summary")
            ?? s_documentation
                .Value.GetValueOrDefault($"T:{type}")
                ?.Elements("param")
                .FirstOrDefault(param => param.Attribute("name")?.Value == name);
        return text is null ? null : Space().Replace(string.Concat(text.Nodes().Select(TextOf)), " ").Trim();
    }

    private static string TextOf(XNode node) =>
        node switch
        {
            XText text => text.Value,
            XElement element when (element.Attribute("cref") ?? element.Attribute("name")) is { } reference => reference.Value.Split('.')[^1],
            XElement element => element.Value,
            _ => "",
        };

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Space();
}
