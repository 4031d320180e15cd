using System.Globalization;
using MirrorAction.Http;

namespace MirrorAction.Hosts.Rest;

/// <summary>
/// Holds what a host says of a repository against what can be. Each method gives back what can, or throws <see cref="FormatException"/> whose message
/// names the field; texts are not quoted.
/// </summary>
internal static class EntryForm
{
    /// <summary>Git takes no longer one on common file systems, and neither host comes near.</summary>
    private const int MaxBranch = 1000;

    /// <summary>One exbibyte: a thousand times what the largest host could keep for one repository.</summary>
    private const long MaxBytes = 1L << 60;

    /// <summary>The name of a repository, one segment of an address.</summary>
    public static string Name(string field, string? name) =>
        name is { Length: > 0 } and not ("." or "..") && !name.Contains('/', StringComparison.Ordinal) && TextSanitizer.IsClean(name)
            ? name
            : throw new FormatException($"its field '{field}' is {(string.IsNullOrEmpty(name) ? "missing" : "not the name of a repository")}");

    /// <summary>A number that counts repositories, as text.</summary>
    public static string Id(string field, long? id) =>
        id is > 0 and var number
            ? number.ToString(CultureInfo.InvariantCulture)
            : throw new FormatException($"its field '{field}' is {(id is null ? "missing" : "not above 0")}");

    /// <summary>The name of a branch; null where there is none.</summary>
    public static string? Branch(string field, string? name) =>
        name switch
        {
            null or "" => null,
            { Length: <= MaxBranch } => name,
            _ => throw new FormatException($"its field '{field}' is too long for the name of a branch"),
        };

    /// <summary>A time; null where the host does not say, or not in a form that is known: nothing hangs on it.</summary>
    public static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    /// <summary>A size in units of so many bytes; null where the host does not say.</summary>
    public static long? Size(string field, long? size, long unit) =>
        size is null || (size >= 0 && size <= MaxBytes / unit)
            ? size
            : throw new FormatException(FormattableString.Invariant($"its field '{field}' is no size: {size}"));
}
