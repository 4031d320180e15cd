namespace MirrorAction.Mirroring.Drill;

/// <summary>What a drill is asked. Immutable.</summary>
/// <param name="Scratch">An existing folder below which the restored repositories lie for a moment, absolute.</param>
public sealed record DrillOptions(string Scratch)
{
    /// <summary>So many repositories, picked at random; null takes all.</summary>
    public int? Sample { get; init; }
}
