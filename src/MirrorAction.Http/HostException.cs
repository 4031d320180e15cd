namespace MirrorAction.Http;

/// <summary>A REST call to a host failed for good: retries, where they made sense, are behind it. Messages never hold credentials.</summary>
public sealed class HostException(string message, HostFailure failure, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What it is and what to do.</summary>
    public HostFailure Failure { get; } = failure;

    /// <summary>The HTTP status; null when there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>The host did what it was asked to, and told of it in a way that is not understood.</summary>
    public bool IsUnreadableSuccess => Status is >= 200 and < 300 && Failure.Kind == HostFailureKind.Protocol;

    /// <summary>Whether the same call may succeed later.</summary>
    public bool IsTransient { get; init; }

    /// <summary>
    /// Came while a token was asked for, whose own repetitions are behind it: the request that waits for the token is not repeated.
    /// </summary>
    internal bool WasRepeated { get; init; }

    /// <summary>When a rate limit lets the next request through, where the host says.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>The host's own number for the request, for its support; null when it gave none.</summary>
    public string? RequestId { get; init; }
}

/// <summary>Why a host refused, in kinds that a user can act upon.</summary>
public enum HostFailureKind
{
    /// <summary>The credential is dead or of the wrong kind.</summary>
    Unauthorized,

    /// <summary>The credential is alive but may not do this.</summary>
    Forbidden,

    /// <summary>Not there, or not visible to this credential.</summary>
    NotFound,

    /// <summary>The plan's storage or user limit.</summary>
    Quota,

    /// <summary>A repository or push beyond the host's limit.</summary>
    TooLarge,

    /// <summary>A file beyond the host's limit: refs that do not reach it may pass.</summary>
    FileTooLarge,

    /// <summary>A rule of the repository refuses these refs.</summary>
    RefRejected,

    /// <summary>Objects of Git LFS that the refs point to are not there.</summary>
    Lfs,

    /// <summary>Too many requests.</summary>
    RateLimited,

    /// <summary>Switched off by the host's staff.</summary>
    Disabled,

    /// <summary>Blocked for legal reasons or for a breach of terms.</summary>
    Blocked,

    /// <summary>The host, or the way to it, does not work at the moment.</summary>
    Unavailable,

    /// <summary>An answer that this program does not understand.</summary>
    Protocol,
}

/// <summary>A refusal and its cure.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Hint">What to do about it: one or two sentences for the person who reads the report.</param>
public sealed record HostFailure(HostFailureKind Kind, string Hint);
