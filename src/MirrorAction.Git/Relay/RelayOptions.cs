namespace MirrorAction.Git.Relay;

/// <summary>How a relay behaves. Immutable.</summary>
public sealed record RelayOptions
{
    /// <summary>Called for pack bytes that arrived; null for nobody.</summary>
    public Action<long>? Progress { get; init; }

    /// <summary>
    /// Whether a server's text is about the repository as a whole, such as a quota: then trying fewer refs or another pack would be refused as well.
    /// The default knows no such text.
    /// </summary>
    public Func<string, bool> IsAboutWholeRepository { get; init; } = static _ => false;

    /// <summary>
    /// Whether a server's text is about an object that was sent, such as a file that is too large: every ref that needs it is refused then. The
    /// default knows no such text.
    /// </summary>
    public Func<string, bool> IsAboutAnObject { get; init; } = static _ => false;

    /// <summary>
    /// What the destination takes in one push, in bytes of pack; null for no limit. A push that grows beyond is cut off before its end, which moves
    /// nothing, and its updates are sent in parts, the oldest history first.
    /// </summary>
    public long? MaxPackBytes { get; init; }

    /// <summary>
    /// What the source's host says of its size, in bytes; null when it says nothing. Above <see cref="MaxPackBytes"/> a push of everything is not
    /// tried but begun with a part.
    /// </summary>
    public long? ExpectedPackBytes { get; init; }

    /// <summary>What earlier attempts at the same repository learnt, and where this one's lessons go.</summary>
    public PushLessons Lessons { get; init; } = new();

    /// <summary>
    /// Everything is sent that the new values reach, whatever the destination advertises: what it lost comes back so, for it keeps what it unpacks
    /// beside what it has. No ref moves but the temporary tag of parts, because a push needs a command; it goes away at the end.
    /// </summary>
    public bool IsRepair { get; init; }

    /// <summary>
    /// Whatever broke off before may have been too much at a time: refs are pushed one by one at first, and a push that breaks off, or a fetch that
    /// the source ends early, is only held against the refs that were in it.
    /// </summary>
    public bool IsLastResort { get; init; }
}
