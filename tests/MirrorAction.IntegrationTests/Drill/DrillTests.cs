using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.IntegrationTests.Relay;
using MirrorAction.IntegrationTests.Verify;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Drill;

/// <summary><c>restore</c> with <c>drill</c>: brought back, compared, removed; nothing is written to a host.</summary>
public sealed class DrillTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly TempFolder _scratch = new("drill-");
    private ReadOnlyWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await ReadOnlyWorld.StartAsync();
        _world.World.Environment["RUNNER_TEMP"] = _scratch.Path;
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _scratch.Dispose();
    }

    [Fact]
    public async Task All_mirrors_are_restored_compared_and_removed()
    {
        SampleOrganization.Seed(_world.World.GitHub);
        await _world.MirrorAllAsync();
        Directory.CreateDirectory(_scratch["something-else"]);

        var outcome = await DrillAsync();

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        var report = _world.World.Report;
        ((string)report["mode"]!, (string)report["variant"]!).ShouldBe(("restore", "drill"));
        ((string)report["source"]!["host"]!, (string)report["destination"]!["host"]!).ShouldBe(("github", "bitbucket"));
        ((int)report["totals"]!["unchanged"]!).ShouldBeGreaterThan(8);
        report["repositories"]!
            .AsArray()
            .Where(r => (string)r!["status"]! != "skipped")
            .ShouldAllBe(r => (string)r!["status"]! == "unchanged" && (bool)r["verified"]! && (long)r["durationMs"]! > 0);
        Directory.GetFileSystemEntries(_scratch.Path).ShouldBe([_scratch["something-else"]]);
    }

    [Fact]
    public async Task What_was_restored_is_a_repository_that_stock_git_finds_sound()
    {
        var source = _world.Add("website").Git;
        await _world.MirrorAllAsync();
        string? seen = null;

        var report = await DrillWorld.DrillAsync(
            _world.World,
            "website",
            _scratch.Path,
            text =>
            {
                if (text.Contains(" restored to ", StringComparison.Ordinal))
                {
                    var folder = text.Split(" restored to ")[1].Split(" (")[0];
                    var restored = GitRepository.Open(folder);
                    restored.Fsck();
                    restored.ForEachRef().ShouldBe(source.ForEachRef(), ignoreOrder: true);
                    restored.Head.ShouldBe("main");
                    seen = folder;
                }
            }
        );

        report.Error.ShouldBeNull();
        report.Verified.ShouldBeTrue();
        seen.ShouldNotBeNull();
        Directory.Exists(seen).ShouldBeFalse();
    }

    [Fact]
    public async Task A_mirror_that_is_behind_is_restored_and_told_to_differ()
    {
        _world.Add("website");
        await _world.MirrorAllAsync();
        _world.World.GitHub.Find("acme", "website")!.Git.Commit("new", "1\n");
        _world.Add("brand-new");

        var outcome = await DrillAsync();

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        _world.StatusOf("website").ShouldBe("different");
        _world.ChangesOf("website").ShouldBe(["update refs/heads/main"]);
        _world.WarningsOf("website").Single().ShouldContain("run 'mode: mirror' first");
        ((string)_world.ReportOf("brand-new")["error"]!["code"]!).ShouldBe("destination-not-found");
        ShouldBeGone();
    }

    [Fact]
    public async Task A_mirror_that_lost_an_object_cannot_be_restored()
    {
        _world.Add("website");
        _world.Add("api");
        await _world.MirrorAllAsync();
        var git = _world.Mirror("website").Git;
        var blob = git.Git("rev-parse", "release:README.md");
        File.Delete(Path.Combine(git.Path, "objects", blob[..2], blob[2..]));

        var outcome = await DrillAsync(("max-attempts", "1"));

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        _world.StatusOf("website").ShouldBe("failed");
        ((string)_world.ReportOf("website")["error"]!["message"]!).ShouldContain(_world.World.Bitbucket.GitUrl.Authority);
        ((string)_world.ReportOf("website")["error"]!["hint"]!).ShouldContain("'repair: true'");
        _world.StatusOf("api").ShouldBe("unchanged");
        ShouldBeGone();
    }

    [Fact]
    public async Task A_sample_is_drawn_and_named_and_the_rest_is_told()
    {
        foreach (var i in Enumerable.Range(1, 6))
        {
            _world.Add($"lib-{i}");
        }

        await _world.MirrorAllAsync();

        var outcome = await DrillAsync(("sample", "2"));

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        var names = _world.World.Report["repositories"]!.AsArray().Select(r => (string)r!["source"]!).ToArray();
        names.Length.ShouldBe(2);
        outcome.Text.ShouldContain($"Picked at random: {names[0]}, {names[1]}");
        _world.World.Report["warnings"]!
            .AsArray()
            .Select(w => (string)w!)
            .ShouldContain("The drill was for 2 of 6 repositories, picked at random; the others were not tried.");
    }

    [Fact]
    public async Task A_signal_ends_the_drill_and_leaves_nothing()
    {
        _world.Add("website");
        await _world.MirrorAllAsync();
        var reached = new TaskCompletionSource();
        _world.World.Bitbucket.Intercept = async (context, next) =>
        {
            if (context.Request.IsUploadPackPost() && context.Request.ContentLength > 250)
            {
                // The first bytes of a pack, and then nothing.
                context.Response.ContentType = "application/x-git-upload-pack-result";
                await context.Response.Body.WriteAsync("000dpackfile\n0011\u0001PACK\0\0\0\u0002\0\0\0\u0007"u8.ToArray(), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                reached.TrySetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return;
            }

            await next();
        };
        _world.World.Inputs["mode"] = "restore";
        _world.World.Inputs["drill"] = "true";

        using var process = _world.World.Start();
        await reached.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        process.Signal("TERM");
        var outcome = await process.WaitAsync().WaitAsync(s_patience, TestContext.Current.CancellationToken);

        outcome.ExitCode.ShouldBe(130, outcome.Text);
        ((string)_world.ReportOf("website")["error"]!["code"]!).ShouldBe("cancelled");
        ShouldBeGone();
    }

    [Fact]
    public async Task What_a_killed_drill_left_is_removed_after_a_day_and_nothing_else()
    {
        _world.Add("website");
        await _world.MirrorAllAsync();
        var old = _scratch.CreateFolder("mirror-drill-" + new string('a', 32));
        var fresh = _scratch.CreateFolder("mirror-drill-" + new string('b', 32));
        var other = _scratch.CreateFolder("mirror-drill-of-mine");
        Directory.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-2));
        Directory.SetLastWriteTimeUtc(other, DateTime.UtcNow.AddDays(-2));

        var outcome = await DrillAsync();

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        Directory.GetDirectories(_scratch.Path).ShouldBe([fresh, other], ignoreOrder: true);
    }

    [Fact]
    public async Task A_scratch_that_cannot_be_made_ends_the_run_and_names_it()
    {
        _world.Add("website");
        await _world.MirrorAllAsync();
        _world.World.Environment["RUNNER_TEMP"] = _scratch["missing"];

        var outcome = await DrillAsync();

        outcome.ExitCode.ShouldBe(3, outcome.Text);
        ((string)_world.World.Report["error"]!["message"]!).ShouldContain(_scratch["missing"]);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_told_with_its_path()
    {
        _world.Add("website");
        await _world.MirrorAllAsync();

        var report = await DrillWorld.DrillAsync(_world.World, "website", _scratch.Path, _ => { }, folder => File.WriteAllText(folder, "in the way"));

        report.Error!.Message.ShouldContain("website.git could not be written after 0 bytes of its pack had arrived");
        report.Error.Hint!.ShouldContain("RUNNER_TEMP");
    }

    private Task<ActionOutcome> DrillAsync(params (string Input, string Value)[] inputs) =>
        _world.RunAsync("restore", [("drill", "true"), .. inputs]);

    private void ShouldBeGone() => Directory.GetFileSystemEntries(_scratch.Path).ShouldBeEmpty();
}
