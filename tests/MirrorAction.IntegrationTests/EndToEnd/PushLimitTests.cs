using MirrorAction.Git.Transport;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Http;
using MirrorAction.IntegrationTests.Faults;
using MirrorAction.IntegrationTests.Relay;
using MirrorAction.Mirroring.Mirror;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.EndToEnd;

/// <summary>A mirror knows what Bitbucket takes in one push. The limit is lowered here on both sides, from 3.5 GB.</summary>
public sealed class PushLimitTests : IAsyncLifetime
{
    private const int Limit = 1_000_000;
    private const int Size = 3_000_000;

    private ActionWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await ActionWorld.StartAsync();
        _world.Bitbucket.LargestPush = Limit;
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Repository_that_is_known_to_be_too_large_for_one_push_is_sent_in_parts_from_the_start()
    {
        var source = Add(commits: 30);
        source.SizeKiB = Size / 1024;

        var report = await MirrorAsync();

        report.Error.ShouldBeNull();
        report.Verified.ShouldBeTrue();
        RelayWorld.Mirrored(Mirror.Git).ShouldBe(RelayWorld.Mirrored(source.Git), ignoreOrder: true);
        Pushes.ShouldAllBe(push => push.Status == 200 && push.RequestBytes <= Limit);
        Pushes.Sum(push => push.RequestBytes).ShouldBeLessThan(Size * 11 / 10);
        _world.GitHub.GitRequests.Sum(request => request.ResponseBytes).ShouldBeLessThan(Size * 11 / 10);
    }

    [Fact]
    public async Task Pack_that_turns_out_too_large_is_cut_off_at_the_limit_and_sent_in_parts()
    {
        var source = Add(commits: 30);
        source.SizeKiB = 1; // Not yet counted.

        var report = await MirrorAsync();

        report.Verified.ShouldBeTrue();
        RelayWorld.Mirrored(Mirror.Git).ShouldBe(RelayWorld.Mirrored(source.Git), ignoreOrder: true);
        Pushes.ShouldAllBe(push => push.RequestBytes <= Limit + 10_000);
    }

    [Fact]
    public async Task Single_commit_beyond_the_limit_is_named_with_a_cure_that_can_be_followed()
    {
        var source = Add(commits: 2);
        using (var import = source.Git.Import())
        {
            import.Reset("refs/heads/main", source.Git.Resolve("main")!);
            import.CommitRandom("main", "huge", 2 * Limit, seed: 7);
            import.Complete();
        }

        var report = await MirrorAsync();

        report.Error!.Code.ShouldBe(ErrorCode.TooLarge);
        report.Error.Message.ShouldContain("refs/heads/main");
        var hint = report.Error.Hint.ShouldNotBeNull();
        hint.ShouldContain("exclude");
        hint.ShouldNotContain("branches");
    }

    [Fact]
    public void Limit_is_the_one_that_Bitbucket_documents()
    {
        using var rest = RestTransport.CreateClient();

        new BitbucketDestination(rest, new BitbucketOptions { Workspace = "acme-mirror" }, TimeProvider.System, _ => { }).MaxPushBytes.ShouldBe(
            3_500_000_000
        );
    }

    private SandboxBitbucketRepository Mirror => _world.Bitbucket.Find("acme-mirror", "website").ShouldNotBeNull();

    private IReadOnlyList<RecordedRequest> Pushes =>
        [
            .. _world.Bitbucket.GitRequests.Where(request =>
                request.Method == "POST" && request.PathAndQuery.Contains("receive-pack", StringComparison.Ordinal)
            ),
        ];

    private SandboxGitHubRepository Add(int commits)
    {
        var repository = _world.GitHub.AddRepository("acme", "website");
        using var import = repository.Git.Import();
        for (var i = 0; i < commits; i++)
        {
            import.CommitRandom("main", $"file-{i}", 100_000, seed: (ulong)(i + 1));
        }

        import.Complete();
        return repository;
    }

    private async Task<RepositoryReport> MirrorAsync()
    {
        using var rest = RestTransport.CreateClient();
        using var git = new GitHttp(new GitHttpOptions());
        var observer = new RecordingObserver();
        var github = new GitHubSource(
            rest,
            new GitHubOptions
            {
                ApiUrl = _world.GitHub.ApiUrl,
                ServerUrl = _world.GitHub.ServerUrl,
                Token = _world.GitHub.FullToken,
            },
            TimeProvider.System,
            observer.Hear,
            observer.Hear
        );
        var bitbucket = new BitbucketDestination(
            rest,
            new BitbucketOptions
            {
                ApiUrl = _world.Bitbucket.ApiUrl,
                GitUrl = _world.Bitbucket.GitUrl,
                Workspace = "acme-mirror",
                Token = _world.Bitbucket.Token,
                MaxPushBytes = Limit,
            },
            TimeProvider.System,
            observer.Hear
        );
        var options = new MirrorOptions
        {
            Owners = ["acme"],
            Refs = new RefOptions { MaxAttempts = 1 },
        };
        var report = await new OrganizationMirror(new RunContext(github, bitbucket, git, options, observer, TimeProvider.System, "1.0.0")).RunAsync(
            TestContext.Current.CancellationToken
        );
        report.Error.ShouldBeNull();
        return report.Repositories.ShouldHaveSingleItem();
    }
}
