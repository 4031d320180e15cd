using System.Globalization;

namespace MirrorAction.Http;

/// <summary>
/// Lets requests through one by one and holds them back, for all callers alike, while the host wants none or while an own budget for any hour is
/// used up. Thread-safe.
/// </summary>
/// <param name="host">The host's name in messages.</param>
/// <param name="perHour">Requests within any hour; null for no budget.</param>
/// <param name="deadline">No wait beyond it is begun; null for six hours from now, the longest life of a job on GitHub's runners.</param>
/// <param name="time">The clock.</param>
/// <param name="say">Called with every wait.</param>
internal sealed class RequestPacer(string host, int? perHour, DateTimeOffset? deadline, TimeProvider time, Action<string> say)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(6);

    /// <summary>GitHub: "wait for at least one minute", then longer each time.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(16);

    private readonly Lock _lock = new();
    private readonly Queue<DateTimeOffset> _sent = new();
    private DateTimeOffset _heldUntil;
    private DateTimeOffset _announced;
    private int _refusals;

    /// <summary>Waits until a request may be sent, and counts it.</summary>
    /// <exception cref="HostException">The wait would outlast the run (<see cref="HostFailureKind.RateLimited"/>).</exception>
    public async Task WaitTurnAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TimeSpan wait;
            string? announcement = null;
            lock (_lock)
            {
                var now = time.GetUtcNow();
                var (turn, reason) = NextTurn(now);
                if (turn <= now)
                {
                    Count(now);
                    return;
                }

                if (!CanWaitFor(turn))
                {
                    throw TooLong(turn, reason);
                }

                wait = turn - now;
                // Under a budget the turns come one by one; a line for each would flood the log.
                if (turn > _announced + FirstPause)
                {
                    _announced = turn;
                    announcement = $"{reason}: resuming at {Clock(turn)}";
                }
            }

            if (announcement is not null)
            {
                say(announcement);
            }

            await Task.Delay(wait, time, cancellationToken);
        }
    }

    /// <summary>Whether the run lasts until then.</summary>
    public bool CanWaitFor(DateTimeOffset turn) => turn <= (deadline ?? time.GetUtcNow() + LongestWait);

    /// <summary>The host refused for too many requests.</summary>
    /// <param name="resumeAt">When it wants the next; null when it did not say, which doubles the pause from one refusal to the next.</param>
    /// <returns>When the next request goes out.</returns>
    public DateTimeOffset Refused(DateTimeOffset? resumeAt)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (resumeAt is null && _heldUntil <= now)
            {
                // Answers to requests that were under way together count as one refusal.
                var pause = FirstPause * (1 << Math.Min(_refusals++, 4));
                resumeAt = now + (pause < LongestPause ? pause : LongestPause);
            }

            if (resumeAt > _heldUntil)
            {
                _heldUntil = resumeAt.Value;
            }

            return _heldUntil;
        }
    }

    /// <summary>The host wants no request before then, though it refused none.</summary>
    public void Hold(DateTimeOffset resumeAt)
    {
        lock (_lock)
        {
            _heldUntil = resumeAt > _heldUntil ? resumeAt : _heldUntil;
        }
    }

    /// <summary>The host granted a request.</summary>
    public void Granted()
    {
        lock (_lock)
        {
            _refusals = 0;
        }
    }

    private (DateTimeOffset Turn, string Reason) NextTurn(DateTimeOffset now)
    {
        while (_sent.TryPeek(out var oldest) && oldest + Window <= now)
        {
            _sent.Dequeue();
        }

        if (_heldUntil > now)
        {
            return (_heldUntil, $"{host} rate limit");
        }

        return _sent.Count > 0 && _sent.Count >= perHour ? (_sent.Peek() + Window, $"{host} budget of {perHour} requests an hour") : (now, "");
    }

    private void Count(DateTimeOffset now)
    {
        if (perHour is not null)
        {
            _sent.Enqueue(now);
        }
    }

    private static HostException TooLong(DateTimeOffset turn, string reason) =>
        new(
            $"{reason}: the next request may go out at {Clock(turn)}, which is later than this run lasts.",
            new HostFailure(HostFailureKind.RateLimited, $"Run again after {Clock(turn)}, run less often, or use credentials with a higher limit.")
        )
        {
            IsTransient = true,
            RetryAt = turn,
        };

    private static string Clock(DateTimeOffset turn) => turn.UtcDateTime.ToString("HH:mm 'UTC'", CultureInfo.InvariantCulture);
}

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
