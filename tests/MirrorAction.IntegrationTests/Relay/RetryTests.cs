using Microsoft.AspNetCore.Http;
using MirrorAction.Http;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>What is tried again, in which way, and what is not.</summary>
public sealed class RetryTests
{
    [Theory]
    [InlineData("main^{tree}", "100")]
    [InlineData("main^{tree}", "1")]
    [InlineData("main:data/long.txt", "100")]
    [InlineData("main:data/long.txt", "1")]
    public async Task A_destination_that_lost_the_base_of_a_delta_gets_a_pack_without_such_deltas(string lost, string unpackLimit)
    {
        await using var world = await RelayWorld.StartAsync();
        world.Destination.Configure("receive.unpackLimit", "1000");
        Write(world, 1);
        await world.MirrorWellAsync();
        Lose(world.Destination, world.Source.Git("rev-parse", lost));
        world.Destination.Configure("receive.unpackLimit", unpackLimit);
        Write(world, 2);
        world.ClearRequests();

        var report = await world.MirrorAsync();

        report.Error.ShouldBeNull();
        report.Attempts.ShouldBe(1);
        report.Refs.Updated.ShouldBe(1);
        world.Pushes.Count.ShouldBe(2);
        world.Destination.Git("cat-file", "-e", "main:data/long.txt");
    }

    [Fact]
    public async Task A_pack_that_cannot_be_unpacked_is_sent_without_thin_deltas_and_then_in_full()
    {
        await using var world = await RelayWorld.StartAsync();
        Write(world, 1);
        await world.MirrorWellAsync();
        Write(world, 2);
        var tap = new WireTap(world.SourceServer);
        var refusals = 0;
        world.DestinationServer.Intercept = (context, next) =>
            context.Request.IsPushPost() && Interlocked.Increment(ref refusals) <= 2 ? UnpackError(context, next) : next();

        var report = await world.MirrorWellAsync();

        report.Attempts.ShouldBe(1);
        tap.Fetches.Count.ShouldBe(3);
        tap.Fetches[0].ShouldContain("thin-pack");
        tap.Fetches[1].ShouldNotContain("thin-pack");
        tap.Fetches[1].ShouldContain(l => l.StartsWith("have ", StringComparison.Ordinal));
        tap.Fetches[2].ShouldNotContain(l => l.StartsWith("have ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_destination_that_unpacks_nothing_at_all_fails_in_its_own_words()
    {
        await using var world = await RelayWorld.StartAsync();
        Write(world, 1);
        await world.MirrorWellAsync();
        var before = world.Destination.ForEachRef();
        Write(world, 2);
        world.DestinationServer.Intercept = Interceptions.On(r => r.IsPushPost(), UnpackError);

        var report = await world.MirrorAsync();

        report.Status.ShouldBe(RepositoryStatus.Failed);
        report.Error!.Code.ShouldBe(ErrorCode.RefRejected);
        report.Error.Message.ShouldContain("disk is on fire");
        report.Changes.ShouldBeEmpty();
        world.Destination.ForEachRef().ShouldBe(before);
    }

    [Fact]
    public async Task A_destination_that_refuses_large_packs_says_so()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Destination.Configure("receive.maxInputSize", "1000");
        using (var import = world.Source.Import())
        {
            import.CommitRandom("main", "large", 5000, seed: 3);
            import.Complete();
        }

        var report = await world.MirrorAsync(change: job =>
            job with
            {
                ExplainDestination = (_, text) =>
                    text.Contains("maximum allowed size", StringComparison.Ordinal)
                        ? new HostFailure(HostFailureKind.TooLarge, "Make it smaller.")
                        : null,
            }
        );

        report.Status.ShouldBe(RepositoryStatus.Failed);
        report.Error!.Code.ShouldBe(ErrorCode.TooLarge);
        report.Error.Hint.ShouldBe("Make it smaller.");
        report.Error.Message.ShouldContain("maximum allowed size");
        world.Destination.ForEachRef().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_source_that_lost_an_object_since_its_listing_is_listed_again()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        var isGone = false;
        world.SourceServer.Intercept = (context, next) =>
        {
            // The second request is the fetch: in between the branch was rewritten and the old objects collected.
            if (context.Request.IsUploadPackPost() && world.SourceServer.Requests.Count == 2 && !isGone)
            {
                isGone = true;
                world.Source.Commit("a", "2\n");
                return Interceptions.Answer(200, Interceptions.Pkt("ERR upload-pack: not our ref 0123"), "application/x-git-upload-pack-result")(
                    context,
                    next
                );
            }

            return next();
        };

        var report = await world.MirrorWellAsync();

        isGone.ShouldBeTrue();
        report.Attempts.ShouldBe(2);
        world.Pushes.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(408)]
    public async Task A_passing_refusal_of_a_push_is_followed_by_another_attempt(int status)
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.DestinationServer.Intercept = Interceptions.Once(r => r.IsPushPost(), Interceptions.Answer(status, "Come back later.", "text/plain"));
        world.Time = new HurriedTime(500); // Who is told that there were too many requests waits for a minute.

        (await world.MirrorWellAsync()).Attempts.ShouldBe(2);
    }

    [Fact]
    public async Task A_wait_of_hours_is_left_to_the_next_run()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.DestinationServer.Intercept = Interceptions.Once(
            r => r.IsPushPost(),
            async (context, next) =>
            {
                context.Response.Headers.RetryAfter = "86400";
                await Interceptions.Answer(429, "Come back tomorrow.", "text/plain")(context, next);
            }
        );
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(20));

        var report = await world.MirrorAsync(cancellationToken: stop.Token);

        report.Error!.Code.ShouldBe(ErrorCode.RateLimited);
        report.Attempts.ShouldBe(1);
    }

    [Theory]
    [InlineData(400, ErrorCode.Protocol)]
    [InlineData(401, ErrorCode.DestinationUnauthorized)]
    [InlineData(403, ErrorCode.DestinationForbidden)]
    [InlineData(404, ErrorCode.DestinationNotFound)]
    [InlineData(413, ErrorCode.TooLarge)]
    public async Task A_lasting_refusal_of_a_push_is_final(int status, ErrorCode code)
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.DestinationServer.Intercept = Interceptions.On(r => r.IsPushPost(), Interceptions.Answer(status, "Not for you.", "text/plain"));

        var report = await world.MirrorAsync();

        report.Error!.Code.ShouldBe(code);
        report.Error.Message.ShouldContain("Not for you.");
        report.Attempts.ShouldBe(1);
        world.Destination.ForEachRef().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(413, "The push is too large.", ErrorCode.TooLarge)]
    [InlineData(403, "Your plan has no room left.", ErrorCode.DestinationForbidden)]
    public async Task A_refusal_that_comes_before_the_pack_was_sent_is_read(int status, string text, ErrorCode code)
    {
        await using var world = await RelayWorld.StartAsync();
        using (var import = world.Source.Import())
        {
            import.CommitRandom("main", "large", 32 << 20, seed: 9);
            import.Complete();
        }

        // Answers at once and reads nothing of the body.
        world.DestinationServer.Intercept = Interceptions.On(
            r => r.IsPushPost() && r.ContentLength != 4,
            async (context, _) =>
            {
                context.Response.StatusCode = status;
                context.Response.ContentType = "text/plain";
                context.Response.Headers.Connection = "close";
                await context.Response.WriteAsync(text, context.RequestAborted);
                await context.Response.CompleteAsync();
            }
        );

        var report = await world.MirrorAsync();

        report.Error!.Code.ShouldBe(code);
        report.Error.Message.ShouldContain(text);
        report.Attempts.ShouldBe(1);
        report.BytesSent.ShouldBeLessThan(32 << 20);
        world.Destination.ForEachRef().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_large_push_that_may_not_be_made_is_refused_before_a_byte_of_it()
    {
        await using var world = await RelayWorld.StartAsync();
        using (var import = world.Source.Import())
        {
            import.CommitRandom("main", "large", 8 << 20, seed: 9);
            import.Complete();
        }

        world.DestinationServer.Intercept = Interceptions.On(r => r.IsPushPost(), Interceptions.Answer(403, "Read only.", "text/plain"));

        var report = await world.MirrorAsync();

        report.Error!.Code.ShouldBe(ErrorCode.DestinationForbidden);
        report.BytesSent.ShouldBeLessThan(4096);
    }

    [Fact]
    public async Task A_push_that_landed_though_its_answer_was_lost_counts()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.Source.TagAnnotated("v1");
        world.DestinationServer.Intercept = Interceptions.Once(
            r => r.IsPushPost(),
            async (context, next) =>
            {
                var output = context.Response.Body;
                context.Response.Body = new MemoryStream();
                await next();
                context.Response.Body = output;
                context.Abort();
            }
        );

        var report = await world.MirrorWellAsync();

        report.Attempts.ShouldBe(2);
        report.Refs.Created.ShouldBe(2);
        report.Status.ShouldBe(RepositoryStatus.Mirrored);
        world.Pushes.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_push_without_any_report_is_judged_by_the_refs()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.DestinationServer.Intercept = Interceptions.On(r => r.IsPushPost(), Interceptions.Rewrite(_ => "0000"));

        var report = await world.MirrorWellAsync();

        report.Attempts.ShouldBe(1);
        report.Refs.Created.ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_source_that_breaks_off_in_the_middle_moves_no_ref(bool streamed)
    {
        await using var world = await RelayWorld.StartAsync();
        using (var import = world.Source.Import())
        {
            import.CommitRandom("main", "large", streamed ? 8 << 20 : 1 << 20, seed: 5);
            import.Complete();
        }

        world.SourceServer.Intercept = Interceptions.On(
            r => r.IsUploadPackPost(),
            Interceptions.Rewrite(answer => answer.Length < 1000 ? answer : answer[..(answer.Length * 3 / 4)])
        );

        var report = await world.MirrorAsync(new RefOptions { MaxAttempts = 2 });

        report.Status.ShouldBe(RepositoryStatus.Failed);
        report.Error!.Code.ShouldBe(ErrorCode.Network);
        report.Attempts.ShouldBe(2);
        world.Destination.ForEachRef().ShouldBeEmpty();
    }

    private static readonly Interception UnpackError = Interceptions.Answer(
        200,
        Interceptions.Pkt("\u0002remote: the disk is on fire\n")
            + Interceptions.Pkt(
                "\u0001"
                    + Interceptions.Pkt("unpack unpack-objects abnormal exit\n")
                    + Interceptions.Pkt("ng refs/heads/main unpacker error\n")
                    + "0000"
            )
            + "0000",
        "application/x-git-receive-pack-result"
    );

    /// <summary>A long file, and enough files beside it that the next tree is a delta of this one.</summary>
    private static void Write(RelayWorld world, int version)
    {
        var files = Enumerable.Range(0, 60).Select(i => new KeyValuePair<string, byte[]?>($"file-number-{i}", [(byte)i])).ToList();
        var lines = string.Join('\n', Enumerable.Range(0, 2000).Select(i => i == 1000 ? $"version {version}" : $"line {i * 7919 % 10007}"));
        files.Add(new("data/long.txt", System.Text.Encoding.ASCII.GetBytes(lines)));
        using var import = world.Source.Import();
        import.Commit("main", $"Version {version}\n", files, from: version == 1 ? null : "refs/heads/main^0");
        import.Complete();
    }

    private static void Lose(GitRepository repository, string id) => File.Delete(Path.Combine(repository.Path, "objects", id[..2], id[2..]));
}
