using System.Globalization;

namespace MirrorAction.Http;

/// <summary>Reads what a host says about too many requests.</summary>
internal static class RateLimit
{
    /// <summary>Whether a refusal is for too many requests: 429, or GitHub's 403 with a sign of it.</summary>
    public static bool IsRefusal(RestResponse answer) =>
        answer.Status switch
        {
            429 => true,
            403 => IsUsedUp(answer)
                || answer.Headers.RetryAfter is not null
                || answer.Text.Contains("secondary rate limit", StringComparison.OrdinalIgnoreCase)
                || answer.Text.Contains("API rate limit exceeded", StringComparison.OrdinalIgnoreCase)
                || answer.Text.Contains("abuse detection", StringComparison.OrdinalIgnoreCase),
            _ => false,
        };

    /// <summary>When the host lets the next request through; null when it does not say, says nonsense, or names a time that has passed.</summary>
    /// <remarks>
    /// <c>Retry-After</c> comes first, in seconds or as a date (RFC 9110, 10.2.3), then <c>x-ratelimit-reset</c> (seconds since 1970) once
    /// <c>x-ratelimit-remaining</c> is 0.
    /// </remarks>
    public static DateTimeOffset? ResumeAt(RestResponse answer, DateTimeOffset now)
    {
        var said = answer.Headers.RetryAfter switch
        {
            { Delta: { } delta } => now + delta,
            { Date: { } date } => date,
            _ => Reset(answer),
        };
        return said > now ? said : null;
    }

    /// <summary>When an answer that was granted used up the limit: the time at which the limit is renewed.</summary>
    public static DateTimeOffset? Reset(RestResponse answer) =>
        IsUsedUp(answer)
        && long.TryParse(answer.Header("x-ratelimit-reset"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() - 1
            ? DateTimeOffset.FromUnixTimeSeconds(seconds + 1) // The second itself still belongs to the old window.
            : null;

    private static bool IsUsedUp(RestResponse answer) => answer.Header("x-ratelimit-remaining")?.Trim() == "0";
}
