using System.Globalization;
using MirrorAction.Git.Model;

namespace MirrorAction.Mirroring.Refs;

/// <summary>
/// The tips that the mirror keeps before it overwrites or deletes them: <c>refs/tags/mirror-kept/20261121T020000Z/heads/main</c>.
/// </summary>
internal static class KeptRefs
{
    /// <summary>How names tell a time: <c>20261121T020000Z</c>.</summary>
    internal const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    internal static bool IsKept(RefName name) => name.Raw.StartsWith(RefPatternSet.KeptPrefix, StringComparison.Ordinal);

    /// <summary>Whether a kept tip is older than it may become. One whose name holds no time is never touched.</summary>
    internal static bool IsExpired(RefName name, DateTimeOffset now, TimeSpan? keepFor)
    {
        if (keepFor is not { } limit || !IsKept(name))
        {
            return false;
        }

        var time = name.Raw[RefPatternSet.KeptPrefix.Length..].Split('/')[0];
        return DateTimeOffset.TryParseExact(time, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var keptAt)
            && now - keptAt > limit;
    }
}
