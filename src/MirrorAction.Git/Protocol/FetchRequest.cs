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

    /// <summary>What the source leaves out, unless it is wanted by its id. The default value leaves out nothing.</summary>
    public ObjectFilter Filter { get; init; }

    /// <summary>Only the wanted commits, and nothing of the history before them (<c>deepen 1</c>).</summary>
    public bool TipsOnly { get; init; }
}

/// <summary>What a source leaves out of a pack: git's object filters, of which all large hosts know these.</summary>
public enum ObjectFilter
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Every tree and file: <c>tree:0</c>.</summary>
    CommitsOnly,

    /// <summary>Every file: <c>blob:none</c>.</summary>
    NoBlobs,

    /// <summary>Files of 1,024 bytes and more, which cannot be pointers of Git LFS: <c>blob:limit=1024</c>.</summary>
    SmallBlobs,
}
