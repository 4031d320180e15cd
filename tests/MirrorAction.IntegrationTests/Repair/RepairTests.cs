using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.IntegrationTests.Relay;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Repair;

/// <summary>A mirror that lost objects although its refs are right, against real git: found, mended by <c>repair</c>, and found whole.</summary>
public sealed class RepairTests : IAsyncLifetime
{
    /// <summary>git unpacks fewer than a hundred objects into files of their own, and keeps a larger pack.</summary>
    private const int Many = 120;

    private ActionWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ActionWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(3, "main~1:file-1")]
    [InlineData(3, "main~1")]
    [InlineData(3, "main")]
    [InlineData(3, "v1")]
    [InlineData(Many, "main~1:file-1")]
    [InlineData(Many, "main~50")]
    public async Task Lost_object_is_brought_back(int commits, string lost)
    {
        await MirroredAsync(commits);
        Explode();
        File.Delete(PathOf(Git.Git("rev-parse", lost)));
        await ShouldBeFoundAsync();

        await RepairAsync();

        await ShouldBeWholeAsync();
    }

    [Theory]
    [InlineData(3)]
    [InlineData(Many)]
    public async Task Mirror_that_lost_everything_but_its_refs_gets_everything_back(int commits)
    {
        await MirroredAsync(commits);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Git.Path, "objects"), "*", SearchOption.AllDirectories).ToArray())
        {
            File.Delete(file);
        }

        await RepairAsync();

        await ShouldBeWholeAsync();
    }

    [Theory]
    [InlineData(3)]
    [InlineData(Many)]
    public async Task Object_that_the_host_keeps_damaged_is_told_with_steps_that_work(int commits)
    {
        await MirroredAsync(commits);
        Explode();
        var path = PathOf(Git.Git("rev-parse", "main~1:file-1"));
        File.SetAttributes(path, FileAttributes.Normal);
        await File.WriteAllBytesAsync(path, [0x78, 0x01, 1, 2, 3, 4, 5, 6, 7, 8], TestContext.Current.CancellationToken);
        var before = Git.ForEachRef();
        await ShouldBeFoundAsync();

        var outcome = await RunAsync(("mode", "mirror"), ("repair", "true"));

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        var report = _world.ReportOf("acme/website");
        ((string)report["status"]!).ShouldBe("failed");
        ((bool)report["verified"]!).ShouldBeFalse();
        var hint = ((string)report["error"]!["hint"]!).ShouldNotBeNull();
        hint.ShouldContain("Rename acme-mirror/website");
        hint.ShouldContain("'deep: true'");
        Git.ForEachRef().ShouldBe(before, ignoreOrder: true);

        // The steps of the hint, one after the other.
        var damaged = _world.Bitbucket.Find("acme-mirror", "website")!;
        _world.Bitbucket.Rename(damaged, "website-damaged");
        damaged.Description = "";
        (await RunAsync(("repair", "false"))).ExitCode.ShouldBe(0);
        await ShouldBeWholeAsync();
    }

    [Fact]
    public async Task Repair_moves_refs_too_and_takes_away_what_an_interruption_left()
    {
        await MirroredAsync(3);
        Explode();
        File.Delete(PathOf(Git.Git("rev-parse", "main~1:file-1")));
        Git.UpdateRef("refs/tags/mirror-part", Git.Resolve("main")!);
        Git.UpdateRef("refs/tags/mirror-kept/20991121T020000Z/heads/main", Git.Resolve("v1^{commit}")!);
        Source.Commit("more", "1\n");

        await RepairAsync();

        ((string)_world.ReportOf("acme/website")["status"]!).ShouldBe("mirrored");
        Git.ForEachRef().Keys.ShouldContain("refs/tags/mirror-kept/20991121T020000Z/heads/main");
        await ShouldBeWholeAsync();
    }

    [Fact]
    public async Task Sound_mirror_is_unchanged_and_a_new_one_is_sent_once()
    {
        await MirroredAsync(3);
        _world.GitHub.AddRepository("acme", "new").Git.Commit("a", "1\n");
        _world.GitHub.AddRepository("acme", "empty");

        await RepairAsync();

        ((string)_world.ReportOf("acme/website")["status"]!).ShouldBe("unchanged");
        ((bool)_world.ReportOf("acme/website")["verified"]!).ShouldBeTrue();
        ((string)_world.ReportOf("acme/new")["status"]!).ShouldBe("mirrored");
        ((string)_world.ReportOf("acme/empty")["status"]!).ShouldBe("skipped");
        _world
            .Bitbucket.GitRequests.Count(r => r.Method == "POST" && r.PathAndQuery.Contains("/new.git/git-receive-pack", StringComparison.Ordinal))
            .ShouldBe(1);
    }

    [Fact]
    public async Task Repository_that_is_not_our_mirror_is_not_sent_anything()
    {
        var other = _world.Bitbucket.AddRepository("acme-mirror", "website");
        other.Git.Commit("other", "1\n");
        Add(3);

        var outcome = await RunAsync(("repair", "true"));

        outcome.ExitCode.ShouldBe(1);
        ((string)_world.ReportOf("acme/website")["error"]!["code"]!).ShouldBe("not-a-mirror");
        other.Git.CountObjects().ShouldBe(3);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(Many, 1)]
    [InlineData(3, 30)]
    public async Task Object_that_the_destination_refuses_holds_back_only_the_branches_that_need_it(int commits, int branches)
    {
        await MirroredAsync(
            commits,
            source =>
            {
                FaultyObjects.Add(source, "zeroPaddedFilemode", "faulty");
                for (var i = 1; i < branches; i++)
                {
                    source.Commit("more", $"{i}\n", $"faulty-{i}", from: "faulty");
                }
            }
        );
        var lost = Lose("main~1:file-1");
        Git.Configure("receive.fsckObjects", "true");
        var before = Git.ForEachRef();

        await ShouldFailForAsync("ref-rejected", [.. before.Keys.Where(name => name.Contains("faulty", StringComparison.Ordinal))]);

        ((string)_world.ReportOf("acme/website")["error"]!["hint"]!).ShouldContain("git fsck");
        Git.ForEachRef().ShouldBe(before, ignoreOrder: true);
        ShouldReadAgain(lost);
        Pushes.ShouldBeLessThan(20);
    }

    [Theory]
    [InlineData("broken:b")]
    [InlineData("broken^{tree}")]
    [InlineData("broken")] // Not our ref: believed when repetition brings the same.
    public async Task Branch_that_the_source_cannot_read_is_named_and_the_others_are_repaired(string unreadable)
    {
        await MirroredAsync(3, source => source.Commit("b", "broken\n", "broken", from: "main"));
        var lost = Lose("main~1:file-1");
        FaultyObjects.Lose(Source, Source.Git("rev-parse", unreadable));
        var before = Git.ForEachRef();

        await ShouldFailForAsync("protocol", "refs/heads/broken");

        Git.ForEachRef().ShouldBe(before, ignoreOrder: true);
        ShouldReadAgain(lost);
    }

    [Fact]
    public async Task Branch_that_is_refused_and_one_that_has_moved_are_told_apart()
    {
        await MirroredAsync(3, source => FaultyObjects.Add(source, "zeroPaddedFilemode", "faulty"));
        var lost = Lose("main~1:file-1");
        Git.Configure("receive.fsckObjects", "true");
        Source.Commit("more", "1\n");
        FaultyObjects.Add(Source, "duplicateEntries", "new");

        await ShouldFailForAsync("ref-rejected", "refs/heads/faulty", "refs/heads/new");

        Git.Resolve("main").ShouldBe(Source.Resolve("main"));
        Git.HasRef("refs/heads/new").ShouldBeFalse();
        ShouldReadAgain(lost);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(40)]
    public async Task Server_that_wants_to_know_the_length_of_a_push_gets_it_in_parts_where_it_is_much(int megabytes)
    {
        await MirroredAsync(3, source => Noise(source, megabytes, size: 4 << 20));
        Lose("main~1:file-1");
        _world.Bitbucket.Intercept = Interceptions.On(
            r => r.IsPushPost() && r.ContentLength is null,
            Interceptions.Answer(411, "Length Required", "text/plain")
        );

        await RepairAsync();

        await ShouldBeWholeAsync();
    }

    [Fact]
    public async Task What_is_more_than_the_destination_takes_in_one_push_is_sent_in_parts()
    {
        await MirroredAsync(
            3,
            source =>
            {
                Noise(source, megabytes: 1, size: 100_000);
                source.Commit("b", "1\n", "other", from: "release");
            }
        );
        Lose("main~1:file-1");
        Git.Configure("receive.maxInputSize", "400000");

        await RepairAsync();

        await ShouldBeWholeAsync();
    }

    [Fact]
    public async Task What_cannot_be_divided_is_named_and_the_rest_is_repaired()
    {
        await MirroredAsync(
            3,
            source =>
            {
                using var import = source.Import();
                import.CommitRandom("huge", "noise", 500_000, seed: 7);
                import.Complete();
            }
        );
        var lost = Lose("main~1:file-1");
        Git.Configure("receive.maxInputSize", "400000");

        await ShouldFailForAsync("too-large", "refs/heads/huge");

        ShouldReadAgain(lost);
    }

    [Fact]
    public async Task Only_a_mirror_run_repairs()
    {
        await MirroredAsync(3);

        var outcome = await RunAsync(("mode", "plan"), ("repair", "true"));

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        outcome.Text.ShouldContain("repair (INPUT_REPAIR) has a meaning only with mode mirror");
        _world.Bitbucket.GitRequests.ShouldAllBe(r => r.Method == "GET");
    }

    private GitRepository Source => _world.GitHub.Find("acme", "website")!.Git;

    private GitRepository Git => _world.Bitbucket.Find("acme-mirror", "website").ShouldNotBeNull().Git;

    private int Pushes =>
        _world.Bitbucket.GitRequests.Count(r => r.Method == "POST" && r.PathAndQuery.EndsWith("/git-receive-pack", StringComparison.Ordinal));

    private void Add(int commits)
    {
        var source = _world.GitHub.AddRepository("acme", "website").Git;
        using (var import = source.Import())
        {
            for (var i = 1; i <= commits; i++)
            {
                import.Commit("main", "file-1", $"{i}\n{string.Join('\n', Enumerable.Range(0, 50))}");
            }

            import.Complete();
        }

        source.TagAnnotated("v1", "main~1");
        source.Branch("release", "main~2");
    }

    private async Task MirroredAsync(int commits, Action<GitRepository>? add = null)
    {
        Add(commits);
        add?.Invoke(Source);
        (await RunAsync()).ExitCode.ShouldBe(0);
    }

    /// <summary>Puts every object of the mirror into a file of its own.</summary>
    private void Explode()
    {
        foreach (var pack in Directory.GetFiles(Path.Combine(Git.Path, "objects", "pack"), "*.pack"))
        {
            var bytes = File.ReadAllBytes(pack);
            foreach (var file in Directory.GetFiles(Path.GetDirectoryName(pack)!, Path.GetFileNameWithoutExtension(pack) + ".*"))
            {
                File.Delete(file);
            }

            RealGit.Try(Git.Path, ["unpack-objects", "-q"], bytes).EnsureSuccess();
        }
    }

    /// <summary>Commits of so many megabytes in all that no pack can shrink.</summary>
    private static void Noise(GitRepository source, int megabytes, int size)
    {
        source.Configure("core.bigFileThreshold", "1m").Configure("core.compression", "0");
        using var import = source.Import();
        import.Reset("refs/heads/main", source.Resolve("main")!);
        for (var i = 0; i < (megabytes << 20); i += size)
        {
            import.CommitRandom("main", $"noise-{i}", size, seed: (ulong)i);
        }

        import.Complete();
    }

    /// <summary>Takes an object away from the mirror.</summary>
    private string Lose(string what)
    {
        Explode();
        var id = Git.Git("rev-parse", what);
        File.Delete(PathOf(id));
        return id;
    }

    private string PathOf(string id) => Path.Combine(Git.Path, "objects", id[..2], id[2..]);

    private async Task ShouldBeFoundAsync()
    {
        var outcome = await RunAsync(("mode", "verify"), ("deep", "true"), ("max-attempts", "1"));
        outcome.ExitCode.ShouldBe(1, outcome.Text);
    }

    private async Task RepairAsync()
    {
        var outcome = await RunAsync(("mode", "mirror"), ("repair", "true"));
        outcome.ExitCode.ShouldBe(0, outcome.Text);
    }

    /// <summary>What is held back is named, and nothing else.</summary>
    private async Task ShouldFailForAsync(string code, params string[] refs)
    {
        var outcome = await RunAsync(("mode", "mirror"), ("repair", "true"), ("max-attempts", "2"));

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        var report = _world.ReportOf("acme/website");
        ((string)report["status"]!).ShouldBe("failed");
        ((bool)report["verified"]!).ShouldBeFalse();
        ((string)report["error"]!["code"]!).ShouldBe(code, outcome.Text);
        report["refused"]!.AsArray().Select(r => (string)r!["ref"]!).ShouldBe(refs, ignoreOrder: true);
        Git.HasRef("refs/tags/mirror-part").ShouldBeFalse();
    }

    private void ShouldReadAgain(string lost)
    {
        Git.Git("cat-file", "-e", lost);
        Git.Git("rev-list", "--objects", "--quiet", "main", "release", "v1");
    }

    private async Task ShouldBeWholeAsync()
    {
        Git.Fsck();
        RelayWorld.Mirrored(Git).ShouldBe(RelayWorld.Mirrored(Source), ignoreOrder: true);
        Git.HasRef("refs/tags/mirror-part").ShouldBeFalse();
        var outcome = await RunAsync(("mode", "verify"), ("deep", "true"), ("repair", "false"));
        outcome.ExitCode.ShouldBe(0, outcome.Text);
    }

    private Task<ActionOutcome> RunAsync(params (string Input, string Value)[] inputs)
    {
        foreach (var (input, value) in inputs)
        {
            _world.Inputs[input] = value;
        }

        return _world.RunAsync();
    }
}
