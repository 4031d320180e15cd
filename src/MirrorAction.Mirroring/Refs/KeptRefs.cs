using System.Globalization;
using System.Security.Cryptography;
using System.Text;
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

/// <summary>The folder in which a run keeps old values, <c>refs/tags/mirror-kept/20261121T020000Z/</c>, and the names in it.</summary>
internal sealed class KeptFolder
{
    /// <summary>No host takes longer names of refs than 255 bytes for granted, and no file system a longer part of one.</summary>
    internal const int MaxNameLength = 255;

    private const int HashLength = 8;

    private KeptFolder(string time) => Path = $"{RefPatternSet.KeptPrefix}{time}/";

    /// <summary>The full name, with a slash at the end.</summary>
    internal string Path { get; }

    /// <summary>A tag beside the folders, to which a tag in their place is moved to make room for them.</summary>
    internal RefName Aside => RefName.FromText($"{RefPatternSet.KeptTagName}-{Path[RefPatternSet.KeptPrefix.Length..^1]}");

    /// <summary>A folder of which the destination has nothing yet.</summary>
    internal static KeptFolder New(DateTimeOffset now, IReadOnlyDictionary<RefName, ObjectId> destination)
    {
        var kept = destination.Keys.Where(KeptRefs.IsKept).Select(name => $"{name.Raw}/").ToArray();
        for (; ; now = now.AddSeconds(1))
        {
            var folder = new KeptFolder(now.UtcDateTime.ToString(KeptRefs.TimeFormat, CultureInfo.InvariantCulture));
            if (!Array.Exists(kept, name => name.StartsWith(folder.Path, StringComparison.Ordinal)) && !destination.ContainsKey(folder.Aside))
            {
                return folder;
            }
        }
    }

    /// <summary>
    /// The name under which a ref's old value is kept: the folder and its own, of which the end gives way to a hash where both are too long.
    /// </summary>
    internal static RefName NameFor(RefName name, string folder)
    {
        var whole = RefName.Concat(folder, name, "refs/".Length);
        if (whole.ByteLength <= MaxNameLength)
        {
            return whole;
        }

        // Not in the middle of a character.
        var end = MaxNameLength - HashLength - 1;
        while (whole.Raw[end] is >= '\u0080' and < '\u00c0' && end > MaxNameLength - HashLength - 4)
        {
            end--;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.Latin1.GetBytes(name.Raw)))[..HashLength];
        return RefName.FromBytes(Encoding.Latin1.GetBytes($"{whole.Raw[..end].TrimEnd('/')}-{hash}"));
    }
}
