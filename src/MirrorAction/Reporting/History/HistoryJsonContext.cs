using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Reporting.History;

/// <summary>How a line of <c>history.jsonl</c> is spelled: as <c>report.json</c> is, and without what is null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(KebabCase<ErrorCode>), typeof(KebabCase<RepositoryStatus>), typeof(KebabCase<RunResult>), typeof(WholeSeconds)]
)]
[JsonSerializable(typeof(HistoryEntry))]
[SuppressMessage("ApiDesign", "RS0030", Justification = "The generator makes its own options, which is what the ban wants.")]
internal sealed partial class HistoryJsonContext : JsonSerializerContext;
