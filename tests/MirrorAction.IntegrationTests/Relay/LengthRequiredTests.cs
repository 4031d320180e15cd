using MirrorAction.Mirroring.Reports;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>Servers that take no push of unknown length and answer 411 to it, as lighttpd does when it streams.</summary>
public sealed class LengthRequiredTests
{
    private const int Held = 32 << 20;

    [Fact]
    public async Task A_pack_that_can_be_held_in_memory_is_sent_again_with_its_length()
    {
        await using var world = await StartAsync();
        Noise(world, "main", megabytes: 8);

        var report = await world.MirrorWellAsync();

        report.Attempts.ShouldBe(1);
        world.Pushes.Count(r => r.Status == 200).ShouldBe(1);
        world.Pushes.Count(r => r.Status == 411).ShouldBe(1);
    }

    [Fact]
    public async Task A_larger_pack_is_sent_in_parts_with_their_lengths()
    {
        await using var world = await StartAsync();
        Noise(world, "main", megabytes: 40);
        world.Source.TagAnnotated("v1");

        var report = await world.MirrorWellAsync();

        report.Attempts.ShouldBe(1);
        var landed = world.Pushes.Where(r => r.Status == 200).ToArray();
        landed.ShouldAllBe(r => r.RequestBytes < Held + 65536);
        landed.Length.ShouldBeInRange(2, 8);
        world.Pushes.Count(r => r.Status == 411).ShouldBe(1);
    }

    [Fact]
    public async Task What_cannot_be_divided_is_refused_with_the_cure_and_the_rest_arrives()
    {
        await using var world = await StartAsync();
        world.Source.Commit("a", "1\n");
        using (var import = world.Source.Import())
        {
            import.CommitRandom("huge", "noise", 34 << 20, seed: 7);
            import.Complete();
        }

        var report = await world.MirrorAsync();

        report.Error!.Code.ShouldBe(ErrorCode.TooLarge);
        report.Refused.Single().Ref.ShouldBe("refs/heads/huge");
        report.Refused.Single().Reason.ShouldContain("411");
        report.Error.Hint.ShouldNotBeNullOrEmpty();
        world.Destination.Resolve("refs/heads/main").ShouldBe(world.Source.Resolve("refs/heads/main"));
    }

    [Fact]
    public async Task A_server_that_wants_what_it_was_given_fails_with_the_cure()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        world.DestinationServer.Intercept = Interceptions.On(r => r.IsPushPost(), Interceptions.Answer(411, "Length Required", "text/plain"));

        var report = await world.MirrorAsync();

        report.Error!.Code.ShouldBe(ErrorCode.Protocol);
        report.Error.Hint!.ShouldContain("chunked requests");
        report.Attempts.ShouldBe(1);
        world.Pushes.Count.ShouldBe(2);
    }

    private static async Task<RelayWorld> StartAsync()
    {
        var world = await RelayWorld.StartAsync();
        world.DestinationServer.Intercept = Interceptions.On(
            r => r.IsPushPost() && r.ContentLength is null,
            Interceptions.Answer(411, "Length Required", "text/plain")
        );
        return world;
    }

    /// <summary>A commit with each of so many megabytes that no pack can shrink.</summary>
    private static void Noise(RelayWorld world, string branch, int megabytes)
    {
        world.Source.Configure("core.bigFileThreshold", "1m").Configure("core.compression", "0");
        using var import = world.Source.Import();
        for (var i = 0; i < megabytes; i += 4)
            import.CommitRandom(branch, $"noise-{i}", 4 << 20, seed: (ulong)i);
        import.Complete();
    }
}
