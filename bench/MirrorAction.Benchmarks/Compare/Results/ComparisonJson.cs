using System.Text.Json;
using System.Text.Json.Serialization;

namespace MirrorAction.Benchmarks.Compare.Results;

/// <summary>How <c>compare.json</c> is spelled, every round of it, for whoever wants to look closer.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    WriteIndented = true,
    NewLine = "\n"
)]
[JsonSerializable(typeof(Comparison))]
internal sealed partial class ComparisonJson : JsonSerializerContext
{
    /// <summary>The file's text.</summary>
    internal static string Write(Comparison comparison) => JsonSerializer.Serialize(comparison, Default.Comparison) + "\n";
}
