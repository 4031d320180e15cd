namespace MirrorAction.IntegrationTests.Relay;

/// <summary>A clock that stands still; timers run as usual.</summary>
internal sealed class FixedClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
