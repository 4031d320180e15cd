namespace MirrorAction.TestKit;

/// <summary>
/// One direction of a line: so many bytes a second, whoever they belong to, and a delay. Tells when bytes that are given to it leave and
/// arrive; moves none itself. Thread-safe.
/// </summary>
/// <param name="bytesPerSecond">What fits through it; infinity for no limit.</param>
/// <param name="delay">From the moment when a byte has left to its arrival.</param>
/// <param name="time">The clock.</param>
public sealed class ShapedLine(double bytesPerSecond, TimeSpan delay, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly long _origin = time.GetTimestamp();
    private TimeSpan _free;
    private long _bytes;

    /// <summary>How many bytes it was given so far.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>The moment, counted from when the line was made.</summary>
    public TimeSpan Now => time.GetElapsedTime(_origin);

    /// <summary>Queues bytes behind all that were queued before.</summary>
    /// <param name="count">How many.</param>
    /// <param name="earliest">The moment before which they cannot leave.</param>
    /// <returns>When the last of them has left, and when it arrives.</returns>
    public (TimeSpan Leaves, TimeSpan Arrives) Queue(int count, TimeSpan earliest)
    {
        lock (_lock)
        {
            _bytes += count;
            // Bytes that may not leave yet are few, and hold nobody else up: they are counted now and leave later.
            _free = Max(_free, Now) + TimeSpan.FromSeconds(count / bytesPerSecond);
            var leaves = Max(_free, earliest);
            return (leaves, leaves + delay);
        }
    }

    /// <summary>Waits for a moment; never returns before it.</summary>
    public async ValueTask UntilAsync(TimeSpan moment, CancellationToken cancellationToken)
    {
        // Timers know whole milliseconds only, and drop the rest.
        while (moment - Now is { Ticks: > 0 } left)
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), time, cancellationToken);
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
