using System.Globalization;
using System.Text.Json.Serialization;
using MirrorAction.Mirroring.Refs;

namespace MirrorAction.Mirroring.Backup;

/// <summary>What a bundle holds.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BundleKind>))]
internal enum BundleKind
{
    /// <summary>Everything: the first of a chain.</summary>
    [JsonStringEnumMemberName("full")]
    Full,

    /// <summary>What is new since the bundle before it.</summary>
    [JsonStringEnumMemberName("incr")]
    Incremental,
}

/// <summary>The names of bundle files: <c>full-20261121T020000Z.bundle</c>, <c>incr-20261122T020000Z.bundle</c>.</summary>
internal static class BundleName
{
    /// <summary>What all of them end in.</summary>
    internal const string Extension = ".bundle";

    /// <summary>The name of a bundle made at this time, UTC.</summary>
    internal static string For(BundleKind kind, DateTime createdAt) =>
        $"{Word(kind)}-{createdAt.ToString(KeptRefs.TimeFormat, CultureInfo.InvariantCulture)}{Extension}";

    /// <summary>Reads a name; false for any other file.</summary>
    internal static bool TryParse(string file, out BundleKind kind, out DateTime createdAt)
    {
        kind = file.StartsWith(Word(BundleKind.Full), StringComparison.Ordinal) ? BundleKind.Full : BundleKind.Incremental;
        var prefix = Word(kind) + "-";
        createdAt = default;
        return file.StartsWith(prefix, StringComparison.Ordinal)
            && file.EndsWith(Extension, StringComparison.Ordinal)
            && file.Length > prefix.Length + Extension.Length
            && DateTime.TryParseExact(
                file.AsSpan()[prefix.Length..^Extension.Length],
                KeptRefs.TimeFormat,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out createdAt
            );
    }

    /// <summary>
    /// The time of a new bundle: now in whole seconds, and later than that of every file that is there, so that names sort as they were made.
    /// </summary>
    internal static DateTime NextTime(DateTimeOffset now, IEnumerable<string> files)
    {
        var whole = new DateTime(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
        var last = files.Select(file => TryParse(file, out _, out var time) ? time : default).DefaultIfEmpty().Max();
        return last >= whole ? last.AddSeconds(1) : whole;
    }

    private static string Word(BundleKind kind) => kind == BundleKind.Full ? "full" : "incr";
}
