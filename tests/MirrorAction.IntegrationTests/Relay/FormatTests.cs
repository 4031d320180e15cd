using MirrorAction.Mirroring.Reports;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>Object formats, and repositories whose history is not whole.</summary>
public sealed class FormatTests
{
    [Fact]
    public async Task Sha256_is_mirrored_to_sha256()
    {
        await using var world = await RelayWorld.StartAsync("sha256");
        world.Source.Commit("a", "1\n");
        world.Source.TagAnnotated("v1");
        await world.MirrorWellAsync();
        world.Source.Commit("a", "2\n");
        world.Source.Branch("copy", "main^");
        world.Source.DeleteTag("v1");

        var report = await world.MirrorWellAsync();

        report.Attempts.ShouldBe(1);
        report.Refs.ShouldBe(
            new RefCounts
            {
                Created = 1,
                Updated = 1,
                Deleted = 1,
                Kept = 1,
            }
        );
    }

    [Theory]
    [InlineData("sha256", "sha1")]
    [InlineData("sha1", "sha256")]
    public async Task Different_object_formats_are_refused(string source, string destination)
    {
        await using var world = await RelayWorld.StartAsync(source, destination);
        world.Source.Commit("a", "1\n");

        var report = await world.MirrorAsync();

        report.Status.ShouldBe(RepositoryStatus.Failed);
        report.Error!.Code.ShouldBe(ErrorCode.Protocol);
        report.Error.Message.ShouldContain("sha1");
        report.Error.Message.ShouldContain("sha256");
        report.Attempts.ShouldBe(1);
        world.Pushes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_shallow_source_is_refused()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        var second = world.Source.Commit("a", "2\n");
        world.Source.Commit("a", "3\n");
        await File.WriteAllTextAsync(Path.Combine(world.Source.Path, "shallow"), second + "\n", TestContext.Current.CancellationToken);

        var report = await world.MirrorAsync();

        report.Error!.Code.ShouldBe(ErrorCode.Protocol);
        report.Error.Message.ShouldContain("shallow");
        world.Destination.ForEachRef().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_source_that_became_shallow_is_refused()
    {
        await using var world = await RelayWorld.StartAsync();
        var first = world.Source.Commit("a", "1\n");
        await world.MirrorWellAsync();
        world.Source.Commit("a", "2\n");
        await File.WriteAllTextAsync(Path.Combine(world.Source.Path, "shallow"), first + "\n", TestContext.Current.CancellationToken);

        var report = await world.MirrorAsync();

        report.Error!.Message.ShouldContain("shallow");
        world.Destination.Resolve("main").ShouldBe(first);
    }

    [Fact]
    public async Task A_shallow_destination_is_refused()
    {
        await using var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        var second = world.Source.Commit("a", "2\n");
        await world.MirrorWellAsync();
        await File.WriteAllTextAsync(Path.Combine(world.Destination.Path, "shallow"), second + "\n", TestContext.Current.CancellationToken);
        world.Source.Commit("a", "3\n");
        world.ClearRequests();

        var report = await world.MirrorAsync();

        report.Error!.Code.ShouldBe(ErrorCode.Protocol);
        report.Error.Message.ShouldContain("shallow");
        world.Pushes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_source_without_filters_is_mirrored_and_small_packs_show_what_moved_forward()
    {
        await using var world = await RelayWorld.StartAsync();
        world.SourceServer.Configuration["uploadpack.allowFilter"] = "false";
        world.Source.Commit("a", "1\n");
        await world.MirrorWellAsync();
        world.Source.Commit("a", "2\n");

        var report = await world.MirrorWellAsync();

        report.Attempts.ShouldBe(1);
        report.Refs.Updated.ShouldBe(1);
        world.Kept().ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_a_source_without_filters_moves_with_much_in_them_count_as_rewrites()
    {
        await using var world = await RelayWorld.StartAsync();
        world.SourceServer.Configuration["uploadpack.allowFilter"] = "false";
        var old = world.Source.Commit("a", "1\n");
        await world.MirrorWellAsync();
        world.Source.Commit("a", Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(1 << 20)));

        var report = await world.MirrorWellAsync();

        report.Attempts.ShouldBe(1);
        report.Refs.Forced.ShouldBe(1);
        world.Kept().Values.ShouldBe([old]);
    }

    [Fact]
    public async Task A_source_that_speaks_version_0_only_is_mirrored()
    {
        await using var world = await RelayWorld.StartAsync();
        world.SourceServer.Configuration["protocol.version"] = "0";
        world.SourceServer.Intercept = (context, next) =>
        {
            // A server that has never heard of version 2.
            context.Request.Headers.Remove("Git-Protocol");
            return next();
        };
        world.Source.Commit("a", "1\n");
        world.Source.TagAnnotated("v1");
        world.Source.UpdateRef("refs/pull/1/head", world.Source.Resolve("main")!);
        (await world.MirrorWellAsync()).Attempts.ShouldBe(1);
        world.Source.Commit("a", "2\n");

        var report = await world.MirrorWellAsync();

        report.Attempts.ShouldBe(1);
        report.Refs.Updated.ShouldBe(1);
    }
}
