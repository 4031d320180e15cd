using MirrorAction.Git.Model;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Refs;

namespace MirrorAction.Mirroring.Selection;

/// <summary>
/// What is different for the repositories that a rule of the configuration file fits. What is null stays as the inputs say. Immutable.
/// </summary>
public sealed record RepositoryRule
{
    /// <summary>The names that the rule is for, at least one.</summary>
    public required IReadOnlyList<NamePattern> Match { get; init; }

    /// <summary>Where the rule stands, as <c>.github/mirror.yml:12:5</c>, for messages.</summary>
    public required string Origin { get; init; }

    /// <summary>Leaves the repository out.</summary>
    public bool? Skip { get; init; }

    /// <summary>The slug of the mirror instead of the one made from the name.</summary>
    public string? Slug { get; init; }

    /// <summary>The visibility of the mirror.</summary>
    public MirrorVisibility? Visibility { get; init; }

    /// <summary>The key of the project in which the mirror is created.</summary>
    public string? Project { get; init; }

    /// <summary>Which refs.</summary>
    public RefPatternSet? Refs { get; init; }

    /// <summary>Whether refs that the source no longer has are deleted.</summary>
    public bool? Prune { get; init; }

    /// <summary>How many deletions are too many.</summary>
    public PruneLimit? PruneLimit { get; init; }

    /// <summary>Whether the rule is for the repository.</summary>
    public bool Fits(IRepositoryName repository) => Match.Any(pattern => pattern.Matches(repository));
}

/// <summary>The visibility of a mirror.</summary>
public enum MirrorVisibility
{
    /// <summary>Not readable by everyone.</summary>
    Private,

    /// <summary>Readable by everyone.</summary>
    Public,

    /// <summary>As the source is.</summary>
    Source,
}
