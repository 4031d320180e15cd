using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace MirrorAction.Mirroring.Backup;

/// <summary>How <c>manifest.json</c> is spelled. Reading is strict: what a backup is trusted by must not be guessed at.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true,
    NewLine = "\n"
)]
[JsonSerializable(typeof(BackupManifest))]
[SuppressMessage("ApiDesign", "RS0030", Justification = "The generator makes its own options, which is what the ban wants.")]
internal sealed partial class ManifestJson : JsonSerializerContext;
