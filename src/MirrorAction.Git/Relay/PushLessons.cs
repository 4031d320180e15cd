namespace MirrorAction.Git.Relay;

/// <summary>What was learnt about pushing to one repository, for the next push and the next attempt. Not thread-safe.</summary>
public sealed class PushLessons
{
    /// <summary>How many refs at a time.</summary>
    internal Narrowing Narrowing { get; } = new(PackRelay.MaxCommands);

    /// <summary>The server wants to know the length of a push before its first byte (411).</summary>
    internal bool NeedsLength { get; set; }
}
