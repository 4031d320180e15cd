using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;
using MirrorAction.Http;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>Logins that die, or are not to be had, while a repository is mirrored.</summary>
public sealed class LoginTests
{
    [Fact]
    public async Task A_renewed_login_costs_none_of_the_attempts()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        var logins = new Logins();
        var pushes = 0;
        world.DestinationServer.Intercept = Interceptions.On(
            r => r.IsPushPost(),
            (context, next) =>
                Interlocked.Increment(ref pushes) switch
                {
                    1 => Interceptions.Answer(401, "Token is dead.", "text/plain")(context, next),
                    2 => Interceptions.Answer(503, "Come back later.", "text/plain")(context, next),
                    _ => next(),
                }
        );

        var report = await world.MirrorWellAsync(
            new RefOptions { MaxAttempts = 2 },
            job => job with { Destination = new GitEndpoint(world.DestinationUrl, logins) }
        );

        logins.Refused.ShouldBe(1);
        report.Attempts.ShouldBe(3);
    }

    [Fact]
    public async Task A_host_that_gives_no_token_for_a_while_is_asked_again_with_the_next_attempt()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        var logins = new Logins { Fails = request => request == 1 ? NoToken(isTransient: true) : null };

        var report = await world.MirrorWellAsync(change: job => job with { Destination = new GitEndpoint(world.DestinationUrl, logins) });

        report.Attempts.ShouldBe(2);
    }

    [Fact]
    public async Task A_host_that_refuses_a_token_is_not_asked_again()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        var logins = new Logins { Fails = _ => NoToken(isTransient: false) };

        var report = await world.MirrorAsync(change: job => job with { Destination = new GitEndpoint(world.DestinationUrl, logins) });

        (report.Attempts, report.Error!.Code).ShouldBe((1, ErrorCode.DestinationUnauthorized));
    }

    [Fact]
    public async Task A_token_that_can_not_be_had_after_a_push_takes_nothing_out_of_the_report()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");

        // The push succeeds; no token is to be had for looking at it, nor for looking again.
        var logins = new Logins { Fails = request => request > 2 ? NoToken(isTransient: false) : null };

        var report = await world.MirrorAsync(change: job => job with { Destination = new GitEndpoint(world.DestinationUrl, logins) });

        report.Error!.Code.ShouldBe(ErrorCode.DestinationUnauthorized);
        report.Changes.Select(change => change.Ref).ShouldBe(["refs/heads/main"]);
        report.BytesSent.ShouldBeGreaterThan(0);
    }

    private static MirrorException NoToken(bool isTransient) =>
        new(ErrorCode.DestinationUnauthorized, "No token.", null) { IsTransient = isTransient };

    /// <summary>Gives a new login after each that is refused.</summary>
    private sealed class Logins : ICredentialProvider
    {
        private int _requests;

        public int Refused { get; private set; }

        /// <summary>What is thrown at a request, counted from 1; null for nothing.</summary>
        public Func<int, MirrorException?> Fails { get; init; } = _ => null;

        public ValueTask<HttpCredential?> GetAsync(CancellationToken cancellationToken) =>
            Fails(++_requests) is { } failure ? throw failure : new(HttpCredential.Basic("x", $"token-{Refused}"));

        public bool Refuse(HttpCredential credential)
        {
            Refused++;
            return true;
        }
    }
}
