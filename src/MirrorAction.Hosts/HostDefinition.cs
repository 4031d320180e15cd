using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.GitHub;

namespace MirrorAction.Hosts;

/// <summary>A kind of host: what it is called and what it takes. Immutable. What names a host lies in the host's own folder.</summary>
public sealed record HostDefinition
{
    /// <summary>The name in settings and reports: <c>github</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What people call it: <c>GitHub</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it calls an owner of repositories: <c>organisation</c>.</summary>
    public required string OwnerWord { get; init; }

    /// <summary>What to do where the credentials reach none of an owner's repositories.</summary>
    public required string NothingListedHint { get; init; }

    /// <summary>What it takes.</summary>
    public HostLimits Limits { get; init; } = new();
}

/// <summary>What a host takes of a repository and an owner; null each where there is no limit, or none that is known. Sizes in bytes.</summary>
public sealed record HostLimits
{
    /// <summary>The size from which the host warns of a repository.</summary>
    public long? RepositoryWarning { get; init; }

    /// <summary>The size at which a repository takes no more.</summary>
    public long? Repository { get; init; }

    /// <summary>All that an owner on the host's free plan may store.</summary>
    public long? FreePlan { get; init; }
}

/// <summary>The hosts that are known. A host is a folder and a line here.</summary>
public static class KnownHosts
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<HostDefinition> All { get; } = [BitbucketHost.Definition, GitHubHost.Definition];
}
