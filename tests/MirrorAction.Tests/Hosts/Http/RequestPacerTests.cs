using Microsoft.Extensions.Time.Testing;
using MirrorAction.Http;

namespace MirrorAction.Tests.Hosts.Http;

public sealed class RequestPacerTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _said = [];

    private RequestPacer Pacer(int? perHour = null) => new("Host", perHour, deadline: null, _time, _said.Add);

    [Fact]
    public async Task Turn_is_given_at_once_while_nothing_holds()
    {
        var pacer = Pacer();
        for (var i = 0; i < 5000; i++)
        {
            await pacer.WaitTurnAsync(default);
        }

        _said.ShouldBeEmpty();
    }

    [Fact]
    public async Task Hold_is_one_wait_and_one_line_for_all_callers()
    {
        var pacer = Pacer();
        pacer.Refused(_time.GetUtcNow() + TimeSpan.FromMinutes(10));
        var turns = Enumerable.Range(0, 8).Select(_ => pacer.WaitTurnAsync(default)).ToList();

        turns.ShouldAllBe(turn => !turn.IsCompleted);
        _time.Advance(TimeSpan.FromMinutes(10));
        await Task.WhenAll(turns);
        _said.ShouldBe(["Host rate limit: resuming at 00:10 UTC"]);
    }

    [Fact]
    public void Refusals_of_requests_under_way_together_count_once()
    {
        var pacer = Pacer();

        for (var i = 0; i < 8; i++)
        {
            pacer.Refused(null).ShouldBe(_time.GetUtcNow() + TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public void Granted_request_ends_the_doubling()
    {
        var pacer = Pacer();
        pacer.Refused(null);
        _time.Advance(TimeSpan.FromMinutes(1));
        pacer.Refused(null).ShouldBe(_time.GetUtcNow() + TimeSpan.FromMinutes(2));
        _time.Advance(TimeSpan.FromMinutes(2));
        pacer.Granted();

        pacer.Refused(null).ShouldBe(_time.GetUtcNow() + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Pause_never_exceeds_sixteen_minutes()
    {
        var pacer = Pacer();
        var longest = TimeSpan.Zero;
        for (var i = 0; i < 40; i++)
        {
            var pause = pacer.Refused(null) - _time.GetUtcNow();
            longest = pause > longest ? pause : longest;
            _time.Advance(pause);
        }

        longest.ShouldBe(TimeSpan.FromMinutes(16));
    }

    [Fact]
    public async Task Budget_holds_for_callers_that_come_together()
    {
        var pacer = Pacer(perHour: 2);
        var turns = Enumerable.Range(0, 4).Select(_ => pacer.WaitTurnAsync(default)).ToList();

        turns.Count(turn => turn.IsCompletedSuccessfully).ShouldBe(2);
        _time.Advance(TimeSpan.FromHours(1));
        await Task.WhenAll(turns);
        _said.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Waiting_ends_when_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var pacer = Pacer();
        pacer.Hold(_time.GetUtcNow() + TimeSpan.FromHours(1));
        var turn = pacer.WaitTurnAsync(stop.Token);
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => turn);
    }
}
