using Microsoft.Extensions.Time.Testing;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Mirroring;

public sealed class CreationPacerTests
{
    [Fact]
    public async Task Second_creation_waits_for_the_interval_and_a_late_one_does_not()
    {
        var time = new FakeTimeProvider();
        using var pacer = new CreationPacer(TimeSpan.FromMilliseconds(500), time);

        await pacer.RunAsync(() => Task.FromResult(1), Wire.Token);
        var second = pacer.RunAsync(() => Task.FromResult(2), Wire.Token);
        time.Advance(TimeSpan.FromMilliseconds(499));
        second.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromMilliseconds(1));
        (await second).ShouldBe(2);

        time.Advance(TimeSpan.FromMilliseconds(500));
        pacer.RunAsync(() => Task.FromResult(3), Wire.Token).IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task Only_one_creation_runs_at_a_time_and_a_failed_one_blocks_none()
    {
        using var pacer = new CreationPacer(TimeSpan.Zero, new FakeTimeProvider());
        var gate = new TaskCompletionSource<int>();

        var first = pacer.RunAsync(() => gate.Task, Wire.Token);
        var isStarted = false;
        var second = pacer.RunAsync(() => Task.FromResult(isStarted = true), Wire.Token);
        isStarted.ShouldBeFalse();

        gate.SetException(new InvalidOperationException("refused"));
        await Should.ThrowAsync<InvalidOperationException>(first);
        (await second).ShouldBeTrue();
    }

    [Fact]
    public async Task Waiting_ends_with_the_run()
    {
        using var pacer = new CreationPacer(TimeSpan.FromHours(1), new FakeTimeProvider());
        using var stop = new CancellationTokenSource();
        await pacer.RunAsync(() => Task.FromResult(1), Wire.Token);

        var second = pacer.RunAsync(() => Task.FromResult(2), stop.Token);
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(second);
    }

    [Fact]
    public async Task Creation_that_was_cancelled_is_not_made_and_puts_no_other_off()
    {
        var time = new FakeTimeProvider();
        using var pacer = new CreationPacer(TimeSpan.FromHours(1), time);
        using var stop = new CancellationTokenSource();
        await pacer.RunAsync(() => Task.FromResult(1), Wire.Token);
        var isMade = false;
        var second = pacer.RunAsync(() => Task.FromResult(isMade = true), stop.Token);
        var third = pacer.RunAsync(() => Task.FromResult(3), Wire.Token);
        time.Advance(TimeSpan.FromMinutes(59));

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(second);
        isMade.ShouldBeFalse();
        time.Advance(TimeSpan.FromMinutes(1));
        (await third).ShouldBe(3, "the hour counts from what was really made");
    }
}
