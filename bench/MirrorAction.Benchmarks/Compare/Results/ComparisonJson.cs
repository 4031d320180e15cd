using System.Text.Json;
using System.Text.Json.Serialization;

namespace MirrorAction.Benchmarks.Compare.Results;

/// <summary>How <c>compare.json</c> is spelled; what was written reads back as the same comparison.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true,
    NewLine = "\n"
)]
[JsonSerializable(typeof(Comparison))]
internal sealed partial class ComparisonJson : JsonSerializerContext
{
    /// <summary>The file's text.</summary>
    internal static string Write(Comparison comparison) => JsonSerializer.Serialize(comparison, Default.Comparison) + "\n";

    /// <summary>Reads the file's text.</summary>
    /// <exception cref="JsonException">It is no comparison.</exception>
    internal static Comparison Read(string json) =>
        JsonSerializer.Deserialize(json, Default.Comparison) ?? throw new JsonException("The file holds null where a comparison was expected.");
}
