using Microsoft.Extensions.Time.Testing;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Restore;
using MirrorAction.Mirroring.Selection;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Mirroring.Restore;

/// <summary>What GitHub asks of one who writes much.</summary>
public sealed class RestorePaceTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _said = [];

    private RestorePace Pace(TimeSpan interval, DateTimeOffset? deadline = null, int shards = 1) =>
        new(
            new MirrorOptions
            {
                Owners = ["acme-mirror"],
                CreateInterval = interval,
                Shares = new ShardShares(shards),
            },
            _time,
            deadline,
            message => _said.Add(message.Text)
        );

    private async Task CreateAsync(RestorePace pace, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await pace.CreateAsync(() => Task.FromResult(i), Wire.Token);
        }
    }

    [Fact]
    public async Task Hour_takes_so_many_creations_and_what_is_created_is_finished_meanwhile()
    {
        using var pace = Pace(TimeSpan.FromSeconds(1));
        await CreateAsync(pace, RestorePace.CreationsPerHour);

        var next = pace.CreateAsync(() => Task.FromResult("created"), Wire.Token);
        _time.Advance(TimeSpan.FromSeconds(3600 - RestorePace.CreationsPerHour));
        next.IsCompleted.ShouldBeFalse();
        await pace.ChangeAsync(() => Task.CompletedTask, Wire.Token);

        _said.ShouldHaveSingleItem().ShouldContain("450 repositories were created within an hour");
        _time.Advance(TimeSpan.FromSeconds(1));
        (await next).ShouldBe("created");
    }

    [Fact]
    public async Task Shards_share_the_hour()
    {
        using var pace = Pace(TimeSpan.FromMilliseconds(10), shards: 10);
        await CreateAsync(pace, RestorePace.CreationsPerHour / 10);

        var next = pace.CreateAsync(() => Task.FromResult(1), Wire.Token);

        next.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromHours(1));
        await next;
    }

    [Fact]
    public async Task Wait_that_outlasts_the_run_is_not_begun()
    {
        using var pace = Pace(TimeSpan.FromSeconds(1), _time.GetUtcNow() + TimeSpan.FromMinutes(30));
        await CreateAsync(pace, RestorePace.CreationsPerHour);

        var error = (await Should.ThrowAsync<MirrorException>(pace.CreateAsync(() => Task.FromResult(1), Wire.Token))).Error;

        error.Code.ShouldBe(ErrorCode.RateLimited);
        error.Hint.ShouldNotBeNull().ShouldContain("Run again");
    }

    [Fact]
    public async Task Server_without_limits_is_not_held_to_them()
    {
        using var pace = Pace(TimeSpan.Zero);

        await CreateAsync(pace, RestorePace.CreationsPerHour + 1);

        _said.ShouldBeEmpty();
    }

    [Fact]
    public async Task Changes_and_creations_keep_the_pause_together()
    {
        using var pace = Pace(TimeSpan.FromSeconds(1));
        await pace.CreateAsync(() => Task.FromResult(1), Wire.Token);

        var change = pace.ChangeAsync(() => Task.CompletedTask, Wire.Token);

        change.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(1));
        await change;
    }
}
