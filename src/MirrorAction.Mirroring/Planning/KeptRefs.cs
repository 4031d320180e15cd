using System.Globalization;
using MirrorAction.Git;

namespace MirrorAction.Mirroring.Planning;

/// <summary>
/// The tips that the mirror keeps before it overwrites or deletes them: <c>refs/tags/mirror-kept/20261121T020000Z/heads/main</c>.
/// </summary>
internal static class KeptRefs
{
    /// <summary>How names tell a time: <c>20261121T020000Z</c>.</summary>
    internal const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Whether old values of the ref are kept: branches and tags.</summary>
    internal static bool CanKeep(RefName name) => name.IsBranch || name.IsTag;

    /// <summary>A folder for the tips of one run; no ref of the destination is in it yet.</summary>
    internal static string NewFolder(DateTimeOffset now, IEnumerable<RefName> destination)
    {
        var kept = destination.Where(IsKept).Select(n => n.Raw).ToArray();
        for (; ; now = now.AddSeconds(1))
        {
            var folder = $"{RefPatternSet.KeptPrefix}{now.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}/";
            if (!Array.Exists(kept, k => k.StartsWith(folder, StringComparison.Ordinal)))
            {
                return folder;
            }
        }
    }

    /// <summary>The name under which a ref's old value is kept.</summary>
    internal static RefName NameFor(RefName name, string folder) => RefName.Concat(folder, name, "refs/".Length);

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
