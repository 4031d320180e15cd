using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Reporting;

/// <summary>How <c>report.json</c> is spelled: camel case for names, kebab case for words.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true,
    NewLine = "\n",
    Converters = [
        typeof(KebabCase<ErrorCode>),
        typeof(KebabCase<RepositoryStatus>),
        typeof(KebabCase<SkipReason>),
        typeof(KebabCase<RefChangeKind>),
        typeof(KebabCase<RunResult>),
        typeof(KebabCase<OrphanFate>),
        typeof(KebabCase<DiagnosticLevel>),
        typeof(WholeSeconds),
    ]
)]
[JsonSerializable(typeof(RunReport))]
[SuppressMessage("ApiDesign", "RS0030", Justification = "The generator makes its own options, which is what the ban wants.")]
internal sealed partial class ReportJsonContext : JsonSerializerContext;

/// <summary>Members of an enumeration as <c>not-a-mirror</c>.</summary>
internal sealed class KebabCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;

/// <summary>A time as <c>2026-11-21T02:00:00Z</c>.</summary>
internal sealed class WholeSeconds : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
}
