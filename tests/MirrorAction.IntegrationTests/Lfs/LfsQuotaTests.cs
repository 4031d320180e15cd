using System.Text.Json.Nodes;
using MirrorAction.IntegrationTests.Pairs;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Lfs;

/// <summary>A quota is its owner's: the first repository that meets its end speaks for the others, which ask no more.</summary>
public sealed class LfsQuotaTests : IAsyncLifetime
{
    private const string Attributes = "*.bin filter=lfs\n";

    private static readonly string[] s_names = ["api", "docs", "website"];

    private PairWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await PairWorld.StartAsync("github", "gitlab");
        foreach (var (i, name) in s_names.Index())
        {
            var contents = new RandomBytes((ulong)i + 1).Take(1000);
            var repository = _world.Source.Add(name);
            _world.Source.Lfs.Add(_world.Source.LfsPathOf(name), contents);
            repository.Commit(".gitattributes", Attributes);
            repository.Commit("a.bin", SandboxLfs.PointerTo(contents));
        }

        _world.Source.Add("plain").Commit("a", "no large files\n");
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(507, "Insufficient storage")]
    [InlineData(403, "You have exceeded your storage limit")]
    [InlineData(413, "quota exceeded")]
    public async Task Full_store_is_asked_once_and_the_cure_is_said_once(int status, string text)
    {
        _world.Destination.Lfs.Refusal = (status, text);

        await FailAsync();

        Batches(_world.Destination).ShouldBe(1);
        Batches(_world.Source).ShouldBe(0);
        s_names.ShouldAllBe(name => _world.Destination[name].Git.ForEachRef().Count == 0);
        _world.Destination.Lfs.Refusal = null;
        await _world.RunWellAsync("mirror");
        _world.ShouldBeEqual(s_names);
    }

    [Theory]
    [InlineData(509, "Bandwidth limit")]
    [InlineData(
        403,
        "This repository is over its data quota. Account responsible for LFS bandwidth should purchase more data packs to restore access."
    )]
    [InlineData(429, "This repository exceeded its LFS budget.")]
    public async Task Source_without_bandwidth_is_asked_once_and_stops_nobody_who_needs_nothing_of_it(int status, string text)
    {
        await _world.RunWellAsync("mirror", "--repositories", "api");
        _world.Source["api"].Git.Commit("b", "its objects are there\n");
        _world.Source.Lfs.Refusal = (status, text);

        await FailAsync("docs", "website");

        Batches(_world.Source).ShouldBe(1);
        _world.ShouldBeEqual("api", "plain");
    }

    [Fact]
    public async Task Limit_of_one_repository_stops_no_other()
    {
        _world.Destination.Lfs.Refusal = (422, "Your push has been rejected, because this repository has exceeded its size limit of 10 GB");

        await FailAsync();

        Batches(_world.Destination).ShouldBe(3);
    }

    /// <summary>Runs one repository at a time: these fail because of LFS, all for the same reason, and the others arrive.</summary>
    private async Task FailAsync(params string[] names)
    {
        var outcome = await _world.RunAsync("mirror", "--concurrency", "1");

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        JsonNode[] failed = [.. _world.Report["repositories"]!.AsArray().Where(r => (string?)r!["status"] == "failed").Select(r => r!)];
        failed.Select(r => (string?)r["source"]).ShouldBe((names.Length > 0 ? names : s_names).Select(name => $"acme/{name}"), ignoreOrder: true);
        failed.ShouldAllBe(r => (string?)r["error"]!["code"] == "lfs");
        failed.Select(r => (string?)r["error"]!["hint"]).Distinct().ShouldHaveSingleItem();
        _world.ShouldBeEqual("plain");
    }

    private static int Batches(SandboxHost host) => host.Requests.Count(r => r.Path.EndsWith("/info/lfs/objects/batch", StringComparison.Ordinal));
}
