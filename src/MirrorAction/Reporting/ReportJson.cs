using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Reporting;

/// <summary>The form of <c>report.json</c>, and the file.</summary>
internal static class ReportJson
{
    /// <summary>The file's name.</summary>
    public const string FileName = "report.json";

    /// <summary>How the file is spelled, and what is in it.</summary>
    public static JsonTypeInfo<RunReport> Form { get; } = CreateForm();

    /// <summary>Writes the report as JSON, piece by piece: of a hundred thousand refs the text is larger than everything else together.</summary>
    public static void Serialize(RunReport report, Stream file) => JsonSerializer.Serialize(file, report, Form);

    /// <summary>The report of a file. What it leaves out is null even where the type says otherwise; <see cref="ReportForm"/> mends that.</summary>
    /// <exception cref="JsonException">The file is no report.</exception>
    public static RunReport? Deserialize(Stream file) => JsonSerializer.Deserialize(file, Form);

    /// <summary>Writes the file, whole or not at all, and returns its path.</summary>
    /// <exception cref="IOException">The folder can't be made or the file not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public static string Write(RunReport report, string directory)
    {
        var path = Path.Combine(directory, FileName);
        WholeFile.Write(
            path,
            file =>
            {
                Serialize(report, file);
                file.WriteByte((byte)'\n');
            }
        );
        return path;
    }

    /// <summary>Links and request counts of a repository are for this run alone.</summary>
    public static bool IsNeverWritten(JsonPropertyInfo property) =>
        property.DeclaringType == typeof(RepositoryReport) && property.Name is ("sourceUrl" or "destinationUrl" or "requests");

    private static JsonTypeInfo<RunReport> CreateForm()
    {
        var options = new JsonSerializerOptions(ReportJsonContext.Default.Options)
        {
            // The file is no part of a web page; names and messages shall be readable in it.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = ReportJsonContext.Default.WithAddedModifier(KeepToTheContract),
        };
        return (JsonTypeInfo<RunReport>)options.GetTypeInfo(typeof(RunReport));
    }

    /// <summary>Links and request counts of a repository are not in the file; what most runs do not have is there only when there is any.</summary>
    private static void KeepToTheContract(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (IsNeverWritten(property))
            {
                property.ShouldSerialize = (_, _) => false;
            }
            else if (
                property.Name
                is "verifiedAt"
                    or "variant"
                    or "secondReading"
                    or "server"
                    or "at"
                    or "renamedFrom"
                    or "id"
                    or "private"
                    or "defaultBranch"
            )
            {
                property.ShouldSerialize = (_, value) => value is not null;
            }
            else if (property.Name == "description")
            {
                property.ShouldSerialize = (_, value) => value is string { Length: > 0 };
            }
            else if (type.Type == typeof(RefChange) && property.Name == "foreign")
            {
                property.ShouldSerialize = (_, value) => value is true;
            }
            else if (type.Type == typeof(RunTotals) && property.Name == "different")
            {
                property.ShouldSerialize = (_, value) => value is > 0;
            }
            else if (property.Name is "warnings")
            {
                property.ShouldSerialize = (_, value) => value is IReadOnlyList<string> { Count: > 0 };
            }
            else if (type.Type == typeof(RunReport) && property.Name == "findings")
            {
                property.ShouldSerialize = (_, value) => value is IReadOnlyList<Diagnostic> { Count: > 0 };
            }
            else if (property.Name == "destinations")
            {
                property.ShouldSerialize = (_, value) => value is IReadOnlyList<ReportDestination> { Count: > 0 };
            }
            else if (type.Type == typeof(RunReport) && property.Name == "remembered")
            {
                property.ShouldSerialize = (_, value) => value is IReadOnlyList<RememberedMirrors> { Count: > 0 };
            }
            else if (type.Type == typeof(RunReport) && property.Name == "orphanSources")
            {
                property.ShouldSerialize = (_, value) => value is IReadOnlyList<OrphanSource> { Count: > 0 };
            }
            else if (type.Type == typeof(OrphanSource) && property.Name == "text")
            {
                property.ShouldSerialize = (_, _) => false;
            }
            else if (type.Type == typeof(RunReport) && property.Name == "shards")
            {
                property.ShouldSerialize = (_, value) => value is IReadOnlyList<JoinedReport> { Count: > 0 };
            }
            else if (type.Type == typeof(RunReport) && property.Name is "error" or "shard")
            {
                property.ShouldSerialize = (_, value) => value is not null;
            }
        }
    }
}

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
