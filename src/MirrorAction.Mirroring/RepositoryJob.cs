using MirrorAction.Git.Http;
using MirrorAction.Hosts;

namespace MirrorAction.Mirroring;

/// <summary>One repository to mirror: where from, where to, and what the hosts said of both. Immutable.</summary>
public sealed record RepositoryJob
{
    /// <summary><c>owner/name</c>, or the URL in <c>sync</c>.</summary>
    public required string SourceName { get; init; }

    /// <summary><c>workspace/slug</c>, or the URL in <c>sync</c>.</summary>
    public required string DestinationName { get; init; }

    /// <summary>Where git finds the source.</summary>
    public required GitEndpoint Source { get; init; }

    /// <summary>Where git finds the destination.</summary>
    public required GitEndpoint Destination { get; init; }

    /// <summary>The rules.</summary>
    public required RefOptions Options { get; init; }

    /// <summary>Shows what would be done and writes nothing.</summary>
    public bool IsPlan { get; init; }

    /// <summary>The destination does not exist: a plan for a repository that would be created.</summary>
    public bool IsMissing { get; init; }

    /// <summary>The destination was created in this run; its git server may need a moment to know it.</summary>
    public bool IsNew { get; init; }

    /// <summary>The destination is known to be this mirror: it was created in this run, or its description says so.</summary>
    public bool IsOwnMirror { get; init; }

    /// <summary>The id of the source; null in <c>sync</c>.</summary>
    public long? SourceId { get; init; }

    /// <summary>The id that the destination's description names when it is the mirror of another repository than the source; null otherwise.</summary>
    public long? MirrorOfId { get; init; }

    /// <summary>The destination's main branch as its host listed it; null when there is none, or none is known.</summary>
    public string? MainBranch { get; init; }

    /// <summary>Makes a branch of the destination its main branch; null where there is no host to ask.</summary>
    public Func<string, CancellationToken, Task>? SetMainBranch { get; init; }

    /// <summary>Asks the source's host whether a repository that git did not find is really gone; null where there is no host to ask.</summary>
    public Func<CancellationToken, Task<bool>>? ExistsAtSource { get; init; }

    /// <summary>What the source's host means by a refusal.</summary>
    public Func<int?, string, HostFailure?> ExplainSource { get; init; } = static (_, _) => null;

    /// <summary>What the destination's host means by a refusal.</summary>
    public Func<int?, string, HostFailure?> ExplainDestination { get; init; } = static (_, _) => null;

    /// <summary>The pause before the second attempt; it doubles from there. The default value is 1 second.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>When the run ends: no wait that would outlast it is begun. Null for no end; then no wait of more than an hour is begun.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Is told of long waits when they begin; null when the log is read at once anyway.</summary>
    public Action<string>? Announce { get; init; }

    /// <summary>Is told of pack bytes that went through.</summary>
    public Action<long>? Progress { get; init; }
}
