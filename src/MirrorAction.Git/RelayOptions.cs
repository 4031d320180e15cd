namespace MirrorAction.Git;

/// <summary>How a relay behaves. Immutable.</summary>
public sealed record RelayOptions
{
    /// <summary>Is told of pack bytes that arrived; null for nobody.</summary>
    public Action<long>? Progress { get; init; }

    /// <summary>
    /// Whether a server's text is about the repository as a whole, such as a quota: then trying fewer refs or another pack would be refused as well. The
    /// default knows no such text.
    /// </summary>
    public Func<string, bool> IsAboutWholeRepository { get; init; } = static _ => false;
}
