using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using MirrorAction.IntegrationTests.Proof;
using MirrorAction.IntegrationTests.Relay;
using MirrorAction.IntegrationTests.Verify;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Drill;

/// <summary>A drill ends with a second reader, which walks what our own has only indexed.</summary>
public sealed class SecondReadingTests : IAsyncLifetime
{
    private readonly TempFolder _scratch = new("drill-");
    private ReadOnlyWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ReadOnlyWorld.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _scratch.Dispose();
    }

    [Fact]
    public async Task Walked_objects_and_time_are_told()
    {
        var git = _world.Add("website").Git;
        DamagedHistory.Build(git);
        await _world.MirrorAllAsync();
        _world.World.Environment["RUNNER_TEMP"] = _scratch.Path;

        var outcome = await _world.RunAsync("restore", ("drill", "true"));

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        var reading = _world.ReportOf("website")["secondReading"]!;
        var count = git.Git("rev-list", "--objects", "--branches", "--tags").Split('\n').Length;
        ((int)reading["objects"]!).ShouldBe(count);
        ((string)reading["reader"]!).ShouldStartWith("libgit2");
        ((long)reading["durationMs"]!).ShouldBeGreaterThanOrEqualTo(0);
        outcome.Text.ShouldContain($"every one of the {count} objects that the refs reach is there (walked in ");
        _world.World.Summary.ShouldContain($"{count} objects walked by libgit2 in ");
        Directory.GetFileSystemEntries(_scratch.Path).ShouldBeEmpty();
    }

    /// <summary>The mirror sends a pack in which every object is whole and every ref's object is there: our own reader takes it.</summary>
    [Theory]
    [InlineData(Damage.Tree)]
    [InlineData(Damage.File)]
    [InlineData(Damage.Parent)]
    [InlineData(Damage.TagTarget)]
    [InlineData(Damage.Malformed)]
    [InlineData(Damage.WrongKind)]
    public async Task Damage_that_only_the_second_reader_sees_fails_the_drill(Damage damage)
    {
        DamagedHistory.Build(_world.Add("website").Git);
        await _world.MirrorAllAsync();
        var git = _world.Mirror("website").Git;
        var (culprit, isLeftOut) = DamagedHistory.Prepare(git, damage);
        Answer(DamagedHistory.PackWithout(git, isLeftOut ? [culprit] : []));
        List<string> said = [];

        var report = await DrillWorld.DrillAsync(_world.World, "website", _scratch.Path, said.Add);

        said.ShouldContain(text => text.Contains(" restored to ", StringComparison.Ordinal));
        (report.Status, report.Verified, report.SecondReading).ShouldBe((RepositoryStatus.Failed, false, null));
        report.Error!.Message.ShouldStartWith("The two readers disagree. MirrorAction's own: ");
        report.Error.Message.ShouldContain("libgit2 (LibGit2Sharp ");
        report.Error.Message.ShouldContain(culprit);
        report.Error.Hint.ShouldNotBeNull().ShouldContain("'repair: true'");
        report.Error.Hint.ShouldContain("git fsck");
        Directory.GetFileSystemEntries(_scratch.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task Repository_of_sha256_comes_back_with_one_reader_alone_and_that_is_told()
    {
        var source = _world.Add("website").Git;
        Directory.Delete(source.Path, recursive: true);
        GitRepository.Init(source.Path, objectFormat: "sha256").Commit("a", "1\n");
        var mirror = _world.World.Bitbucket.AddRepository("acme-mirror", "website").Git;
        Directory.Delete(mirror.Path, recursive: true);
        RealGit.Run(_scratch.Path, "clone", "--quiet", "--mirror", source.Path, mirror.Path);
        List<string> said = [];

        var report = await DrillWorld.DrillAsync(_world.World, "website", _scratch.Path, said.Add);

        (report.Status, report.Verified, report.Error).ShouldBe((RepositoryStatus.Unchanged, true, null));
        report.SecondReading.ShouldBeNull();
        report.Warnings.ShouldHaveSingleItem().ShouldContain("only MirrorAction's own checks were made");
        said.ShouldContain(text => text.Contains("sha256", StringComparison.Ordinal));
    }

    /// <summary>A server whose git does not look at what it sends.</summary>
    private void Answer(byte[] pack) =>
        _world.World.Bitbucket.Intercept = async (context, next) =>
        {
            context.Request.EnableBuffering();
            using var reader = new StreamReader(context.Request.Body, Encoding.Latin1, leaveOpen: true);
            var isFetch = context.Request.IsUploadPackPost() && (await reader.ReadToEndAsync()).Contains("command=fetch", StringComparison.Ordinal);
            context.Request.Body.Position = 0;
            if (!isFetch)
            {
                await next();
                return;
            }

            context.Response.ContentType = "application/x-git-upload-pack-result";
            await context.Response.Body.WriteAsync("000dpackfile\n"u8.ToArray());
            foreach (var part in pack.Chunk(60_000))
            {
                var head = (part.Length + 5).ToString("x4", CultureInfo.InvariantCulture);
                await context.Response.Body.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), 1, .. part]);
            }

            await context.Response.Body.WriteAsync("0000"u8.ToArray());
        };
}
