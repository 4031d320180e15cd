using MirrorAction.Hosts;

namespace MirrorAction.Mirroring.Selection;

/// <summary>A mirror whose source has another name now, by which the mirror is to be called too. Immutable.</summary>
/// <param name="Source">The source, as it is listed.</param>
/// <param name="Mirror">The mirror as it was listed, under its former slug.</param>
/// <param name="Slug">The slug that it gets.</param>
internal sealed record MirrorRename(Repository Source, Repository Mirror, string Slug)
{
    /// <summary>What to do where something is in the way.</summary>
    internal const string Hint =
        "It is mirrored into all the same, and each run tries again. Rename or remove what is in the way; "
        + "where the mirror of another shard is, one run without 'shard' puts all in order.";

    /// <summary>Why the mirror keeps its slug for now, as a sentence; null where nothing is in the way.</summary>
    internal string? Obstacle { get; init; }

    /// <summary>The name that the source had when the mirror was marked.</summary>
    internal string FormerSource => MirrorDescription.Read(Mirror.Description)?.FullName ?? Source.FullName;

    /// <summary>What the mirror is described by under its new slug.</summary>
    internal string Description => MirrorDescription.For(Source).Over(Mirror.Description);

    /// <summary>Why it is renamed, as the end of a sentence.</summary>
    internal string Cause =>
        FormerSource.Equals(Source.FullName, StringComparison.OrdinalIgnoreCase)
            ? $"its source {Source.FullName} has its mirror there"
            : $"its source {FormerSource} is called {Source.FullName} now";

    /// <summary>A sentence about the mirror that keeps its slug; null where it need not.</summary>
    internal string? Stays =>
        Obstacle is null ? null : $"{Mirror.FullName} is the mirror of {Source.FullName} and should be called {Slug}, but keeps its name: {Obstacle}";

    /// <summary><c>acme-mirror/old -> acme-mirror/new</c>.</summary>
    internal string Arrow => $"{Mirror.FullName} -> {Mirror.FullName[..^Mirror.Name.Length]}{Slug}";
}
