using MirrorAction.Git.Model;

namespace MirrorAction.Git.Bundles;

/// <summary>What a bundle file says before its pack: which refs it brings, and what a repository must have to take them. Immutable.</summary>
public sealed record BundleHeader
{
    /// <summary>The hash that names the objects.</summary>
    public required ObjectFormat ObjectFormat { get; init; }

    /// <summary>
    /// Commits that must be there, with everything they reach, before the bundle can be fetched from; empty for a bundle that stands alone. Commits
    /// only, such as the tips of branches: of a tag object, or what a tag of a file points to, git says that the repository lacks it although it is
    /// there.
    /// </summary>
    public IReadOnlyList<ObjectId> Prerequisites { get; init; } = [];

    /// <summary>
    /// The refs, in the order of the file. <c>HEAD</c> may be one of them, the last: from it <c>git clone</c> learns the main branch.
    /// </summary>
    public required IReadOnlyList<Ref> Refs { get; init; }
}

/// <summary>A bundle that was written.</summary>
/// <param name="Bytes">The length of the file.</param>
/// <param name="Sha256">SHA-256 of the whole file, in lower-case hex digits.</param>
/// <param name="Objects">Objects in its pack.</param>
public sealed record BundleFacts(long Bytes, string Sha256, uint Objects);
