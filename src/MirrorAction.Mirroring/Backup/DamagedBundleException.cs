namespace MirrorAction.Mirroring.Backup;

/// <summary>A bundle of a chain is not what it should be. The message says what is wrong, without the file's name.</summary>
internal sealed class DamagedBundleException(string message) : Exception(message)
{
    /// <summary>What to do about it, where that is not the usual.</summary>
    internal string? Hint { get; init; }
}
