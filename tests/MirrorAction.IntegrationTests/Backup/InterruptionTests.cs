using MirrorAction.Mirroring.Backup;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Backup;

/// <summary>What goes wrong while a bundle is written, and what runs leave that were killed.</summary>
public sealed class InterruptionTests
{
    public static TheoryData<FaultEnding, long> Cuts
    {
        get
        {
            var cases = new TheoryData<FaultEnding, long>();
            foreach (var after in new long[] { 0, 5, 100, 1_000, 40_000, 199_000 })
            {
                cases.Add(FaultEnding.Cut, after);
                cases.Add(FaultEnding.Reset, after);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task Source_that_breaks_off_its_pack_leaves_no_file_and_the_chain_whole(FaultEnding ending, long after)
    {
        await using var world = await StartAsync();
        var files = world.Files;
        world.Proxy.Arm(new WireFault(FaultDirection.Down, ending, after, OfBody: true), IsFetch, nth: 2, lasts: true);

        var report = await world.RunAsync();

        var repository = report.Repositories.ShouldHaveSingleItem();
        repository.Status.ShouldBe(RepositoryStatus.Failed);
        repository.Error!.Code.ShouldBe(ErrorCode.Network);
        repository.Attempts.ShouldBe(2);
        world.Files.ShouldBe(files);
        await world.ShouldBeWholeAsync();
        world.Proxy.Disarm();
        (await world.BackUpAsync()).Status.ShouldBe(RepositoryStatus.Mirrored);
        world.ShouldRestoreTheSource();
    }

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    public async Task Passing_trouble_is_waited_out(int status)
    {
        await using var world = await StartAsync();
        world.Proxy.Arm(new AnswerFault(new HttpAnswer(status)), IsFetch, nth: 2);

        var report = await world.BackUpAsync();

        (report.Status, report.Attempts).ShouldBe((RepositoryStatus.Mirrored, 2));
        world.ShouldRestoreTheSource();
        await world.ShouldBeWholeAsync();
    }

    [Fact]
    public async Task Refused_login_is_a_failure_of_the_source()
    {
        await using var world = await StartAsync();
        world.Proxy.Arm(new AnswerFault(new HttpAnswer(401)), IsFetch, lasts: true);

        var error = (await world.RunAsync()).Repositories.ShouldHaveSingleItem().Error!;

        error.Code.ShouldBe(ErrorCode.SourceUnauthorized);
        await world.ShouldBeWholeAsync();
    }

    [Fact]
    public async Task What_killed_runs_left_unfinished_is_removed_and_nothing_else()
    {
        await using var world = await StartAsync();
        string[] leftovers =
        [
            ".incr-20260101T000000Z.bundle.0123456789abcdef0123456789abcdef.tmp",
            ".manifest.json.0123456789abcdef0123456789abcdef.tmp",
        ];
        string[] foreign = [".full-notes.tmp", "notes.tmp", ".manifest.json.tmp"];
        foreach (var file in leftovers.Concat(foreign))
            await File.WriteAllTextAsync(world[file], "unfinished", TestContext.Current.CancellationToken);
        (await world.CheckAsync()).Repositories[0].Warnings.Count(w => w.Contains("is left over", StringComparison.Ordinal)).ShouldBe(2);

        await world.BackUpAsync();

        world.Files.ShouldNotContain(leftovers[0]);
        world.Files.ShouldNotContain(leftovers[1]);
        foreach (var file in foreign)
            world.Files.ShouldContain(file);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Bundle_that_got_its_name_before_the_kill_and_not_its_place_in_the_manifest_is_taken_in(int lost)
    {
        await using var world = await StartAsync();
        await world.BackUpAsync();
        world.Source.Commit("a", "3\n");
        await world.BackUpAsync();
        var whole = world.Manifest;
        await WriteAsync(world, whole with { Chains = [new BackupChain([.. whole.Chains[0].Files.SkipLast(lost)])] });
        world.Source.Commit("a", "4\n");

        var report = await world.BackUpAsync();

        report.Warnings.Count.ShouldBe(lost);
        report.Warnings.ShouldAllBe(w => w.Contains("was taken into it", StringComparison.Ordinal));
        world.Manifest.Files.SkipLast(1).ShouldBe(whole.Files);
        world.ShouldRestoreTheSource();
        await world.ShouldBeWholeAsync();
    }

    [Fact]
    public async Task Full_bundle_of_a_killed_first_run_is_taken_in()
    {
        await using var world = await StartAsync(commits: 0);
        File.Delete(world["manifest.json"]);

        var report = await world.BackUpAsync();

        report.Status.ShouldBe(RepositoryStatus.Unchanged);
        world.Listed.Count.ShouldBe(1);
        await world.ShouldBeWholeAsync();
    }

    [Fact]
    public async Task Bundle_that_is_not_listed_and_not_whole_is_told_and_left_alone()
    {
        await using var world = await StartAsync();
        await world.BackUpAsync();
        var whole = world.Manifest;
        var lost = world.Listed[^1];
        await WriteAsync(world, whole with { Chains = [new BackupChain([.. whole.Chains[0].Files.SkipLast(1)])] });
        using (var file = File.OpenWrite(world[lost]))
            file.SetLength(file.Length - 30);

        var report = await world.BackUpAsync();

        report.Warnings.ShouldHaveSingleItem().ShouldContain($"{lost}: not in manifest.json, and not taken into it");
        world.Files.ShouldContain(lost);
        world.Listed.ShouldNotContain(lost);
        world.ShouldRestoreTheSource();
    }

    [Fact]
    public async Task Damaged_manifest_is_set_aside_and_made_anew_from_the_bundles()
    {
        await using var world = await StartAsync();
        await world.BackUpAsync();
        var files = world.Manifest.Files.ToList();
        await File.WriteAllTextAsync(world["manifest.json"], """{ "schemaVersion": 1, "repos""", TestContext.Current.CancellationToken);

        var report = await world.BackUpAsync();

        report.Status.ShouldBe(RepositoryStatus.Unchanged);
        report.Warnings[0].ShouldContain("manifest.json is damaged: line 1");
        world.Manifest.Files.ShouldBe(files);
        world.Files.ShouldContain(file => file.EndsWith(".damaged", StringComparison.Ordinal));
        world.ShouldRestoreTheSource();
    }

    [Fact]
    public async Task Manifest_of_a_newer_version_is_left_alone()
    {
        await using var world = await StartAsync();
        await File.WriteAllTextAsync(world["manifest.json"], """{ "schemaVersion": 3, "generations": [] }""", TestContext.Current.CancellationToken);
        var files = world.Files;

        var error = (await world.RunAsync()).Repositories.ShouldHaveSingleItem().Error!;

        error.Code.ShouldBe(ErrorCode.DamagedBackup);
        error.Message.ShouldContain("schemaVersion is 3");
        world.Files.ShouldBe(files);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    public async Task Chain_with_a_file_missing_or_cut_is_not_continued(int which, bool isMissing)
    {
        await using var world = await StartAsync();
        world.Options = world.Options with { Keep = 1 };
        await world.BackUpAsync();
        world.Source.Commit("a", "3\n");
        await world.BackUpAsync();
        var before = world.Listed;
        var file = before[which];
        if (isMissing)
            File.Delete(world[file]);
        else
            await File.WriteAllBytesAsync(world[file], File.ReadAllBytes(world[file])[..^1], TestContext.Current.CancellationToken);
        world.Source.Commit("a", "4\n");

        var report = await world.BackUpAsync();

        report.Warnings.ShouldHaveSingleItem().ShouldStartWith($"{file} {(isMissing ? "is missing" : "has ")}");
        report.Created.ShouldBe(isMissing && which == 0);
        world.Manifest.Chains[^1].Files.ShouldHaveSingleItem().Kind.ShouldBe(BundleKind.Full);
        world.Listed.SkipLast(1).ShouldBe(isMissing ? before.Take(which) : before);
        before.Where(name => name != file || !isMissing).ShouldBeSubsetOf(world.Files);
        world.ShouldRestoreTheSource();

        // The new chain growing is no reason to part with what is left of the old one either.
        world.Source.Commit("a", "5\n");
        await world.BackUpAsync();
        before.Where(name => name != file || !isMissing).ShouldBeSubsetOf(world.Files);
    }

    [Fact]
    public async Task Missing_file_of_an_older_chain_is_told_and_no_longer_listed()
    {
        await using var world = await StartAsync();
        await world.BackUpAsync();
        world.Options = world.Options with { FullEvery = 1 };
        world.Source.Commit("a", "3\n");
        await world.BackUpAsync();
        var lost = world.Listed[1];
        File.Delete(world[lost]);
        world.Options = world.Options with { FullEvery = 30 };
        world.Source.Commit("a", "4\n");

        var report = await world.BackUpAsync();

        report.Warnings.ShouldHaveSingleItem().ShouldStartWith($"{lost} is missing");
        world.Manifest.Chains.Select(chain => chain.Files.Count).ShouldBe([1, 2]);
        world.ShouldRestoreTheSource();
        await world.ShouldBeWholeAsync();
    }

    [Fact]
    public async Task File_of_a_dropped_chain_that_could_not_be_deleted_is_deleted_by_the_next_run()
    {
        await using var world = await StartAsync();
        var manifest = world.Manifest;
        await File.WriteAllTextAsync(
            world["full-20200101T000000Z.bundle"],
            "of a chain that is no longer kept",
            TestContext.Current.CancellationToken
        );
        await WriteAsync(world, manifest with { Removed = ["full-20200101T000000Z.bundle"] });

        await world.BackUpAsync();

        world.Files.ShouldNotContain("full-20200101T000000Z.bundle");
        world.Listed.Count.ShouldBe(2);
    }

    /// <summary>A repository that is backed up, and has commits since.</summary>
    private static async Task<BackupWorld> StartAsync(int commits = 1)
    {
        var world = await BackupWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        await world.BackUpAsync();
        if (commits > 0)
            world.Source.FillWithNoise(200_000);
        return world;
    }

    private static bool IsFetch(HttpHead request) => request.Target.EndsWith("/git-upload-pack", StringComparison.Ordinal);

    private static Task WriteAsync(BackupWorld world, BackupManifest manifest) =>
        File.WriteAllBytesAsync(world["manifest.json"], ManifestForm.Write(manifest), TestContext.Current.CancellationToken);
}
