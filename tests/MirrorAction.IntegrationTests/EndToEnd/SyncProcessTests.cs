using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.EndToEnd;

/// <summary>The <c>sync</c> command between two <c>git http-backend</c>s, with no setting but the two URLs.</summary>
public sealed class SyncProcessTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new("sync-");
    private GitHttpBackend _source = null!;
    private GitHttpBackend _destination = null!;

    public async ValueTask InitializeAsync()
    {
        _source = await GitHttpBackend.StartAsync();
        _destination = await GitHttpBackend.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _destination.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Two_urls_are_all_it_needs()
    {
        var source = _source.Create("one");
        source.Commit("a", "1\n");
        source.TagAnnotated("v1");
        var destination = _destination.Create("two");

        var outcome = await SyncAsync([]);

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        destination.BranchesAndTags().ShouldBe(source.BranchesAndTags(), ignoreOrder: true);
        destination.Fsck();
    }

    [Fact]
    public async Task Credentials_come_from_the_environment()
    {
        _source.Create("one").Commit("a", "1\n");
        _source.ReadLogin = new BasicLogin("reader", "read-secret");
        _destination.Create("two");
        _destination.WriteLogin = new BasicLogin("writer", "write-secret");

        var refused = await SyncAsync([]);
        refused.ExitCode.ShouldBe(3, refused.Text);

        var outcome = await SyncAsync(
            new()
            {
                ["MIRROR_SOURCE_USERNAME"] = "reader",
                ["MIRROR_SOURCE_TOKEN"] = "read-secret",
                ["MIRROR_DESTINATION_USERNAME"] = "writer",
                ["MIRROR_DESTINATION_TOKEN"] = "write-secret",
            }
        );
        outcome.ExitCode.ShouldBe(0, outcome.Text);
        outcome.Text.ShouldNotContain("-secret");
    }

    [Fact]
    public async Task Dry_run_shows_and_writes_nothing()
    {
        _source.Create("one").Commit("a", "1\n");
        var destination = _destination.Create("two");

        var outcome = await SyncAsync([], "--dry-run");

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        outcome.Text.ShouldContain("refs/heads/main");
        destination.ForEachRef().ShouldBeEmpty();
        _destination.Requests.ShouldNotContain(r => r.IsPush);
    }

    [Fact]
    public async Task Patterns_and_prune_are_options()
    {
        var source = _source.Create("one");
        source.Commit("a", "1\n");
        source.Tag("v1");
        var destination = _destination.Create("two");
        destination.Commit("theirs", "1\n", branch: "extra");

        var outcome = await SyncAsync([], "--refs", "refs/heads/*", "--prune", "false");

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        destination.ForEachRef().Keys.ShouldBe(["refs/heads/extra", "refs/heads/main"], ignoreOrder: true);
    }

    [Fact]
    public async Task Pack_of_256_MiB_passes_through_a_heap_of_64_MiB_and_writes_no_file()
    {
        var source = _source.Create("one").Configure("core.compression", "0");
        using (var import = source.Import())
        {
            // Several blobs, so that no side needs to hold one of 256 MiB.
            for (var i = 0; i < 8; i++)
            {
                import.CommitRandom("refs/heads/main", $"part-{i}", 32 << 20, (ulong)i);
            }

            import.Complete();
        }

        var destination = _destination.Create("two");
        var outcome = await SyncAsync(new() { ["DOTNET_GCHeapHardLimit"] = "4000000", ["TMPDIR"] = _folder.CreateFolder("tmp") });

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        destination.Resolve("refs/heads/main").ShouldBe(source.Resolve("refs/heads/main"));
        _destination.Requests.Where(r => r.IsPush).Sum(r => r.RequestBytes).ShouldBeGreaterThan(256L << 20);
        Directory
            .EnumerateFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories)
            .Where(File.Exists)
            .ShouldAllBe(f =>
                Path.GetFileName(f).StartsWith("clr-debug-pipe", StringComparison.Ordinal)
                || Path.GetFileName(f).StartsWith("dotnet-diagnostic", StringComparison.Ordinal)
            );
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Signal_ends_a_push_that_is_under_way_and_moves_no_ref(string signal)
    {
        var source = _source.Create("one");
        using (var import = source.Import())
        {
            import.CommitRandom("refs/heads/main", "large", 16 << 20, 1);
            import.Complete();
        }

        var destination = _destination.Create("two");
        var isPushed = new TaskCompletionSource();
        _destination.Intercept = async (context, next) =>
        {
            if (context.Request.Path.Value!.EndsWith("/git-receive-pack", StringComparison.Ordinal) && context.Request.ContentLength is null)
            {
                isPushed.TrySetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return;
            }

            await next();
        };

        using var process = Start([]);
        await isPushed.Task.WaitAsync(TestContext.Current.CancellationToken);
        process.Signal(signal);
        var outcome = await process.WaitAsync();

        outcome.ExitCode.ShouldBe(130, outcome.Text);
        destination.ForEachRef().ShouldBeEmpty();
    }

    private async Task<ActionOutcome> SyncAsync(Dictionary<string, string> environment, params string[] options)
    {
        using var process = Start(environment, options);
        return await process.WaitAsync();
    }

    private ActionProcess Start(Dictionary<string, string> environment, params string[] options) =>
        ActionProcess.Start(["sync", _source.UrlOf("one").AbsoluteUri, _destination.UrlOf("two").AbsoluteUri, .. options], environment, _folder.Path);
}
