namespace MirrorAction.Mirroring;

/// <summary>What a restore is asked. Immutable.</summary>
/// <param name="Owner">The organisation or user at the destination.</param>
public sealed record RestoreOptions(string Owner)
{
    /// <summary>Bring the kept tips of <c>refs/tags/mirror-kept/</c> back too. The default value is false.</summary>
    public bool IncludeKept { get; init; }

    /// <summary>The largest pack of one push, in bytes; a larger one is sent in several. The default is 1,900 MiB: GitHub refuses more than 2 GiB.</summary>
    public long PushLimit { get; init; } = 1900L << 20;
}

/// <summary>What a drill is asked. Immutable.</summary>
/// <param name="Scratch">An existing folder below which the restored repositories lie for a moment, absolute.</param>
public sealed record DrillOptions(string Scratch)
{
    /// <summary>So many repositories, picked at random; null takes all.</summary>
    public int? Sample { get; init; }
}
