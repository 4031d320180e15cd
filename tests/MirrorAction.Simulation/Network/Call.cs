namespace MirrorAction.Simulation.Network;

/// <summary>What a request is for.</summary>
internal enum CallKind
{
    /// <summary>REST: who the owner is.</summary>
    Account,

    /// <summary>REST: a page of repositories.</summary>
    List,

    /// <summary>REST: one repository.</summary>
    Find,

    /// <summary>REST: a creation.</summary>
    Create,

    /// <summary>REST: a change of settings.</summary>
    Change,

    /// <summary>REST: anything else.</summary>
    Other,

    /// <summary>git: the refs of a source.</summary>
    ListRefs,

    /// <summary>git: what protocol a source speaks.</summary>
    Ask,

    /// <summary>git: commits alone.</summary>
    Probe,

    /// <summary>git: a pack.</summary>
    Fetch,

    /// <summary>git: the refs of a mirror.</summary>
    Discover,

    /// <summary>git: a push.</summary>
    Push,
}

/// <summary>A request of a run.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="IsSource">It goes to GitHub.</param>
/// <param name="Repository">The repository's name at its host; empty where it is about all of them.</param>
/// <param name="Ordinal">The how manieth of its kind for this repository in this run.</param>
internal sealed record Call(CallKind Kind, bool IsSource, string Repository, int Ordinal)
{
    /// <summary>It is one of git's, not of REST.</summary>
    public bool IsGit => Kind >= CallKind.ListRefs;

    /// <summary>The source, where the mirror has another name.</summary>
    public string? Source { get; init; }

    /// <summary>What holds for both sides of a mirror together.</summary>
    public string Pair => (Source ?? Repository).ToLowerInvariant();

    public override string ToString() => $"{Kind} {(IsSource ? "source" : "mirror")} {Repository} #{Ordinal}";
}

/// <summary>What a host answers.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Type">The content type.</param>
/// <param name="Body">The body.</param>
internal sealed record Answer(int Status, string Type, byte[] Body)
{
    public Dictionary<string, string> Headers { get; } = new(StringComparer.Ordinal);

    /// <summary>The server closes the connection without an answer.</summary>
    public static Answer? None => null;

    public static Answer Text(int status, string text) => new(status, "text/plain", System.Text.Encoding.UTF8.GetBytes(text));

    public static Answer Page(int status, string text) =>
        new(status, "text/html", System.Text.Encoding.UTF8.GetBytes($"<html><head><title>{status}</title></head><body>{text}</body></html>"));
}
