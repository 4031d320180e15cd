namespace MirrorAction.Mirroring.Reports;

#pragma warning disable CS1591 // Each member is the contract's word in Pascal case; docs/ERRORS.md explains them for users.

/// <summary>The kinds of failure that <c>report.json</c> names, in kebab case there.</summary>
public enum ErrorCode
{
    SourceUnauthorized,
    SourceForbidden,
    SourceNotFound,
    DestinationUnauthorized,
    DestinationForbidden,
    DestinationNotFound,
    DestinationQuota,
    RefRejected,
    PruneGuard,
    NotAMirror,
    NameCollision,
    TooLarge,
    RateLimited,
    Network,
    Timeout,
    Protocol,
    Lfs,
    Cancelled,
    Internal,
    NoReport,
    DamagedBackup,
}

/// <summary>A repository cannot be mirrored, for a reason that the mirror itself found.</summary>
internal class MirrorException(RepositoryError error) : Exception(error.Message)
{
    internal MirrorException(ErrorCode code, string message, string? hint)
        : this(new RepositoryError(code, message, hint)) { }

    internal RepositoryError Error { get; } = error;

    /// <summary>The same may succeed later.</summary>
    internal bool IsTransient { get; init; }
}
