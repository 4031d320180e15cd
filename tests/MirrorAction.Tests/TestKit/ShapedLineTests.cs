using FsCheck;
using FsCheck.Fluent;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.TestKit;

public sealed class ShapedLineTests
{
    private readonly SkippingTime _clock = new();

    [Fact]
    public void Bytes_leave_at_the_rate_and_arrive_after_the_delay()
    {
        var line = new ShapedLine(1000, TimeSpan.FromMilliseconds(20), _clock);
        line.Queue(500, TimeSpan.Zero).ShouldBe((TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(520)));
    }

    [Fact]
    public void All_bytes_share_one_rate()
    {
        var line = new ShapedLine(1000, TimeSpan.Zero, _clock);
        line.Queue(1000, TimeSpan.Zero);
        line.Queue(2000, TimeSpan.Zero).Leaves.ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void Time_without_bytes_is_lost()
    {
        var line = new ShapedLine(1000, TimeSpan.Zero, _clock);
        line.Queue(1000, TimeSpan.Zero);
        _clock.Advance(TimeSpan.FromSeconds(10));
        line.Queue(1000, TimeSpan.Zero).Leaves.ShouldBe(TimeSpan.FromSeconds(11));
    }

    [Fact]
    public void Bytes_of_a_connection_that_is_not_open_yet_leave_when_it_is()
    {
        var line = new ShapedLine(1000, TimeSpan.FromSeconds(1), _clock);
        line.Queue(1000, TimeSpan.FromSeconds(5)).ShouldBe((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(6)));
        line.Queue(1000, TimeSpan.Zero).Leaves.ShouldBe(TimeSpan.FromSeconds(2), "others need not wait for it");
    }

    [Fact]
    public void Without_a_rate_only_the_delay_is_left()
    {
        var line = new ShapedLine(double.PositiveInfinity, TimeSpan.FromMilliseconds(20), _clock);
        line.Queue(int.MaxValue, TimeSpan.Zero).ShouldBe((TimeSpan.Zero, TimeSpan.FromMilliseconds(20)));
    }

    [Fact]
    public void Nothing_overtakes_and_nothing_exceeds_the_rate()
    {
        var pieces = Gen.Choose(1, 100_000).Zip(Gen.Choose(0, 50)).ListOf().ToArbitrary();
        Prop.ForAll(
                pieces,
                pieces =>
                {
                    var clock = new SkippingTime();
                    var line = new ShapedLine(1_000_000, TimeSpan.FromMilliseconds(20), clock);
                    var (sent, last) = (0L, TimeSpan.Zero);
                    foreach (var (count, pause) in pieces)
                    {
                        clock.Advance(TimeSpan.FromMilliseconds(pause));
                        var (leaves, arrives) = line.Queue(count, TimeSpan.Zero);
                        sent += count;
                        arrives.ShouldBeGreaterThanOrEqualTo(last);
                        leaves.ShouldBeGreaterThanOrEqualTo(line.Now);

                        // Within the tenths of microseconds that a time span is rounded to.
                        (leaves.TotalSeconds * 1_000_000).ShouldBeGreaterThanOrEqualTo(sent - pieces.Count);
                        last = arrives;
                    }
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task Waiting_never_ends_early()
    {
        var line = new ShapedLine(1000, TimeSpan.Zero, _clock);
        _clock.SkipWaits(_ => true);
        await line.UntilAsync(TimeSpan.FromMilliseconds(1.5), TestContext.Current.CancellationToken);
        line.Now.ShouldBe(TimeSpan.FromMilliseconds(2), "timers know whole milliseconds only");
    }
}
