namespace MirrorAction.Http;

/// <summary>A REST call to a host failed for good: retries, where they made sense, are behind it. Messages never hold credentials.</summary>
public sealed class HostException(string message, HostFailure failure, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What it is and what to do.</summary>
    public HostFailure Failure { get; } = failure;

    /// <summary>The HTTP status; null when there was no answer.</summary>
    public int? Status { get; init; }

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
