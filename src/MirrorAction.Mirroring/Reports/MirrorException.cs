namespace MirrorAction.Mirroring.Reports;

/// <summary>A repository cannot be mirrored, for a reason that the mirror itself found.</summary>
internal class MirrorException(RepositoryError error) : Exception(error.Message)
{
    internal MirrorException(ErrorCode code, string message, string? hint)
        : this(new RepositoryError(code, message, hint)) { }

    internal RepositoryError Error { get; } = error;

    /// <summary>The same may succeed later.</summary>
    internal bool IsTransient { get; init; }
}
