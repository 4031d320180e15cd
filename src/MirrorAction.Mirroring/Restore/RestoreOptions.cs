namespace MirrorAction.Mirroring.Restore;

/// <summary>What a restore is asked. Immutable.</summary>
/// <param name="Owner">The organisation or user at the destination.</param>
public sealed record RestoreOptions(string Owner)
{
    /// <summary>Bring the kept tips of <c>refs/tags/mirror-kept/</c> back too. The default value is false.</summary>
    public bool IncludeKept { get; init; }

    /// <summary>
    /// The largest pack of one push, in bytes; a larger one is sent in several. The default is 1,900 MiB: hosts refuse from 2 GiB on.
    /// </summary>
    public long PushLimit { get; init; } = 1900L << 20;
}
