namespace MirrorAction.Mirroring.Backup;

/// <summary>What a backup is asked. Immutable.</summary>
/// <param name="Folder">The folder for the bundles, absolute.</param>
public sealed record BackupOptions(string Folder)
{
    /// <summary>Bundles in a chain, the full one included; after so many the next chain begins. The default value is 30.</summary>
    public int FullEvery { get; init; } = 30;

    /// <summary>Chains that are kept of each repository; null keeps all. The default value is 2.</summary>
    public int? Keep { get; init; } = 2;

    /// <summary>
    /// A check brings each chain back below this existing folder for a moment, absolute, and has a second reader walk it; null reads the bundles
    /// alone.
    /// </summary>
    public string? Scratch { get; init; }
}
