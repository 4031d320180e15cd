using System.Globalization;
using Microsoft.AspNetCore.Http;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>Hosts that take only so many refs in one push, and say so or not.</summary>
public sealed class RefLimitTests
{
    private const int Branches = 300;

    [Fact]
    public async Task A_limit_that_is_named_is_kept_to()
    {
        await using var world = await StartAsync(Branches);
        world.Destination.Hook(
            "pre-receive",
            Counting(5, "echo 'error: GH013: Repository rule violations found. - Pushes can not update more than 5 branches or tags.' >&2; exit 1")
        );

        var report = await world.MirrorWellAsync();

        report.Attempts.ShouldBe(1);
        report.Refs.Created.ShouldBe(Branches + 1);
        world.Pushes.Count.ShouldBe(1 + 61);
    }

    [Theory]
    [InlineData("echo 'there are too many' >&2; exit 1", 1)]
    [InlineData("kill -9 $PPID; exit 1", 5)] // Declines nothing and reports nothing: the server's program is dead.
    public async Task A_limit_that_is_not_named_is_found(string end, int limit)
    {
        await using var world = await StartAsync(Branches);
        world.Destination.Hook("pre-receive", Counting(limit, end));

        var report = await world.MirrorWellAsync();

        report.Attempts.ShouldBe(1);
        report.Refs.Created.ShouldBe(Branches + 1);
        world.Pushes.Count.ShouldBeLessThan(((Branches + 1) / limit) + 20);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_host_that_hangs_up_on_too_many_gets_fewer_after_the_usual_attempts(bool hangsUp)
    {
        await using var world = await StartAsync(Branches);
        world.DestinationServer.Intercept = Refusing(5, hangsUp);

        var report = await world.MirrorWellAsync(new RefOptions { MaxAttempts = 2 });

        report.Attempts.ShouldBe(2);
        report.Refs.Created.ShouldBe(Branches + 1);
        world.Log.ShouldContain(m => m.Text.Contains("fewer refs at a time", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_that_always_hangs_up_is_a_network_failure_and_no_refusal()
    {
        await using var world = await StartAsync(20);
        world.DestinationServer.Intercept = Refusing(0, hangsUp: true);

        var report = await world.MirrorAsync(new RefOptions { MaxAttempts = 2 });

        report.Error!.Code.ShouldBe(ErrorCode.Network);
        report.Refused.ShouldBeEmpty();
        world.Destination.ForEachRef().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_ref_whose_push_always_breaks_off_is_named_and_called_no_refusal()
    {
        await using var world = await StartAsync(40);
        world.DestinationServer.Intercept = Interceptions.On(
            Interceptions.IsPushPost,
            async (context, next) =>
            {
                if ((await Interceptions.ReadRefsAsync(context.Request)).Contains("refs/heads/branch-00007"))
                    context.Abort();
                else
                    await next();
            }
        );

        var report = await world.MirrorAsync(new RefOptions { MaxAttempts = 2 });

        report.Error!.Code.ShouldBe(ErrorCode.Network);
        report.Error.Message.ShouldContain("The connection broke off for 1 of the refs: refs/heads/branch-00007");
        report.Refused.Single().Ref.ShouldBe("refs/heads/branch-00007");
        report.Refs.Created.ShouldBe(40);
    }

    [Fact]
    public async Task A_limit_and_a_refused_ref_are_told_apart()
    {
        await using var world = await StartAsync(60);
        world.Destination.Hook(
            "pre-receive",
            """
            n=0; bad=; while read old new name; do n=$((n+1)); case $name in *00042) bad=$name;; esac; done
            [ $n -gt 5 ] && { echo "at most 5 refs" >&2; exit 1; }
            [ -n "$bad" ] && { echo "$bad is not allowed" >&2; exit 1; }
            exit 0
            """
        );

        var report = await world.MirrorAsync();

        report.Refused.Single().Ref.ShouldBe("refs/heads/branch-00042");
        report.Refs.Created.ShouldBe(60);
        world.Pushes.Count.ShouldBeLessThan(30);
    }

    [Fact]
    public async Task The_limit_holds_for_deletions_too()
    {
        await using var world = await StartAsync(40);
        await world.MirrorWellAsync();
        world.Destination.Hook("pre-receive", Counting(5, "echo 'no more than 5 refs' >&2; exit 1"));
        for (var i = 1; i <= 20; i++)
            world.Source.DeleteBranch(string.Create(CultureInfo.InvariantCulture, $"branch-{i:00000}"));
        world.ClearRequests();

        var report = await world.MirrorWellAsync(new RefOptions { KeepOverwritten = false, PruneLimit = PruneLimit.Percent(100) });

        report.Refs.Deleted.ShouldBe(20);
        world.Pushes.Count.ShouldBe(5);
    }

    [Fact]
    public async Task Refs_that_were_never_tried_alone_are_not_called_refused()
    {
        await using var world = await StartAsync(1000);
        world.DestinationServer.Intercept = Interceptions.Decline(_ => "not today", "pre-receive hook declined");

        var report = await world.MirrorAsync();

        report.Error!.Code.ShouldBe(ErrorCode.RefRejected);
        report.Refused.Count.ShouldBe(1001);
        var untried = report.Refused.Count(r => r.Reason.Contains("not tried by itself", StringComparison.Ordinal));
        untried.ShouldBeInRange(600, 900);
        report.Error.Message.ShouldContain($"refused {1001 - untried} of the refs");
        report.Error.Message.ShouldContain($"Not tried were {untried} of the refs");
        world.Pushes.Count.ShouldBeLessThan(410);
    }

    private static async Task<RelayWorld> StartAsync(int branches)
    {
        var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.Source.AddBranches(branches);
        return world;
    }

    private static string Counting(int limit, string end) => string.Create(CultureInfo.InvariantCulture, $"[ $(wc -l) -le {limit} ] || {{ {end}; }}");

    /// <summary>Answers a push of more refs with 500, or not at all.</summary>
    private static Interception Refusing(int limit, bool hangsUp) =>
        Interceptions.On(
            Interceptions.IsPushPost,
            async (context, next) =>
            {
                if ((await Interceptions.ReadRefsAsync(context.Request)).Length <= limit)
                {
                    await next();
                }
                else if (hangsUp)
                {
                    context.Abort();
                }
                else
                {
                    context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                }
            }
        );
}
