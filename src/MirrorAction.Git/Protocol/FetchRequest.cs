using MirrorAction.Git.Model;

namespace MirrorAction.Git.Protocol;

/// <summary>What is asked of a source's upload-pack.</summary>
public sealed record FetchRequest
{
    /// <summary>Objects wanted, with everything they reach.</summary>
    public required IReadOnlyCollection<ObjectId> Wants { get; init; }

    /// <summary>Objects that need not be sent, with everything they reach. Unknown ones are ignored by the source.</summary>
    public IReadOnlyCollection<ObjectId> Haves { get; init; } = [];

    /// <summary>Deltas against objects that are not in the pack are welcome.</summary>
    public bool ThinPack { get; init; }

    /// <summary>Deltas may name their base by its offset.</summary>
    public bool OfsDelta { get; init; }

    /// <summary>Leave out every tree and blob (<c>filter tree:0</c>): commits and tags only.</summary>
    public bool CommitsOnly { get; init; }
}
