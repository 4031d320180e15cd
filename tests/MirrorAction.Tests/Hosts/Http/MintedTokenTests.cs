using Microsoft.Extensions.Time.Testing;
using MirrorAction.Http;

namespace MirrorAction.Tests.Hosts.Http;

public sealed class MintedTokenTests
{
    private static readonly TimeSpan s_life = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _hidden = [];
    private Func<int, CancellationToken, Task<TimeSpan>> _mint = (_, _) => Task.FromResult(s_life);
    private int _minted;

    private MintedToken Token() =>
        new(
            async stop =>
            {
                var number = Interlocked.Increment(ref _minted);
                return ($"token-{number}", await _mint(number, stop));
            },
            _time,
            _hidden.Add
        );

    private static async Task<string> SecretOf(MintedToken token) => (await token.GetAsync(TestContext.Current.CancellationToken))!.Secret;

    [Fact]
    public async Task Token_is_renewed_at_80_percent_of_its_life_and_not_before()
    {
        var token = Token();

        (await SecretOf(token)).ShouldBe("token-1");
        _time.Advance(TimeSpan.FromMinutes(48) - TimeSpan.FromTicks(1));
        (await SecretOf(token)).ShouldBe("token-1");
        _time.Advance(TimeSpan.FromTicks(1));
        (await SecretOf(token)).ShouldBe("token-2");
        _hidden.ShouldBe(["token-1", "token-2"]);
    }

    [Fact]
    public async Task However_many_wait_for_it_it_is_asked_for_once()
    {
        var mayAnswer = new TaskCompletionSource();
        _mint = async (_, _) =>
        {
            await mayAnswer.Task;
            return s_life;
        };
        var token = Token();

        var waiting = Enumerable.Range(0, 50).Select(_ => Task.Run(() => SecretOf(token))).ToArray();
        mayAnswer.SetResult();

        (await Task.WhenAll(waiting)).ShouldAllBe(secret => secret == "token-1");
        _minted.ShouldBe(1);
    }

    [Fact]
    public async Task Slow_renewal_holds_nobody_else_up_while_the_old_token_lives()
    {
        var mayAnswer = new TaskCompletionSource();
        var token = Token();
        await SecretOf(token);
        _mint = async (_, _) =>
        {
            await mayAnswer.Task;
            return s_life;
        };
        _time.Advance(TimeSpan.FromMinutes(50));

        var renewing = SecretOf(token);
        var other = SecretOf(token);
        other.IsCompleted.ShouldBeTrue();
        (await other).ShouldBe("token-1");
        _time.Advance(TimeSpan.FromMinutes(10));
        var late = SecretOf(token);
        late.IsCompleted.ShouldBeFalse();
        mayAnswer.SetResult();

        (await renewing).ShouldBe("token-2");
        (await late).ShouldBe("token-2");
        _minted.ShouldBe(2);
    }

    [Fact]
    public async Task Refused_token_is_replaced_once()
    {
        var token = Token();
        var first = await SecretOf(token);

        token.Refuse(HttpCredential.Bearer(first)).ShouldBeTrue();
        var second = await SecretOf(token);
        second.ShouldBe("token-2");
        token.Refuse(HttpCredential.Bearer(first)).ShouldBeTrue("another request has it replaced");
        (await SecretOf(token)).ShouldBe(second);
        token.Refuse(HttpCredential.Bearer(second)).ShouldBeFalse("the replacement is no better");
        (await SecretOf(token)).ShouldBe(second);
        _time.Advance(TimeSpan.FromMinutes(2));
        token.Refuse(HttpCredential.Bearer(second)).ShouldBeTrue("it worked for a while");
        (await SecretOf(token)).ShouldBe("token-3");
        token.Secrets.ShouldBe(["token-1", "token-1", "token-2", "token-2", "token-3", "token-3"]);
    }

    [Fact]
    public async Task Failed_renewal_leaves_the_old_token_while_it_lives()
    {
        var token = Token();
        await SecretOf(token);
        _mint = (_, _) => throw new HostException("No.", new HostFailure(HostFailureKind.Unavailable, "Wait.")) { Status = 404, IsTransient = true };

        _time.Advance(TimeSpan.FromMinutes(50));
        (await SecretOf(token)).ShouldBe("token-1");
        (await SecretOf(token)).ShouldBe("token-1");
        _minted.ShouldBe(2, "it is not asked for with every request");
        _time.Advance(TimeSpan.FromMinutes(10));
        var e = await Should.ThrowAsync<HostException>(() => SecretOf(token));

        // A status would be taken for that of the request which waits for the token.
        e.Status.ShouldBeNull();
        e.WasRepeated.ShouldBeTrue();
        e.Failure.Hint.ShouldBe("Wait.");
    }

    [Fact]
    public async Task Refusal_to_give_a_token_holds_for_a_minute_for_all_who_ask()
    {
        var token = Token();
        token.Refuse(HttpCredential.Bearer(await SecretOf(token))).ShouldBeTrue();
        _mint = (_, _) => throw new HostException("Gone.", new HostFailure(HostFailureKind.Unauthorized, "Install it.")) { Status = 401 };

        for (var repository = 0; repository < 100; repository++)
        {
            var e = await Should.ThrowAsync<HostException>(() => SecretOf(token));
            (e.Message, e.Status, e.WasRepeated).ShouldBe(("Gone.", null, true));
        }

        _minted.ShouldBe(2, "a thousand repositories must not ask a thousand times");
        _mint = (_, _) => Task.FromResult(s_life);
        _time.Advance(TimeSpan.FromMinutes(1));
        (await SecretOf(token)).ShouldBe("token-3");
    }

    [Fact]
    public async Task Token_that_could_not_be_had_in_an_outage_is_asked_for_again_at_once()
    {
        _mint = (number, _) =>
            number == 1
                ? throw new HostException("Down.", new HostFailure(HostFailureKind.Unavailable, "Wait.")) { IsTransient = true }
                : Task.FromResult(s_life);
        var token = Token();

        (await Should.ThrowAsync<HostException>(() => SecretOf(token))).IsTransient.ShouldBeTrue();
        (await SecretOf(token)).ShouldBe("token-2");
    }

    [Fact]
    public async Task Caller_who_is_cancelled_takes_nobody_with_him()
    {
        var isAsked = new TaskCompletionSource();
        _mint = async (number, stop) =>
        {
            if (number == 1)
            {
                isAsked.SetResult();
                await Task.Delay(Timeout.Infinite, stop);
            }

            return s_life;
        };
        using var stop = new CancellationTokenSource();
        var token = Token();
        var first = token.GetAsync(stop.Token).AsTask();
        await isAsked.Task;
        var second = SecretOf(token);
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => first);
        (await second).ShouldBe("token-2");
    }

    [Fact]
    public async Task Token_that_seems_to_have_died_already_is_used_all_the_same()
    {
        _mint = (_, _) => Task.FromResult(TimeSpan.FromMinutes(-5));
        var token = Token();

        (await SecretOf(token)).ShouldBe("token-1");
        (await SecretOf(token)).ShouldBe("token-1");
    }

    [Fact]
    public async Task Token_is_shown_by_nothing()
    {
        var token = Token();
        var authorization = await token.GetAsync(TestContext.Current.CancellationToken);

        $"{token} {authorization}".ShouldNotContain("token-1");
    }
}
