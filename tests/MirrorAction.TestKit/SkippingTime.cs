using Microsoft.Extensions.Time.Testing;

namespace MirrorAction.TestKit;

/// <summary>A clock that a test moves, and that jumps to the end of a wait as soon as one begins, where the test says so. Thread-safe.</summary>
public sealed class SkippingTime() : FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
{
    private readonly Lock _lock = new();
    private readonly List<TimeSpan> _skipped = [];
    private Func<TimeSpan, bool> _skips = _ => false;

    /// <summary>The waits that were skipped, in order.</summary>
    public IReadOnlyList<TimeSpan> Skipped
    {
        get
        {
            lock (_lock)
            {
                return [.. _skipped];
            }
        }
    }

    /// <summary>From now on code that waits runs through.</summary>
    /// <param name="which">Told the length of a wait; time limits on calls, which are timers too, are best left alone.</param>
    public void SkipWaits(Func<TimeSpan, bool> which)
    {
        lock (_lock)
        {
            _skips = which;
        }
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        bool isSkipped;
        lock (_lock)
        {
            isSkipped = dueTime != Timeout.InfiniteTimeSpan && _skips(dueTime);
            if (isSkipped)
            {
                _skipped.Add(dueTime);
            }
        }

        // On another thread, as a real timer does: the code that waits may hold locks.
        var timer = base.CreateTimer(
            isSkipped ? _ => ThreadPool.UnsafeQueueUserWorkItem(_ => callback(state), null) : callback,
            state,
            dueTime,
            period
        );
        if (isSkipped)
        {
            Advance(dueTime);
        }

        return timer;
    }
}
