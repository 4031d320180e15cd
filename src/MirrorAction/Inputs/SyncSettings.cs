using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Inputs;

/// <summary>Everything <c>sync</c> needs, validated. Immutable; shows no secret as text.</summary>
internal sealed record SyncSettings
{
    /// <summary>The repository that is read.</summary>
    public required Uri SourceUrl { get; init; }

    /// <summary>The repository that is written.</summary>
    public required Uri DestinationUrl { get; init; }

    /// <summary>The credential for the source; null when none was given.</summary>
    public SyncLogin? SourceLogin { get; init; }

    /// <summary>The credential for the destination; null when none was given.</summary>
    public SyncLogin? DestinationLogin { get; init; }

    /// <summary>How the refs are mirrored.</summary>
    public required RefOptions Refs { get; init; }

    /// <summary>Shows what would be done and writes nothing.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>What is printed.</summary>
    public MessageLevel LogLevel { get; init; } = MessageLevel.Info;

    /// <summary>How it is printed.</summary>
    public LogFormat LogFormat { get; init; }
}

/// <summary>User and token for git over HTTPS.</summary>
/// <param name="UserName">The user; many hosts take any name.</param>
/// <param name="Token">The token or password.</param>
internal sealed record SyncLogin(string UserName, Secret Token);
