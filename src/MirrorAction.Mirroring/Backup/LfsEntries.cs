using System.Text.Json.Serialization;
using MirrorAction.Git.Lfs;

namespace MirrorAction.Mirroring.Backup;

/// <summary>The LFS objects of a backup. Immutable.</summary>
/// <param name="Objects">Those that are there: <c>lfs/objects/aa/bb/oid</c> beside the manifest.</param>
/// <param name="Missing">Those that the history points to, and that could not be had yet.</param>
internal sealed record LfsEntries(IReadOnlyList<LfsEntry> Objects, IReadOnlyList<LfsEntry> Missing);

/// <summary>One object. Immutable.</summary>
/// <param name="Oid">SHA-256 of its contents, in 64 lower-case hex digits.</param>
/// <param name="Bytes">Its length.</param>
internal sealed record LfsEntry(string Oid, long Bytes)
{
    /// <summary>The object as pointers name it.</summary>
    [JsonIgnore]
    public LfsPointer Pointer => new(Oid, Bytes);

    /// <summary>Entries in the order of their names, each once.</summary>
    internal static IReadOnlyList<LfsEntry> Of(IEnumerable<LfsPointer> objects) =>
        [.. objects.Distinct().OrderBy(o => o.Oid, StringComparer.Ordinal).ThenBy(o => o.Size).Select(o => new LfsEntry(o.Oid, o.Size))];
}
