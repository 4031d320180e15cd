using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Selection;

/// <summary>What a run is asked to do, validated. Immutable; defaults are those of the action.</summary>
public sealed record MirrorOptions
{
    /// <summary>Organisations and users whose repositories are mirrored.</summary>
    public required IReadOnlyList<string> Owners { get; init; }

    /// <summary>Which of their repositories.</summary>
    public RepositoryFilter Filter { get; init; } = new();

    /// <summary>Only this part of what the filter takes; null takes all of it.</summary>
    public Shard? Shard { get; init; }

    /// <summary>The shards that share the hosts' limits; in a plan for later shards, those to come.</summary>
    public ShardShares Shares { get; init; } = new(1);

    /// <summary>What is different for some repositories; where several rules fit, a later one wins over an earlier one, setting by setting.</summary>
    public IReadOnlyList<RepositoryRule> Rules { get; init; } = [];

    /// <summary>Shows what would be done and writes nothing.</summary>
    public bool IsPlan { get; init; }

    /// <summary>New mirrors get the source's visibility instead of being private, and existing ones follow it.</summary>
    public bool FollowSourceVisibility { get; init; }

    /// <summary>Takes the wikis of the repositories, too. The default value is false.</summary>
    public bool Wikis { get; init; }

    /// <summary>Repositories at a time. The default value is 8.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>After so long the rest is reported as cancelled. The default value is 330 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(330);

    /// <summary>The pause between two creations, of all shards together. The default value is 500 ms.</summary>
    public TimeSpan CreateInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A mirror that got no push for so long is touched; null for never.</summary>
    public TimeSpan? KeepaliveAfter { get; init; }

    /// <summary>How each repository is mirrored.</summary>
    public RefOptions Refs { get; init; } = new();
}
