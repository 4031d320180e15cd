using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MirrorAction.Git.Lfs;

namespace MirrorAction.Mirroring.Backup;

/// <summary>Writes and reads <c>manifest.json</c>.</summary>
internal static class ManifestForm
{
    /// <summary>A hundred chains of a thousand bundles are a tenth of it; what is larger would be read into memory whole.</summary>
    internal const int MaxBytes = 256 << 20;

    /// <summary>The manifest as JSON.</summary>
    internal static byte[] Write(BackupManifest manifest) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(manifest, ManifestJson.Default.BackupManifest), (byte)'\n'];

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="FormatException">It is damaged; the message says where and what.</exception>
    /// <exception cref="NotSupportedException">A newer version of this program has written it.</exception>
    internal static BackupManifest Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            RefuseOtherVersions(json);
            var manifest =
                JsonSerializer.Deserialize(json.Span, ManifestJson.Default.BackupManifest) ?? throw new FormatException("it holds nothing but null");
            Check(manifest);
            return manifest;
        }
        catch (JsonException e)
        {
            var place = e.LineNumber is { } line ? string.Create(CultureInfo.InvariantCulture, $"line {line + 1}: ") : "";
            throw new FormatException(
                place + e.Message.Split(" Path: ")[0].Split(" LineNumber: ")[0] + (e.Path is { Length: > 1 } path ? $" (at {path})" : ""),
                e
            );
        }
    }

    /// <summary>Before anything else: the fields of another version are not known.</summary>
    private static void RefuseOtherVersions(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        if (
            document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("schemaVersion", out var version)
            || version.ValueKind != JsonValueKind.Number
            || !version.TryGetInt32(out var number)
        )
        {
            throw new FormatException("it names no schemaVersion");
        }

        if (number > BackupManifest.CurrentVersion)
        {
            throw new NotSupportedException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"its schemaVersion is {number}, and this program knows those up to {BackupManifest.CurrentVersion}"
                )
            );
        }

        if (number < 1)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"its schemaVersion is {number}, and the first one was 1"));
        }
    }

    private static void Check(BackupManifest manifest)
    {
        Require(manifest.ObjectFormat is "sha1" or "sha256", $"its objectFormat '{manifest.ObjectFormat}' is neither sha1 nor sha256");
        var last = DateTime.MinValue;
        for (var i = 0; i < manifest.Chains.Count; i++)
        {
            var files = manifest.Chains[i]?.Files;
            Require(files is { Count: > 0 }, $"chain {i + 1} lists no file");
            for (var k = 0; k < files!.Count; k++)
            {
                var place = $"file {k + 1} of chain {i + 1}";
                Require(files[k] is not null, $"{place} is null");
                Check(files[k], isFirst: k == 0, place, ref last);
            }
        }

        if (manifest.Lfs is { } lfs)
        {
            Check(lfs);
        }

        Require(manifest.Removed.All(file => BundleName.TryParse(file, out _, out _)), $"what it calls removed are not all names of bundles");
        foreach (var file in manifest.Removed.Intersect(manifest.Files.Select(entry => entry.File), StringComparer.Ordinal))
        {
            Require(false, $"{file} is both listed and called removed");
        }
    }

    private static void Check(LfsEntries lfs)
    {
        Require(lfs.Objects is not null && lfs.Missing is not null, $"its lfs has no list of objects");
        foreach (var entry in lfs.Objects!.Concat(lfs.Missing!))
        {
            var isOid = LfsPointer.IsOid(System.Text.Encoding.UTF8.GetBytes(entry?.Oid ?? ""));
            Require(isOid && entry!.Bytes >= 0, $"its lfs lists '{entry?.Oid}', which is not the name of an object");
        }
    }

    private static void Check(BundleEntry entry, bool isFirst, string place, ref DateTime last)
    {
        Require(BundleName.TryParse(entry.File, out var kind, out var time), $"{place}: '{entry.File}' is not the name of a bundle");
        Require(kind == entry.Kind, $"{place}: {entry.File} is called {(entry.Kind == BundleKind.Full ? "full" : "incr")}");
        Require(
            (kind == BundleKind.Full) == isFirst,
            $"{place}: {entry.File} stands where {(isFirst ? "a full bundle begins the chain" : "only incremental ones follow")}"
        );
        Require(time > last, $"{place}: {entry.File} is not later than the one before it");
        Require(
            entry.Bytes > 0 && entry.Objects >= 0 && entry.Refs > 0 && entry.Prerequisites >= 0,
            $"{place}: a number about {entry.File} is too low to be true"
        );
        Require(kind != BundleKind.Full || entry.Prerequisites == 0, $"{place}: {entry.File} is a full bundle with prerequisites");
        Require(
            entry.Sha256.Length == 64 && entry.Sha256.All(char.IsAsciiHexDigitLower),
            $"{place}: the sha256 of {entry.File} is not 64 lower-case hex digits"
        );
        last = time;
    }

    private static void Require(bool isTrue, FormattableString otherwise)
    {
        if (!isTrue)
        {
            throw new FormatException(FormattableString.Invariant(otherwise));
        }
    }
}

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

/// <summary>An id that some hosts count and others spell: a number stays a number in the file.</summary>
internal sealed class NumberOrText : JsonConverter<string>
{
    /// <inheritdoc/>
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            // One spelling for each id: a number in quotes is another hand's.
            JsonTokenType.String when reader.GetString() is { Length: > 0 } text && !text.All(char.IsAsciiDigit) => text,
            JsonTokenType.Number when reader.TryGetInt64(out var number) => number.ToString(CultureInfo.InvariantCulture),
            _ => throw new JsonException(),
        };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && value[0] != '0')
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(value);
        }
    }
}
