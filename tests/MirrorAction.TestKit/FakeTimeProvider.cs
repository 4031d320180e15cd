namespace MirrorAction.TestKit;

/// <summary>A clock that stands still until it is told otherwise. Thread-safe.</summary>
/// <param name="start">Where it begins; null for the first moment of 2026 (UTC).</param>
public sealed class FakeTimeProvider(DateTimeOffset? start = null) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<FakeTimer> _timers = [];
    private readonly List<TimeSpan> _skipped = [];
    private DateTimeOffset _now = start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private Func<TimeSpan, bool> _skips = _ => false;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

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

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <summary>From now on the clock jumps to the end of a wait as soon as one begins, so that code that waits runs through.</summary>
    /// <param name="which">Told the length of a wait; time limits on calls, which are timers too, are best left alone.</param>
    public void SkipWaits(Func<TimeSpan, bool> which)
    {
        lock (_lock)
        {
            _skips = which;
        }
    }

    /// <summary>Moves the clock and fires what became due, in order.</summary>
    public void Advance(TimeSpan by)
    {
        lock (_lock)
        {
            MoveTo(_now + by);
        }
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private void MoveTo(DateTimeOffset moment)
    {
        while (_timers.Where(timer => timer.Due <= moment).MinBy(timer => timer.Due) is { } next)
        {
            _now = next.Due > _now ? next.Due : _now;
            next.Fire();
        }

        _now = moment > _now ? moment : _now;
    }

    private bool Set(FakeTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            _timers.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                return true;
            }

            timer.Due = _now + dueTime;
            timer.Period = period;
            _timers.Add(timer);
            if (_skips(dueTime))
            {
                _skipped.Add(dueTime);
                MoveTo(timer.Due);
            }

            return true;
        }
    }

    private sealed class FakeTimer(FakeTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period) => clock.Set(this, dueTime, period);

        public void Dispose() => clock.Set(this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        // On another thread, as real timers do: the code that set this one may hold locks.
        public void Fire()
        {
            clock._timers.Remove(this);
            if (Period > TimeSpan.Zero)
            {
                Due += Period;
                clock._timers.Add(this);
            }

            ThreadPool.UnsafeQueueUserWorkItem(_ => callback(state), null);
        }
    }
}
