namespace MirrorAction.Simulation.World;

/// <summary>
/// The clock of one run. A pause is over as soon as it begins, and the world's time has moved; limits on silence run out only where somebody is
/// silent
/// (<see cref="Silence"/>), and the limit of a run when the time has come.
/// </summary>
/// <remarks>
/// Pauses are rounded up to whole minutes. Those of programs have a random part, which would make every replay another story.
/// </remarks>
/// <param name="world">Whose time it is.</param>
/// <param name="runLimit">How long a run may take; no limit on silence is as long.</param>
internal sealed class VirtualTime(SimWorld world, TimeSpan runLimit) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Limit> _limits = [];
    private readonly TimeSpan _runLimit = runLimit;

    /// <summary>The run was killed: nothing of it ever wakes again.</summary>
    public bool IsDead { get; set; }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => world.Now;

    public override long GetTimestamp() => world.Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (state is CancellationTokenSource)
        {
            var limit = new Limit(this, callback, state);
            limit.Change(dueTime, period);
            return limit;
        }

        if (dueTime != Timeout.InfiniteTimeSpan && !IsDead)
        {
            Pass(TimeSpan.FromMinutes(Math.Ceiling(dueTime.TotalMinutes)));
            callback(state);
        }

        return new Spent();
    }

    /// <summary>Time passes; a run whose limit it is ends.</summary>
    public void Pass(TimeSpan time)
    {
        lock (world.Lock)
            world.Now += time;
        Limit[] due;
        lock (_lock)
            due = [.. _limits.Where(l => !l.IsOfSilence && l.Due <= world.Now)];
        Array.ForEach(due, limit => limit.Fire());
    }

    /// <summary>Nobody answers until the one who waits gives up.</summary>
    public void Silence(CancellationToken waiting)
    {
        while (!waiting.IsCancellationRequested)
        {
            Limit? next;
            lock (_lock)
                next = _limits.MinBy(l => l.Due);
            if (next is null)
                return;
            lock (world.Lock)
                world.Now = next.Due > world.Now ? next.Due : world.Now;
            next.Fire();
        }
    }

    /// <summary>A timer that was over before it was made.</summary>
    private sealed class Spent : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() { }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Limit(VirtualTime clock, TimerCallback callback, object state) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public bool IsOfSilence { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._limits.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                Due = clock.GetUtcNow() + dueTime;
                IsOfSilence = dueTime != clock._runLimit;
                clock._limits.Add(this);
            }

            return true;
        }

        public void Fire()
        {
            lock (clock._lock)
                clock._limits.Remove(this);
            if (!clock.IsDead)
                callback(state);
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
